import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filled, fullBucket, settled, taken } from './bucket.ts'

const rate = fc.record({
  max: fc.integer({ min: 1, max: 100_000 }),
  periodMs: fc.constantFrom(1000, 60_000, 86_400_000),
})
const moves = fc.array(
  fc.record({ waitMs: fc.integer({ min: -5000, max: 100_000 }), amount: fc.nat({ max: 5000 }) }),
  { maxLength: 60 },
)

test('in any window no more is taken than the limit and what fills in meanwhile', () => {
  fc.assert(
    fc.property(rate, moves, (limit, steps) => {
      let nowMs = 1_000_000
      let latestMs = nowMs
      let bucket = fullBucket(limit, nowMs)
      const got: { readonly atMs: number; readonly amount: number }[] = []
      for (const { waitMs, amount } of steps) {
        // The clock may go back.
        nowMs += waitMs
        latestMs = Math.max(latestMs, nowMs)
        const result = taken(filled(bucket, limit, nowMs), limit, amount)
        bucket = result.bucket
        if (result.waitMs === 0) got.push({ atMs: latestMs, amount })
      }
      for (let from = 0; from < got.length; from++) {
        let sum = 0
        for (const { atMs, amount } of got.slice(from)) {
          sum += amount
          const windowMs = atMs - (got[from]?.atMs ?? 0)
          const allowed = limit.max + (limit.max * windowMs) / limit.periodMs
          expect(sum).toBeLessThanOrEqual(allowed * (1 + 1e-9) + 1e-6)
        }
      }
    }),
  )
})

test('who waits as long as told is served, and not a moment earlier than needed', () => {
  fc.assert(
    fc.property(rate, fc.float({ min: 0, max: 1, noNaN: true }), (limit, share) => {
      const empty = { level: 0, atMs: 0 }
      const amount = Math.max(1, Math.floor(limit.max * share))
      const { waitMs } = taken(empty, limit, amount)
      expect(waitMs).toBeGreaterThan(0)
      expect(taken(filled(empty, limit, waitMs), limit, amount).waitMs).toBeLessThanOrEqual(1)
      expect(taken(filled(empty, limit, waitMs + 1), limit, amount).waitMs).toBe(0)
      if (waitMs > 2)
        expect(taken(filled(empty, limit, waitMs - 2), limit, amount).waitMs).toBeGreaterThan(0)
    }),
  )
})

describe('settling', () => {
  test('what is given back is what was taken, and never makes more than the limit', () => {
    fc.assert(
      fc.property(rate, fc.nat(200_000), fc.nat(200_000), (limit, amount, more) => {
        const bucket = fullBucket(limit, 0)
        const got = taken(bucket, limit, amount)
        const back = settled(got.bucket, limit, got.waitMs === 0 ? -amount : 0)
        expect(back.level).toBe(bucket.level)
        expect(settled(back, limit, -more).level).toBe(limit.max)
      }),
    )
  })

  test('what was used beyond the estimate is owed, and paid by waiting', () => {
    const limit = { max: 60, periodMs: 60_000 }
    const owing = settled(taken(fullBucket(limit, 0), limit, 10).bucket, limit, 80)
    expect(owing.level).toBe(-30)
    expect(taken(filled(owing, limit, 30_000), limit, 1).waitMs).toBe(1000)
    expect(taken(filled(owing, limit, 31_000), limit, 1).waitMs).toBe(0)
  })
})

test('a clock that goes back fills nothing, and the same time is not filled twice', () => {
  fc.assert(
    fc.property(rate, fc.array(fc.nat(100_000)), (limit, times) => {
      let bucket = { level: 0, atMs: 50_000 }
      for (const nowMs of times) bucket = filled(bucket, limit, nowMs)
      const latest = Math.max(50_000, ...times)
      expect(bucket.level).toBeLessThanOrEqual(
        Math.min(limit.max, (limit.max * (latest - 50_000)) / limit.periodMs) * (1 + 1e-9) + 1e-6,
      )
    }),
  )
})

test('a limit that was lowered holds at once', () => {
  const before = fullBucket({ max: 100, periodMs: 1000 }, 0)
  expect(filled(before, { max: 10, periodMs: 1000 }, 0).level).toBe(10)
})
