import { log10BinomialTail } from '../core/statistics.ts'
import type { Group } from './group.ts'
import type { Population } from './population.ts'

/**
 * The weight of one observation about a group: how much likelier a member is to show it than another
 * account (log10 of the lift), but no more than chance allows the group as a whole. Of the tail
 * probability half the exponent counts, because members of an honest group are no independent draws
 * (a firm buys its seats together): the square root of a p-value is an e-value up to a constant
 * (Vovk & Wang 2021, "E-values: calibration, combination and applications", §2: p ↦ ½·p^(-½)).
 */
export function weightOf(observation: Observation, cap: number, tries = 1): number {
  const beyondChance = -chanceOf(observation, tries) / 2 + Math.log10(0.5)
  const lift = Math.log10(observation.share / observation.expected)
  return Math.max(0, Math.min(cap, beyondChance, lift))
}

/** log10 of the chance of an observation among as many other accounts, when that many were looked at. */
export function chanceOf(observation: Observation, tries = 1): number {
  const corrected = observation.log10Probability + Math.log10(tries)
  return Math.max(log10ChanceMin, Math.min(0, corrected))
}

/** No chance is taken to be smaller than the smallest number there is. */
const log10ChanceMin = -300

/** The share of a group that shows something, the share of other accounts that do, and the chance of it. */
export type Observation = {
  readonly share: number
  readonly expected: number
  readonly log10Probability: number
}

/** The share of accounts outside the group that use a trait; one more is supposed than was seen. */
export function commonOutside(trait: number, group: Group, population: Population): number {
  const inside = group.likeness.traits.get(trait) ?? 0
  const users = Math.max(0, (population.trait(trait)?.users ?? 0) - inside)
  return (users + 1) / (population.size() - group.members.size + 2)
}

/** How many members pass a test, and how likely that many would among as many other accounts. */
export type Head = Observation & {
  readonly count: number
  readonly of: number
  readonly expected: number
  readonly log10Probability: number
}

/** The least share of accounts taken to pass any test; what was not seen in 50 is not impossible. */
const baseMin = 0.02

/**
 * Counts members that pass a test, against the share of all accounts outside the group that do.
 * `name` identifies the test: its count over everybody is kept for a while. `inside` may be
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
  let inReference = 0
  let passingInReference = 0
  for (const account of group.members) {
    if (inside(account)) count += 1
    if (!population.isReference(account)) continue
    inReference += 1
    if (passes(account)) passingInReference += 1
  }
  const of = group.members.size
  const others = population.referenceSize() - inReference
  const everywhere =
    (population.shares(name, (account) => (passes(account) ? 1 : 0))[1] ?? 0) *
    population.referenceSize()
  const expected = Math.max(
    baseMin,
    (Math.max(0, everywhere - passingInReference) + 1) / (others + 2),
  )
  return {
    count,
    of,
    share: count / of,
    expected,
    log10Probability: log10BinomialTail(count, of, expected),
  }
}

/** `3 of 4 accounts` in the words every sentence uses. */
export function ofAccounts(count: number, of: number): string {
  if (count !== of) return `${count} of ${of} accounts`
  return of === 2 ? 'both accounts' : `all ${of} accounts`
}

/** The share of other accounts as a sentence may state it: what was set to a floor is no measurement. */
export function othersShare(expected: number, floor: number = baseMin): string {
  return expected <= floor ? `at most ${percent(floor)}` : percent(expected)
}

/** A share as people say it: 43 %, 0.8 %. */
export function percent(share: number): string {
  const value = share * 100
  return `${value >= 9.5 ? Math.round(value) : value.toPrecision(1)} %`
}
