import { array, assert, constantFrom, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { mean } from '../core/statistics.ts'
import { seeded } from '../core/random.ts'
import type { Verdict } from '../record/report.ts'
import {
  type Claim,
  discoveryMin,
  expectedFalse,
  falseDiscoveryShareMax,
  hear,
} from './false-discovery.ts'

const q = falseDiscoveryShareMax
/** What each of k needs, as the paper has it. */
const needed = (of: number, k: number): number => of / (k * q)
/** Exponents of e-values that are never exactly on an edge. */
const exponents = integer({ min: 0, max: 60 }).map((at) => at / 10 + 0.0137)
const sorted = (evidence: readonly number[]): Float64Array => Float64Array.from(evidence).sort()

test('rejected are the k strongest, for the largest k of which the weakest comes to K / (k q)', () => {
  assert(
    property(
      array(exponents, { maxLength: 30 }),
      integer({ min: 30, max: 900 }),
      (evidence, of) => {
        const strongest = [...evidence].sort((a, b) => b - a)
        const ks = strongest.map((_, at) => at + 1)
        const most = Math.max(
          0,
          ...ks.filter((k) => 10 ** (strongest[k - 1] ?? 0) >= needed(of, k)),
        )
        const least = discoveryMin(sorted(evidence), of)
        expect(evidence.filter((each) => each >= least)).toHaveLength(most)
      },
    ),
  )
})

test('more evidence, fewer hypotheses or more found before never save anybody', () => {
  const worlds = record({
    evidence: array(exponents, { minLength: 1, maxLength: 20 }),
    of: integer({ min: 20, max: 900 }),
    already: integer({ min: 0, max: 9 }),
  })
  assert(
    property(
      worlds,
      integer({ min: 0, max: 19 }),
      exponents,
      ({ evidence, of, already }, at, more) => {
        const least = discoveryMin(sorted(evidence), of, already)
        const raised = evidence.map((each, i) => (i === at % evidence.length ? each + more : each))
        expect(discoveryMin(sorted(evidence), of - 1, already)).toBeLessThanOrEqual(least)
        expect(discoveryMin(sorted(evidence), of, already + 1)).toBeLessThanOrEqual(least)
        const [before, after] = [evidence, raised].map((all) => {
          const from = discoveryMin(sorted(all), of, already)
          return all.map((each) => each >= from)
        })
        for (const [i, was] of (before ?? []).entries()) if (was) expect(after?.[i]).toBe(true)
      },
    ),
  )
})

const looks = 11
const runs = 1500

/**
 * The share of honest ones among all flagged over many logs, where flagged stays flagged. An honest one bets on
 * a coin at each look and doubles or loses all, so that its e-process keeps an expectation of 1 to the last.
 */
function falseShare(seed: string, honest: number, guilty: number): number {
  const random = seeded(seed)
  const one = (): number => {
    let evidence = Array.from({ length: honest }, () => 0)
    const flagged = new Set<number>()
    for (let look = 0; look < looks; look++) {
      evidence = evidence.map((each) => (random.next() < 0.5 ? each + Math.log10(2) : -Infinity))
      const all = [...evidence, ...Array.from({ length: guilty }, () => 3.5)]
      const open = all.map((value, at) => ({ value, at })).filter(({ at }) => !flagged.has(at))
      const values = sorted(open.map(({ value }) => value))
      const least = discoveryMin(values, honest + guilty, flagged.size)
      for (const { value, at } of open) if (value >= least) flagged.add(at)
    }
    return [...flagged].filter((at) => at < honest).length / Math.max(1, flagged.size)
  }
  return mean(Array.from({ length: runs }, one))
}

test.each([
  [50, 0],
  [40, 10],
])(
  'of %i honest and %i others no more than the share is flagged falsely, and not much less',
  (honest, guilty) => {
    const share = falseShare(`false ${honest}`, honest, guilty)
    // Three standard errors: with nobody else about, a log is all false or all right.
    expect(share).toBeLessThanOrEqual(q + 3 * Math.sqrt((q * (1 - q)) / runs))
    expect(share).toBeGreaterThan(q / 2)
  },
)

const someClaims = array(record({ evidence: exponents, group: constantFrom(null, 0, 1, 2, 3) }), {
  maxLength: 7,
}).map((all) => all.map((each, account): Claim => ({ account, ...each })))
const hearings = record({
  accounts: integer({ min: 7, max: 500 }),
  groups: integer({ min: 4, max: 300 }),
  accountsReported: integer({ min: 0, max: 5 }),
  groupsReported: constantFrom(new Set<number>(), new Set([3]), new Set([3, 9])),
})

test('of all sets that satisfy both tests the largest is reported, and each of the others is told what it lacks', () => {
  assert(
    property(someClaims, hearings, (claims, hearing) => {
      const satisfies = (set: readonly Claim[]): boolean => {
        const groups = new Set(set.map(({ group }) => group))
        groups.delete(null)
        for (const known of hearing.groupsReported) groups.delete(known)
        const accountsK = hearing.accountsReported + set.length
        const groupsK = hearing.groupsReported.size + groups.size
        const strong = (at: number | null): boolean =>
          set.some(
            ({ group, evidence }) =>
              group === at && 10 ** evidence >= needed(hearing.groups, groupsK),
          )
        return (
          set.every(({ evidence }) => 10 ** evidence >= needed(hearing.accounts, accountsK)) &&
          [...groups].every(strong)
        )
      }
      const subsets = Array.from({ length: 2 ** claims.length }, (_, bits) =>
        claims.filter((_claim, at) => (bits >> at) % 2 === 1),
      )
      const largest = subsets
        .filter(satisfies)
        .reduce((best, each) => (each.length > best.length ? each : best), [])
      const { reported, lacking } = hear(claims, hearing)
      expect(reported).toEqual(largest)
      expect(lacking.size).toBe(claims.length - reported.length)
      for (const { shown, needed: wanted } of lacking.values()) expect(shown).toBeLessThan(wanted)
    }),
  )
})

test('of a few flagged among many, a share of the flagged should be honest, and of many a share of all', () => {
  const log = (flagged: number): readonly { readonly verdict: Verdict }[] =>
    Array.from({ length: 10_000 }, (_, at) => ({ verdict: at < flagged ? 'flagged' : 'watch' }))
  expect([0, 10, 500].map((flagged) => expectedFalse(log(flagged), 1e-4))).toEqual([0, 0.5, 1])
})
