import {
  Arbitrary,
  array,
  assert,
  constant,
  constantFrom,
  double,
  integer,
  option,
  property,
  record,
  subarray,
} from 'fast-check'
import { expect, test } from 'vitest'
import { families } from '../record/report.ts'
import { emptyPopulation } from './population.ts'
import { standingOf, type VouchTerms } from './standing.ts'
import type { Judgement, WeighedReason } from './verdict.ts'

const hash = 4711
const population = emptyPopulation(3600)
population.beginStep(5)
population.foldActivity(hash, { exchanges: 50, createdDay: 0, org: 12, hours: 1 })

const reason = (weight: number, at: number): WeighedReason => ({
  detector: `d${at}`,
  family: families[at % families.length] ?? 'content',
  text: `reason ${at}`,
  value: 1,
  weight,
  holds: () => true,
})

/** A judge that adds weights up. */
function judge(reasons: readonly WeighedReason[]): Judgement {
  const score = reasons.reduce((sum, each) => sum + each.weight, 0)
  const outcome = score >= 4 ? 'flagged' : score >= 1.5 ? 'watch' : 'clear'
  return { outcome, score, margin: score - 4, kind: 'single-account', reasons }
}

const anyVouch: Arbitrary<VouchTerms> = record({
  accounts: constantFrom(new Set([hash]), new Set([1])),
  orgs: constantFrom(new Set([12]), new Set<number>()),
  from: integer({ min: -3, max: 8 }),
  to: integer({ min: 0, max: 9 }),
  families: option(
    subarray([...families]).map((each) => new Set(each)),
    { nil: null },
  ),
  detectors: option(
    subarray(['d0', 'd1', 'd2']).map((each) => new Set(each)),
    { nil: null },
  ),
  exchangesMax: constantFrom(10, 100, Number.POSITIVE_INFINITY),
  words: constant('R vouches for it.'),
})

const gravity = { clear: 0, watch: 1, flagged: 2 } as const

test('whatever is vouched, a verdict gets no graver, never clear of a flag, and keeps every reason', () => {
  assert(
    property(
      array(anyVouch, { maxLength: 4 }),
      array(double({ min: -2, max: 3, noNaN: true }), { maxLength: 6 }),
      (vouches, weights) => {
        const reasons = weights.map(reason)
        const plain = judge(reasons)
        const settled = standingOf(vouches, new Map()).settle(0, population, plain, (counts) =>
          judge(reasons.filter(counts)),
        )
        expect(gravity[settled.outcome]).toBeLessThanOrEqual(gravity[plain.outcome])
        if (plain.outcome === 'flagged') expect(settled.outcome).not.toBe('clear')
        else expect(settled).toEqual(plain)
        expect(settled.reasons.slice(0, reasons.length)).toEqual(reasons)
        const notes = settled.reasons.slice(reasons.length)
        expect(notes.every(({ weight }) => weight === 0)).toBe(true)
        if (settled.outcome !== plain.outcome) expect(notes.length).toBeGreaterThan(0)
      },
    ),
  )
})

test('an account that nobody named is judged as if nobody had said anything', () => {
  const stranger: VouchTerms = {
    accounts: new Set([99]),
    orgs: new Set([98]),
    from: 0,
    to: 100,
    families: null,
    detectors: null,
    exchangesMax: Number.POSITIVE_INFINITY,
    words: '',
  }
  const flagged = judge([reason(5, 0)])
  const settled = standingOf([stranger], new Map()).settle(0, population, flagged, () => judge([]))
  expect(settled).toBe(flagged)
})
