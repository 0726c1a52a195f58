import { expect, test } from 'vitest'
import { slowness } from './slow.ts'

const limits = { delay_ms_first: 100, delay_ms_max: 1000, relax_seconds: 60, concurrency_max: 2 }

test('each request doubles the delay of the next, up to its bound, and rest halves it', () => {
  const slow = slowness()
  const delay = (atMs: number): number | undefined => {
    const place = slow.enter('a', limits, atMs)
    place?.leave()
    return place?.delayMs
  }
  expect([0, 1, 2, 3, 4, 5].map(delay)).toEqual([100, 200, 400, 800, 1000, 1000])
  expect(delay(5 + 3 * 60_000)).toBe(800)
  expect(delay(3_600_000)).toBe(100)
})

test('no more requests at a time than allowed, and a place is given back once', () => {
  const slow = slowness()
  const [first, second] = [slow.enter('a', limits, 0), slow.enter('a', limits, 0)]
  expect(slow.enter('a', limits, 0)).toBeNull()
  expect(slow.enter('b', limits, 0)).not.toBeNull()
  first?.leave()
  first?.leave()
  expect(slow.enter('a', limits, 0)).not.toBeNull()
  expect(slow.enter('a', limits, 0)).toBeNull()
  second?.leave()
})
