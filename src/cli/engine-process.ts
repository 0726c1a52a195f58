import { setPriority } from 'node:os'
import { StillwatchError } from '../core/error.ts'
import type { EngineLimits } from '../engine/engine.ts'
import type { EngineNews } from '../record/index.ts'
import { openWatch, type Watch, type WatchSettings } from '../watch/watch.ts'
import { type Clock, clockOf } from './clock.ts'
import { withStore } from './store.ts'

// The process beside `serve` that detects. It is told everything at start, as one JSON argument; a message `stop`, or
// the end of the process that serves, ends it once it has read and judged what lies in the spool.

/** What the process is started with. */
export type EngineGiven = {
  readonly data: string
  readonly spool: string
  readonly limits: EngineLimits
  readonly settings: WatchSettings
  /** Milliseconds between two looks into the spool. */
  readonly everyMs: number
  readonly clock: Clock
}

/** Requests come first where there are fewer cores than work. */
const niceness = 5

const given = JSON.parse(process.argv[2] ?? '') as EngineGiven
const now = clockOf(given.clock)

/** Set by `stop` while it waits. */
let wake = (): void => undefined
let stopping = false
const stop = (): void => {
  stopping = true
  wake()
}
process.on('message', stop)
process.on('disconnect', stop)
setPriority(niceness)
try {
  await withStore({ data: given.data, limits: given.limits }, async (store) => {
    const watch = openWatch(store, given.spool, given.settings, tell)
    // What comes while the last turn runs is for the next start.
    for (let [last, files] = [false, 0]; !last || files > 0;) {
      last = stopping
      files = await turn(watch)
      if (!stopping) await pause(given.everyMs)
    }
  })
} catch (cause) {
  tellFailure(cause)
  process.exitCode = 1
}
if (process.connected) process.disconnect()

/** How many files were read; none where that failed. */
async function turn(watch: Watch): Promise<number> {
  try {
    return await watch.turn(now())
  } catch (cause) {
    tellFailure(cause)
    return 0
  }
}

function tell(news: EngineNews): void {
  if (process.connected) process.send?.(news)
}

function tellFailure(cause: unknown): void {
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = cause instanceof StillwatchError ? cause.code : 'unknown'
  tell({ is: 'failed', code, message })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((settle) => {
    const timer = setTimeout(settle, milliseconds)
    wake = () => {
      clearTimeout(timer)
      settle()
    }
  })
}
