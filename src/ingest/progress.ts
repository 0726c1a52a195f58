import { readFileSync } from 'node:fs'

/** Where an ingest stands; given at most four times a second. */
export type IngestProgress = {
  readonly phase: 'looking' | 'reading' | 'tidying'
  readonly file: string
  readonly filesDone: number
  readonly filesTotal: number
  readonly bytesDone: number
  readonly bytesTotal: number
  /** Committed by this run so far. */
  readonly exchanges: number
}

export type Reporter = {
  /** Changes what is known; told at the next tick. */
  readonly update: (change: Partial<IngestProgress>) => void
  /** Says that `bytes` more are being read from here on; counts them as the process reads. */
  readonly reading: (bytes: number) => void
  readonly stop: () => void
}

const tickMs = 250

/** Tells `listen` where things stand, four times a second, while anything changes. */
export function startReporter(listen: (now: IngestProgress) => void): Reporter {
  let now: IngestProgress = {
    phase: 'looking',
    file: '',
    filesDone: 0,
    filesTotal: 0,
    bytesDone: 0,
    bytesTotal: 0,
    exchanges: 0,
  }
  let current = { bytes: 0, from: 0 }
  let told = ''
  const tell = (): void => {
    // The engine answers no second query while it reads, but Linux counts what the process has read.
    const read = Math.min(current.bytes, Math.max(0, bytesRead() - current.from))
    const state = { ...now, bytesDone: now.bytesDone + read }
    const text = JSON.stringify(state)
    if (text !== told) listen(state)
    told = text
  }
  const timer = setInterval(tell, tickMs)
  timer.unref()
  return {
    update: (change) => {
      now = { ...now, ...change }
      if ('bytesDone' in change) current = { bytes: 0, from: 0 }
    },
    reading: (bytes) => {
      current = { bytes, from: bytesRead() }
    },
    stop: () => {
      clearInterval(timer)
      tell()
    },
  }
}

/** `rchar` of /proc/self/io (proc(5)); 0 where there is none, so that progress goes file by file. */
function bytesRead(): number {
  try {
    return Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
