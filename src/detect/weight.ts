import { log10BinomialTail } from '../core/statistics.ts'
import type { Group } from './group.ts'
import type { Population } from './population.ts'

/**
 * Turns a tail probability into a weight. Half of its exponent counts: members of an honest group are
 * not independent draws (a firm buys its seats together), and the square root of the probability is a
 * calibrated e-value up to a constant (Vovk & Wang 2021, "E-values: calibration, combination and
 * applications", §2: p ↦ ½·p^(-½)).
 */
export function weightOf(log10Probability: number, cap: number, tries = 1): number {
  const corrected = Math.min(0, log10Probability + Math.log10(tries))
  return Math.max(0, Math.min(cap, -corrected / 2 + Math.log10(0.5)))
}

/** How many members pass a test, and how likely that many would among as many other accounts. */
export type Head = {
  readonly count: number
  readonly of: number
  readonly expected: number
  readonly log10Probability: number
}

/** The least share of accounts taken to pass any test; what was not seen in 50 is not impossible. */
const baseMin = 0.02

/**
 * Counts members that pass a test, against the share of all accounts outside the group that do.
 * `name` identifies the test: its count over everybody is taken once per step. `inside` may be
 * stricter than `passes`, never more lenient.
 */
export function heads(
  name: string,
  group: Group,
  population: Population,
  passes: (account: number) => boolean,
  inside: (account: number) => boolean = passes,
): Head {
  let count = 0
  let passing = 0
  for (const account of group.members) {
    if (inside(account)) count += 1
    if (passes(account)) passing += 1
  }
  const of = group.members.size
  const everywhere =
    (population.shares(name, (account) => (passes(account) ? 1 : 0))[1] ?? 0) * population.size()
  const others = population.size() - of
  const expected = Math.max(baseMin, (everywhere - passing + 1) / (others + 2))
  return { count, of, expected, log10Probability: log10BinomialTail(count, of, expected) }
}

/** `3 of 4 accounts` in the words every sentence uses. */
export function ofAccounts(count: number, of: number): string {
  return count === of ? `all ${of} accounts` : `${count} of ${of} accounts`
}

/** A share as people say it: 43 %, 0.8 %. */
export function percent(share: number): string {
  const value = share * 100
  return `${value >= 10 ? Math.round(value) : value.toPrecision(1)} %`
}
