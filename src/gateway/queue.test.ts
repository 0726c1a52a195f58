import { expect, test } from 'vitest'
import type { SeenExchange } from '../record/index.ts'
import { recordQueue, type RecordQueue, type Sink } from './queue.ts'

function record(id: number): SeenExchange {
  return { id: String(id), time: '2026-03-02T08:15:30Z', account: 'a', request: null, status: 200 }
}

function queue(
  sink: Sink,
  recordsMax = 100,
): { readonly queue: RecordQueue; readonly lost: () => number } {
  let lost = 0
  const made = recordQueue({
    sink,
    limits: () => ({ recordsMax, bytesMax: 1000 }),
    onLoss: (_, records) => (lost += records),
    onKept: () => undefined,
    onFailure: () => undefined,
  })
  return { queue: made, lost: () => lost }
}

test('every record reaches the sink once and in order, or is counted as lost', async () => {
  const kept: string[] = []
  const { queue: records, lost } = queue(async (batch) => {
    kept.push(...batch.map(({ id }) => id))
  }, 10)
  for (let id = 0; id < 25; id++) records.offer(record(id), 1)
  await records.close(1000)
  records.offer(record(99), 1)
  expect(kept).toEqual(Array.from({ length: 10 }, (_, id) => String(id)))
  expect(lost()).toBe(16)
})

test('bytes count too', async () => {
  const { queue: records, lost } = queue(() => Promise.resolve())
  records.offer(record(1), 600)
  records.offer(record(2), 600)
  expect(records.state()).toMatchObject({ records: 1, bytes: 600 })
  await records.close(1000)
  expect(lost()).toBe(1)
})

test('a batch that failed is tried again, and nothing of it is lost', async () => {
  const batches: string[][] = []
  const { queue: records, lost } = queue(async (batch) => {
    batches.push(batch.map(({ id }) => id))
    if (batches.length === 1) throw new Error('disk full')
  })
  records.offer(record(1), 1)
  await new Promise((done) => setTimeout(done, 300))
  expect(records.state()).toMatchObject({ records: 1, healthy: false })
  await records.close(1000)
  expect(batches).toEqual([['1'], ['1']])
  expect(lost()).toBe(0)
})

test('a sink that never ends holds nothing up, and what it had is counted', async () => {
  const { queue: records, lost } = queue(() => new Promise(() => undefined))
  records.offer(record(1), 1)
  records.offer(record(2), 1)
  await records.close(50)
  expect(lost()).toBe(2)
})
