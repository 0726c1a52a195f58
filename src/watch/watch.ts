import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startClock } from '../audit/audit.ts'
import { resolveStatements, type Statements } from '../audit/known.ts'
import { readAccountNames } from '../audit/names.ts'
import { readReviews } from '../audit/reviews.ts'
import { readVouches } from '../audit/vouches.ts'
import { StillwatchError } from '../core/error.ts'
import { calibrated, detectors, reviewDetectors } from '../detect/index.ts'
import type { Store } from '../engine/store.ts'
import { ingest } from '../ingest/ingest.ts'
import { type Change, type LiveWalk, openLive, type Snapshot } from '../live/index.ts'
import type { EngineNews, StandingChange, WatchProgress } from '../record/index.ts'

export type WatchSettings = {
  readonly stepSeconds: number
  /** A step is closed when its end is so long past. */
  readonly closeDelaySeconds: number
  readonly falseShareMax: number
  /** Files of vouches and of reviewed cases; read when the watch opens. */
  readonly vouches: readonly string[]
  readonly reviews: readonly string[]
}

/** Detection beside a gateway: reads what lies in its spool, judges, and tells who stands how. */
export type Watch = {
  /** Reads and judges what has come, and tells what became known; gives how many files it read. */
  readonly turn: (now: Date) => Promise<number>
}

/** Files read in one go; the rest wait for the next turn. */
const filesPerTurnMax = 256

/**
 * Opens detection over a store and the spool that a gateway fills. A file of the spool is removed once the store has
 * it: if the process dies in between, it is read again, and exchanges that came twice count once (ingest).
 * Throws `vouch-file` and `review-file`.
 */
export function openWatch(
  store: Store,
  spool: string,
  settings: WatchSettings,
  tell: (news: EngineNews) => void,
): Watch {
  const said: Statements = {
    vouches: readVouches(settings.vouches),
    reviews: readReviews(settings.reviews),
  }
  let live: LiveWalk | null = null
  let progress: WatchProgress = {
    until: null,
    exchanges: 0,
    late: 0,
    rejected: 0,
    watched: 0,
    flagged: 0,
  }
  return {
    turn: async (now) => {
      const files = waiting(spool)
      const rejected = files.length === 0 ? 0 : await take(store, files, now)
      for (const file of files) rmSync(file, { force: true })
      if (live === null) {
        live = await begin(store, said, settings, now)
        tell({ is: 'opened', standings: await named(store, standingsOf(live)) })
      }
      const { late, changes } = (await live?.advance(now.getTime() / 1000)) ?? nothingNew
      progress = {
        until: now.getTime() / 1000 - settings.closeDelaySeconds,
        exchanges: live?.population().exchanges() ?? 0,
        late: progress.late + late,
        rejected: progress.rejected + rejected,
        ...counted(live?.snapshot() ?? new Map()),
      }
      tell({ is: 'advanced', changes: await named(store, changes), progress })
      return files.length
    },
  }
}

const nothingNew = { late: 0, changes: [] }

function standingsOf(live: LiveWalk | null): readonly Change[] {
  return [...(live?.snapshot() ?? [])].map(([account, now]) => ({ account, now }))
}

/** Files that a gateway has finished, the oldest first, for their names begin with when they were. */
function waiting(spool: string): readonly string[] {
  return readdirSync(spool)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .slice(0, filesPerTurnMax)
    .map((name) => join(spool, name))
}

/** How many lines could not be read. */
async function take(store: Store, files: readonly string[], now: Date): Promise<number> {
  const options = { now, sinceLast: true, format: 'native', maxRejectedShare: 1 }
  try {
    const before = await rejectedLines(store)
    await ingest(store.engine, store.directory, files, options)
    return (await rejectedLines(store)) - before
  } catch (cause) {
    // A run that was cut off before its first whole line leaves nothing to read.
    if (cause instanceof StillwatchError && cause.code === 'source-is-empty') return 0
    throw cause
  }
}

async function rejectedLines({ engine }: Store): Promise<number> {
  const [row] = await engine.rows<{ lines: number }>(
    "SELECT sumIf(rows, problem != '') AS lines FROM tally",
  )
  return row?.lines ?? 0
}

/** A walk over what the store has; null while that is nothing, for then there is no first step. */
async function begin(
  store: Store,
  said: Statements,
  settings: WatchSettings,
  now: Date,
): Promise<LiveWalk | null> {
  const [row] = await store.engine.rows<{ exchanges: number }>(
    'SELECT count() AS exchanges FROM exchange',
  )
  if (!row || row.exchanges === 0) return null
  const clock = await startClock(store, settings.stepSeconds)
  const known = await resolveStatements(store, said, clock)
  const { falseShareMax, closeDelaySeconds } = settings
  const heard = calibrated(detectors, reviewDetectors(said.reviews))
  return await openLive(
    store.engine,
    clock,
    { falseShareMax, closeDelaySeconds, standing: known.standing, detectors: heard },
    now.getTime() / 1000,
  )
}

/** Accounts by the names they have in requests; the store has those sealed. */
async function named(store: Store, changes: readonly Change[]): Promise<readonly StandingChange[]> {
  if (changes.length === 0) return []
  const names = await readAccountNames(
    store,
    changes.map(({ account }) => account),
  )
  return changes.flatMap(({ account, now }) => {
    const name = names.get(account)
    return name === undefined ? [] : [{ account: name, now }]
  })
}

function counted(snapshot: Snapshot): Pick<WatchProgress, 'watched' | 'flagged'> {
  const flagged = [...snapshot.values()].filter(({ verdict }) => verdict === 'flagged').length
  return { watched: snapshot.size - flagged, flagged }
}
