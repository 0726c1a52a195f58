import type { SeenExchange } from '../record/index.ts'

/** Takes a batch of records; rejects when it could not, and is then given the same batch again. */
export type Sink = (batch: readonly SeenExchange[]) => Promise<void>

/** Why a record was not kept. */
export type Loss = 'queue-full' | 'closed' | 'crash'

/** Room in the queue for one record, held while it is made. Filled or given up, once; then of no more effect. */
export type Room = {
  /** A record larger than the room was has to find the rest, and is lost where there is none. */
  readonly fill: (record: SeenExchange, bytes: number) => void
  readonly lose: () => void
  /** Gives it up without a loss: there is nothing to record. */
  readonly give: () => void
}

export type QueueLimits = { readonly recordsMax: number; readonly bytesMax: number }

export type QueueState = {
  /** Those that wait and those that room is held for. */
  readonly records: number
  readonly bytes: number
  /** Records were taken at the last try, and there is room for more. */
  readonly healthy: boolean
}

export type RecordQueue = {
  /** Null where there is no room: the caller then spares itself the making of the record, or the request. */
  readonly reserve: (bytes: number) => Room | null
  /** Counts a record for which there was no room. */
  readonly lose: () => void
  readonly state: () => QueueState
  /** Waits for records that are being made and hands on what is left, as far as `millisecondsMax` allows. */
  readonly close: (millisecondsMax: number) => Promise<void>
}

type Waiting = { readonly record: SeenExchange; readonly bytes: number }

/** Records that live briefly are dropped young, which costs half of what it takes to collect old ones. */
const flushEveryMs = 25
const retryAfterMs = 1000
const batchRecordsMax = 1000

type QueueParts = {
  readonly sink: Sink
  readonly limits: () => QueueLimits
  readonly onLoss: (reason: Loss, records: number) => void
  readonly onKept: (records: number) => void
  readonly onFailure: (cause: unknown) => void
}

/**
 * Holds records between the requests and whoever takes them, up to its limits: a slow or dead sink costs
 * records, which are counted, and never a request its speed. A batch that failed stays and is tried
 * again; a sink may therefore see a record twice, by the same id.
 */
export function recordQueue(made: QueueParts): RecordQueue {
  const waiting: Waiting[] = []
  /** Of those that wait and of the rooms that are held. */
  let bytes = 0
  let held = 0
  let allMade: (() => void) | null = null
  let closed = false
  const carrier = carry(made, waiting, (batch) => {
    bytes -= batch.reduce((sum, each) => sum + each.bytes, 0)
    made.onKept(batch.length)
  })
  const hasRoom = (more: number): boolean => {
    const { recordsMax, bytesMax } = made.limits()
    return !closed && waiting.length + held < recordsMax && bytes + more <= bytesMax
  }
  const lose = (): void => made.onLoss(closed ? 'closed' : 'queue-full', 1)
  const leave = (size: number, record: Left, actual: number): void => {
    held -= 1
    // Closing has let go of everything that was held.
    if (!closed) bytes -= size
    if (held === 0) allMade?.()
    if (record === 'nothing') return
    if (record === 'lost' || closed || (actual > size && !hasRoom(actual))) return lose()
    waiting.push({ record, bytes: actual })
    bytes += actual
    carrier.soon()
  }
  const rest = async (): Promise<void> => {
    if (held > 0) await new Promise<void>((done) => (allMade = done))
    await carrier.now()
  }
  return {
    reserve: (size) => {
      if (!hasRoom(size)) return null
      held += 1
      bytes += size
      return roomOf((record, actual) => leave(size, record, actual))
    },
    lose,
    state: () => ({
      records: waiting.length + held,
      bytes,
      healthy: !carrier.failing() && hasRoom(0),
    }),
    close: async (millisecondsMax) => {
      const { promise: late, cancel } = pause(millisecondsMax)
      await Promise.race([late, rest()])
      cancel()
      closed = true
      carrier.stop()
      if (waiting.length > 0) made.onLoss('closed', waiting.length)
      waiting.length = 0
      bytes = 0
    },
  }
}

type Carrier = {
  readonly soon: () => void
  /** After what is under way, once more. */
  readonly now: () => Promise<void>
  readonly failing: () => boolean
  readonly stop: () => void
}

/** Hands what waits to the sink in batches, and takes each from the front when it was taken. */
function carry(
  made: Pick<QueueParts, 'sink' | 'onFailure'>,
  waiting: Waiting[],
  taken: (batch: readonly Waiting[]) => void,
): Carrier {
  let timer: NodeJS.Timeout | null = null
  let flushing: Promise<void> | null = null
  let failing = false
  let stopped = false

  const schedule = (afterMs: number): void => {
    if (timer !== null || stopped) return
    timer = setTimeout(() => {
      timer = null
      void flush()
    }, afterMs)
    timer.unref()
  }
  /** One batch; the records stay in the queue, and count against its limits, until they are taken. */
  const takeBatch = async (): Promise<void> => {
    const batch = waiting.slice(0, batchRecordsMax)
    await made.sink(batch.map(({ record }) => record))
    // Too late: they have been counted as lost.
    if (stopped) return
    waiting.splice(0, batch.length)
    taken(batch)
  }
  const flush = (): Promise<void> => {
    flushing ??= (async () => {
      try {
        // Only what waits now: what comes meanwhile is for the next flush, or small batches would run on.
        for (let left = waiting.length; left > 0; left -= batchRecordsMax) await takeBatch()
        failing = false
      } catch (cause) {
        if (!failing) made.onFailure(cause)
        failing = true
      } finally {
        flushing = null
        if (waiting.length > 0) schedule(failing ? retryAfterMs : flushEveryMs)
      }
    })()
    return flushing
  }
  return {
    soon: () => schedule(flushEveryMs),
    now: async () => {
      await flushing
      await flush()
    },
    failing: () => failing,
    stop: () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** With what a room is left. */
type Left = SeenExchange | 'lost' | 'nothing'

/** A room that is left once. */
function roomOf(left: (record: Left, bytes: number) => void): Room {
  let open = true
  const leave = (record: Left, bytes: number): void => {
    if (open) left(record, bytes)
    open = false
  }
  return { fill: leave, lose: () => leave('lost', 0), give: () => leave('nothing', 0) }
}

function pause(ms: number): { readonly promise: Promise<void>; readonly cancel: () => void } {
  let cancel = (): void => undefined
  const promise = new Promise<void>((done) => {
    const timer = setTimeout(done, ms)
    cancel = () => {
      clearTimeout(timer)
      done()
    }
  })
  return { promise, cancel }
}
