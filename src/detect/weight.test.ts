import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { log10BinomialTail } from '../core/statistics.ts'
import { village } from '../../test/support/golden/village.ts'
import type { Group } from './group.ts'
import { likeness } from './likeness.ts'
import { heads, ofAccounts, othersShare, percent, weightOf } from './weight.ts'

const counts = fc
  .record({
    of: fc.integer({ min: 1, max: 500 }),
    expected: fc.double({ min: 0.005, max: 0.99, noNaN: true }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ of, expected, part }) => ({ of, expected, count: Math.round(part * of) }))

function observed({ count, of, expected }: { count: number; of: number; expected: number }) {
  const log10Probability = log10BinomialTail(count, of, expected)
  return { share: count / of, expected, log10Probability }
}

test('a weight is never below 0 nor above its cap, its lift, or half of what chance leaves', () => {
  fc.assert(
    fc.property(counts, fc.double({ min: 0.1, max: 3, noNaN: true }), (seen, cap) => {
      const found = observed(seen)
      const weight = weightOf(found, cap)
      expect(weight).toBeGreaterThanOrEqual(0)
      expect(weight).toBeLessThanOrEqual(cap)
      expect(weight).toBeLessThanOrEqual(Math.max(0, Math.log10(found.share / found.expected)))
      expect(weight).toBeLessThanOrEqual(Math.max(0, -found.log10Probability / 2 - Math.log10(2)))
    }),
  )
})

test('more members that show it, or fewer others, never weigh less; more tries never weigh more', () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 200 }), (seen, tries) => {
      const weight = weightOf(observed(seen), 3)
      const more = { ...seen, count: Math.min(seen.of, seen.count + 1) }
      const rarer = { ...seen, expected: seen.expected / 2 }
      expect(weightOf(observed(more), 3)).toBeGreaterThanOrEqual(weight - 1e-9)
      expect(weightOf(observed(rarer), 3)).toBeGreaterThanOrEqual(weight - 1e-9)
      expect(weightOf(observed(seen), 3, tries)).toBeLessThanOrEqual(weight)
    }),
  )
})

test('what chance alone shows in independent accounts reaches a weight of w at most once in 10^w', () => {
  for (const expected of [0.02, 0.1, 0.3])
    for (const of of [3, 8, 30, 200])
      for (const limit of [0.5, 1, 1.5]) {
        const reaching = Array.from({ length: of + 1 }, (_, count) => count).find(
          (count) => weightOf(observed({ count, of, expected }), 3) >= limit,
        )
        const chance = reaching === undefined ? 0 : 10 ** log10BinomialTail(reaching, of, expected)
        expect(chance).toBeLessThanOrEqual(10 ** -limit)
      }
})

test('heads counts members against all others, and never takes anything to be impossible', () => {
  const { population, later } = village(52)
  later()
  const passes = (account: number): boolean => account < 3
  const found = heads('early', groupOf([0, 1]), population, passes)
  expect([found.count, found.of]).toEqual([2, 2])
  // One of the 50 others passes: (1 + 1) / (50 + 2).
  expect(found.expected).toBeCloseTo(2 / 52, 9)
  expect(heads('none', groupOf([0, 1]), population, () => false).expected).toBe(0.02)
})

test('a sentence does not state a floor as a measurement', () => {
  expect(othersShare(0.02)).toBe('at most 2 %')
  expect(othersShare(0.005, 0.005)).toBe('at most 0.5 %')
  expect(othersShare(0.113)).toBe('11 %')
})

test('counts and shares read as people say them', () => {
  expect([ofAccounts(3, 4), ofAccounts(4, 4), ofAccounts(2, 2)]).toEqual([
    '3 of 4 accounts',
    'all 4 accounts',
    'both accounts',
  ])
  expect([0.43, 0.008, 0.095, 0.0949].map(percent)).toEqual(['43 %', '0.8 %', '10 %', '9 %'])
})

function groupOf(accounts: readonly number[]): Group {
  return { id: 1, members: new Set(accounts), likeness: likeness() }
}
