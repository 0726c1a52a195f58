import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Review } from '../record/review.ts'
import { reviewDetectors } from './calibration.ts'

const cases = (verdict: Review['verdict'], count: number): readonly Review[] =>
  Array.from({ length: count }, (_, at) => ({
    case: `${verdict} ${at}`,
    accounts: ['a', 'b'],
    verdict,
    by: 'r',
    when: '2026-01-01',
    why: 'w',
    detectors: ['bulk', 'bulk'],
  }))

function factorOf(upheld: number, overturned: number): number {
  const [found] = reviewDetectors([...cases('upheld', upheld), ...cases('overturned', overturned)])
  return found?.factor ?? 1
}

test('few cases, and a quarter overturned, change nothing', () => {
  expect(factorOf(0, 0)).toBe(1)
  expect(factorOf(0, 1)).toBeCloseTo(1)
  expect(factorOf(30, 10)).toBe(1)
})

test('a detector that is overturned more often than not counts less', () => {
  expect(factorOf(4, 6)).toBeCloseTo(0.667, 2)
  expect(factorOf(0, 8)).toBeCloseTo(1 / 3, 2)
  expect(factorOf(0, 40)).toBeLessThan(0.1)
})

test('a factor is above 0, at most 1, and never rises with one more overturned', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(60), (upheld, overturned) => {
      const factor = factorOf(upheld, overturned)
      expect(factor).toBeGreaterThan(0)
      expect(factor).toBeLessThanOrEqual(1)
      expect(factorOf(upheld, overturned + 1)).toBeLessThanOrEqual(factor)
    }),
  )
})

test('a case counts once, however many accounts it has and however often it names a detector', () => {
  expect(reviewDetectors(cases('upheld', 3))).toMatchObject([{ upheld: 3, overturned: 0 }])
})
