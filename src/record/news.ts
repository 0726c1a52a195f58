import type { Standing } from './standing.ts'

/** An account whose standing is another than before; `now` is null where it is clear again. */
export type StandingChange = { readonly account: string; readonly now: Standing | null }

/** Where detection stands. */
export type WatchProgress = {
  /** Unix seconds up to which exchanges have been judged; null before the first. */
  readonly until: number | null
  /** Exchanges folded in, those of before the process began included. */
  readonly exchanges: number
  /** Since the process began: exchanges that came after their step was closed, and lines that were no records. */
  readonly late: number
  readonly rejected: number
  readonly watched: number
  readonly flagged: number
}

/** What the process that detects tells the process that serves. */
export type EngineNews =
  | { readonly is: 'opened'; readonly standings: readonly StandingChange[] }
  | {
      readonly is: 'advanced'
      readonly changes: readonly StandingChange[]
      readonly progress: WatchProgress
    }
  | { readonly is: 'failed'; readonly code: string; readonly message: string }
