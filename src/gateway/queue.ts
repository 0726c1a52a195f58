import type { SeenExchange } from '../record/index.ts'

/** Takes a batch of records; rejects when it could not, and is then given the same batch again. */
export type Sink = (batch: readonly SeenExchange[]) => Promise<void>

/** Why a record was not kept. */
export type Loss = 'queue-full' | 'closed' | 'crash'

export type QueueLimits = { readonly recordsMax: number; readonly bytesMax: number }

export type QueueState = {
  readonly records: number
  readonly bytes: number
  /** Records were taken at the last try, and there is room for more. */
  readonly healthy: boolean
}

export type RecordQueue = {
  /** False where there is no room: the caller may then spare itself the making of the record. */
  readonly hasRoom: (bytes: number) => boolean
  readonly offer: (record: SeenExchange, bytes: number) => void
  /** Counts a record that was not even made. */
  readonly lose: () => void
  readonly state: () => QueueState
  /** Hands on what is left, as far as the sink takes it in `millisecondsMax`. */
  readonly close: (millisecondsMax: number) => Promise<void>
}

type Waiting = { readonly record: SeenExchange; readonly bytes: number }

const flushEveryMs = 200
const retryAfterMs = 1000
const batchRecordsMax = 1000

/**
 * Holds records between the requests and whoever takes them, up to its limits: a slow or dead sink costs
 * records, which are counted, and never a request its speed. A batch that failed stays and is tried
 * again; a sink may therefore see a record twice, by the same id.
 */
export function recordQueue(made: {
  readonly sink: Sink
  readonly limits: () => QueueLimits
  readonly onLoss: (reason: Loss, records: number) => void
  readonly onKept: (records: number) => void
  readonly onFailure: (cause: unknown) => void
}): RecordQueue {
  const waiting: Waiting[] = []
  let bytes = 0
  let timer: NodeJS.Timeout | null = null
  let flushing: Promise<void> | null = null
  let failing = false
  let closed = false

  const hasRoom = (more: number): boolean => {
    const { recordsMax, bytesMax } = made.limits()
    return !closed && waiting.length < recordsMax && bytes + more <= bytesMax
  }
  const schedule = (afterMs: number): void => {
    if (timer !== null || closed) return
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
    if (closed) return
    waiting.splice(0, batch.length)
    bytes -= batch.reduce((sum, each) => sum + each.bytes, 0)
    made.onKept(batch.length)
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
    hasRoom,
    offer: (record, size) => {
      if (!hasRoom(size)) return made.onLoss(closed ? 'closed' : 'queue-full', 1)
      waiting.push({ record, bytes: size })
      bytes += size
      schedule(flushEveryMs)
    },
    lose: () => made.onLoss('queue-full', 1),
    state: () => ({ records: waiting.length, bytes, healthy: !failing && hasRoom(0) }),
    close: async (millisecondsMax) => {
      const { promise: late, cancel } = pause(millisecondsMax)
      await Promise.race([late, (async () => (await flushing, flush()))()])
      cancel()
      closed = true
      if (timer !== null) clearTimeout(timer)
      if (waiting.length > 0) made.onLoss('closed', waiting.length)
      waiting.length = 0
      bytes = 0
    },
  }
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
