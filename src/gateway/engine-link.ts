import type { ChildProcess } from 'node:child_process'
import type { EngineNews, Standing, WatchProgress } from '../record/index.ts'
import type { Log } from './log.ts'

/** The process that detects, as the one that serves sees it. */
export type EngineLink = {
  /** Starts the process, and again whenever it dies. */
  readonly launch: () => void
  /** How an account stood at the last step; null for one that is clear. */
  readonly standing: (account: string) => Standing | null
  /** Everybody who is not clear. */
  readonly standings: () => ReadonlyMap<string, Standing>
  readonly state: () => EngineState
  /** Lets it read and judge what lies in the spool, and end. */
  readonly close: () => Promise<void>
}

export type EngineState = {
  /** Whether it runs and has opened its store. */
  readonly up: boolean
  readonly restarts: number
  /** Null until its first step. */
  readonly progress: WatchProgress | null
}

export type EngineOptions = {
  /** Starts the process. It gets `stop` as a message when it is to end, and tells `EngineNews`. */
  readonly start: () => ChildProcess
  readonly log: Log
  /** How long it may take to judge the rest when the gateway ends. */
  readonly closeMillisecondsMax: number
}

const restartAfterMs = 1000
const restartAfterMsMax = 30_000

/**
 * Looks after the process that detects: starts it again when it dies, after pauses that grow. Standings stay as they were last told
 * while it is gone. News is swapped in whole: a request sees the standings before a step or after it, never between.
 */
export function linkEngine({ start, log, closeMillisecondsMax }: EngineOptions): EngineLink {
  let standings: ReadonlyMap<string, Standing> = new Map()
  let progress: WatchProgress | null = null
  let up = false
  let restarts = 0
  let pauseMs = restartAfterMs
  let closing = false
  let timer: NodeJS.Timeout | undefined
  let child: ChildProcess | null = null

  const hear = (news: EngineNews): void => {
    switch (news.is) {
      case 'opened':
        standings = changed(new Map(), news.standings)
        up = true
        return log('info', 'Detection has caught up with the records it had.', {
          standings: standings.size,
        })
      case 'advanced':
        if (news.changes.length > 0) standings = changed(standings, news.changes)
        progress = news.progress
        pauseMs = restartAfterMs
        return
      case 'failed':
        return log('error', `Detection failed and is tried again: ${news.message}`, {
          code: news.code,
        })
    }
  }
  const launch = (): void => {
    const launched = start()
    child = launched
    log('info', 'Detection starts in a process of its own.', { pid: launched.pid ?? 0 })
    launched.on('message', (news) => hear(news as EngineNews))
    launched.on('error', () => undefined)
    launched.on('exit', (code, signal) => {
      up = false
      if (closing || child !== launched) return
      log('error', 'The process that detects has ended; it is started again. Requests pass on.', {
        code: code ?? -1,
        signal: signal ?? '',
        pause_ms: pauseMs,
      })
      restarts += 1
      timer = setTimeout(launch, pauseMs)
      pauseMs = Math.min(restartAfterMsMax, pauseMs * 2)
    })
  }
  return {
    launch,
    standing: (account) => standings.get(account) ?? null,
    standings: () => standings,
    state: () => ({ up, restarts, progress }),
    close: async () => {
      closing = true
      clearTimeout(timer)
      if (child === null || child.exitCode !== null || child.signalCode !== null) return
      const last = child
      const ended = new Promise<void>((settle) => last.once('exit', () => settle()))
      last.send('stop', () => undefined)
      const late = setTimeout(() => last.kill('SIGKILL'), closeMillisecondsMax)
      await ended
      clearTimeout(late)
    },
  }
}

function changed(
  before: ReadonlyMap<string, Standing>,
  changes: readonly { readonly account: string; readonly now: Standing | null }[],
): ReadonlyMap<string, Standing> {
  const after = new Map(before)
  for (const { account, now } of changes)
    if (now === null) after.delete(account)
    else after.set(account, now)
  return after
}
