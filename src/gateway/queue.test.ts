import { expect, test } from 'vitest'
import type { SeenExchange } from '../record/index.ts'
import { recordQueue, type RecordQueue, type Sink } from './queue.ts'

function record(id: number): SeenExchange {
  return { id: String(id), time: '2026-03-02T08:15:30Z', account: 'a', request: null, status: 200 }
}

function queue(
  sink: Sink,
  recordsMax = 100,
): {
  readonly queue: RecordQueue
  readonly offer: (record: SeenExchange, bytes: number) => void
  readonly lost: () => number
} {
  let lost = 0
  const made = recordQueue({
    sink,
    limits: () => ({ recordsMax, bytesMax: 1000 }),
    onLoss: (_, records) => (lost += records),
    onKept: () => undefined,
    onFailure: () => undefined,
  })
  const offer = (one: SeenExchange, bytes: number): void => {
    const room = made.reserve(bytes)
    if (room === null) made.lose()
    else room.fill(one, bytes)
  }
  return { queue: made, offer, lost: () => lost }
}

test('every record reaches the sink once and in order, or is counted as lost', async () => {
  const kept: string[] = []
  const {
    queue: records,
    offer,
    lost,
  } = queue(async (batch) => {
    kept.push(...batch.map(({ id }) => id))
  }, 10)
  for (let id = 0; id < 25; id++) offer(record(id), 1)
  await records.close(1000)
  offer(record(99), 1)
  expect(kept).toEqual(Array.from({ length: 10 }, (_, id) => String(id)))
  expect(lost()).toBe(16)
})

test('bytes count too', async () => {
  const { queue: records, offer, lost } = queue(() => Promise.resolve())
  offer(record(1), 600)
  offer(record(2), 600)
  expect(records.state()).toMatchObject({ records: 1, bytes: 600 })
  await records.close(1000)
  expect(lost()).toBe(1)
})

test('a batch that failed is tried again, and nothing of it is lost', async () => {
  const batches: string[][] = []
  const {
    queue: records,
    offer,
    lost,
  } = queue(async (batch) => {
    batches.push(batch.map(({ id }) => id))
    if (batches.length === 1) throw new Error('disk full')
  })
  offer(record(1), 1)
  await new Promise((done) => setTimeout(done, 300))
  expect(records.state()).toMatchObject({ records: 1, healthy: false })
  await records.close(1000)
  expect(batches).toEqual([['1'], ['1']])
  expect(lost()).toBe(0)
})

test('a sink that never ends holds nothing up, and what it had is counted', async () => {
  const { queue: records, offer, lost } = queue(() => new Promise(() => undefined))
  offer(record(1), 1)
  offer(record(2), 1)
  await records.close(50)
  expect(lost()).toBe(2)
})

test('room that is held is room for nobody else, and the record it is held for is never lost', () => {
  const { queue: records, offer, lost } = queue(() => Promise.resolve(), 2)
  const room = records.reserve(900)
  expect(records.state()).toMatchObject({ records: 1, bytes: 900, healthy: true })
  offer(record(1), 200)
  offer(record(2), 100)
  expect([lost(), records.state().healthy]).toEqual([1, false])
  room?.fill(record(3), 700)
  expect(records.state()).toMatchObject({ records: 2, bytes: 800 })
  expect(lost()).toBe(1)
})

test('a record that turns out larger than its room has to find the rest', () => {
  const { queue: records, lost } = queue(() => Promise.resolve())
  records.reserve(10)?.fill(record(1), 900)
  records.reserve(10)?.fill(record(2), 900)
  expect(records.state()).toMatchObject({ records: 1, bytes: 900 })
  expect(lost()).toBe(1)
})

test('a room is left once, whatever is done with it afterwards', () => {
  const { queue: records, lost } = queue(() => Promise.resolve())
  const room = records.reserve(10)
  room?.lose()
  room?.lose()
  room?.fill(record(1), 10)
  expect(records.state()).toMatchObject({ records: 0, bytes: 0 })
  expect(lost()).toBe(1)
})

test('closing waits for records that are being made, as long as it may', async () => {
  const kept: string[] = []
  const { queue: records, lost } = queue(async (batch) => {
    kept.push(...batch.map(({ id }) => id))
  })
  const [room, forgotten] = [records.reserve(10), records.reserve(10)]
  setTimeout(() => room?.fill(record(1), 10), 50)
  setTimeout(() => forgotten?.lose(), 60)
  await records.close(5000)
  expect([kept, lost()]).toEqual([['1'], 1])
  const late = queue(() => Promise.resolve())
  const never = late.queue.reserve(10)
  await late.queue.close(20)
  never?.fill(record(2), 10)
  expect(late.lost()).toBe(1)
})
