import { assert } from '../core/assert.ts'
import type { TraitKind } from './detector.ts'
import type { Population } from './population.ts'

/** What an account is compared by: its rare habits and a few habits everybody has. */
export type Profile = {
  readonly traits: readonly number[]
  readonly kinds: readonly TraitKind[]
  /** log10 of exchanges per day on which it was active. */
  readonly rate: number
  /** Which of a few bins it falls into, per question of `bins`. */
  readonly bins: readonly number[]
}

/** Counts over a group's members, and how well an account fits them. */
export type Likeness = {
  readonly add: (account: number, profile: Profile) => void
  /** Takes an account out and returns the profile it was counted with. */
  readonly remove: (account: number) => Profile
  /** log10 of how much likelier the profile is in this group than in an account picked at random. */
  readonly odds: (profile: Profile, population: Population) => number
  /** How many members have each trait. */
  readonly traits: ReadonlyMap<number, number>
}

/** A trait that more than this share of accounts use says nothing about who runs them. */
const commonnessMax = 0.2

/**
 * How far each kind is trusted as an independent observation. A message yields up to nine phrases
 * that come and go together; hosts repeat what networks say.
 */
const trust: Readonly<Record<TraitKind, number>> = {
  phrase: 0.35,
  message: 0,
  system: 1,
  tools: 0.5,
  profile: 0.5,
  host: 0.5,
  network: 0.5,
}
/** The most one kind of trait may add to or take from the odds, as a power of ten. */
const perKindMax = 5
/** The pseudo-count of the population's habits in a group's: one account's worth. */
const priorAccounts = 1
/** Spread of log10 rates within a group before any are seen, and how many members that belief is worth. */
const rateSpreadPrior = 0.25
const rateSpreadPriorAccounts = 4
const rateOddsMax = 1.5

/** Describes an account as it stands now. */
export function describe(account: number, population: Population): Profile {
  const traits: number[] = []
  const kinds: TraitKind[] = []
  for (const trait of population.traitsOf(account)) {
    const known = population.trait(trait)
    if (known === undefined || trust[known.kind] === 0) continue
    if (population.commonness(trait) > commonnessMax) continue
    traits.push(trait)
    kinds.push(known.kind)
  }
  return { traits, kinds, rate: dailyRate(account, population), bins: bins(account, population) }
}

/** log10 of exchanges per active day. */
export function dailyRate(account: number, population: Population): number {
  const days = Math.max(1, population.fact('activeDays', account))
  return Math.log10(Math.max(1, population.fact('exchanges', account)) / days)
}

const binCounts = [4, 4, 3] as const

function bins(account: number, population: Population): readonly number[] {
  const exchanges = Math.max(1, population.fact('exchanges', account))
  const turnover = population.fact('newNetworks', account) / exchanges
  const reasoning = population.fact('reasoning', account) / exchanges
  const single = population.fact('singleTurn', account) / exchanges
  return [bin(turnover, [0.1, 0.4, 0.8]), bin(reasoning, [0.1, 0.35, 0.8]), bin(single, [0.2, 0.8])]
}

function bin(value: number, edges: readonly number[]): number {
  return edges.filter((edge) => value >= edge).length
}

export function likeness(compares: 'traits' | 'traits and habits'): Likeness {
  const profiles = new Map<number, Profile>()
  const traits = new Map<number, number>()
  const binned = binCounts.map((count) => Array.from({ length: count }, () => 0))
  let traitTotal = 0
  let rateSum = 0
  let rateSquares = 0

  const count = (profile: Profile, by: 1 | -1): void => {
    for (const trait of profile.traits) {
      const next = (traits.get(trait) ?? 0) + by
      if (next === 0) traits.delete(trait)
      else traits.set(trait, next)
    }
    traitTotal += by * profile.traits.length
    rateSum += by * profile.rate
    rateSquares += by * profile.rate * profile.rate
    profile.bins.forEach((at, question) => {
      const row = binned[question]
      if (row !== undefined) row[at] = (row[at] ?? 0) + by
    })
  }
  return {
    traits,
    add: (account, profile) => {
      assert(!profiles.has(account), 'an account is counted once')
      profiles.set(account, profile)
      count(profile, 1)
    },
    remove: (account) => {
      const profile = profiles.get(account)
      assert(profile !== undefined, 'only a counted account leaves')
      profiles.delete(account)
      count(profile, -1)
      return profile
    },
    odds: (profile, population) => {
      const odds = traitOdds(profile, population, traits, profiles.size, traitTotal)
      if (compares === 'traits') return odds
      return (
        odds +
        rateOdds(profile, population, profiles.size, rateSum, rateSquares) +
        binOdds(profile, population, binned, profiles.size)
      )
    },
  }
}

function traitOdds(
  profile: Profile,
  population: Population,
  counts: ReadonlyMap<number, number>,
  members: number,
  total: number,
): number {
  const sums = new Map<TraitKind, number>()
  // A group that uses many traits gives each of them a smaller part of what a member says; without
  // this, groups with every template would swallow those with a few of the same.
  const breadth = Math.max(1, total / members / Math.max(1, profile.traits.length))
  profile.traits.forEach((trait, at) => {
    const kind = profile.kinds[at] ?? 'phrase'
    const common = Math.max(population.commonness(trait), 1 / population.size())
    const inGroup = ((counts.get(trait) ?? 0) + priorAccounts * common) / (members + priorAccounts)
    const odds = Math.log10(inGroup / common) - (kind === 'phrase' ? Math.log10(breadth) : 0)
    sums.set(kind, (sums.get(kind) ?? 0) + odds * trust[kind])
  })
  let sum = 0
  for (const odds of sums.values()) sum += Math.max(-perKindMax, Math.min(perKindMax, odds))
  return sum
}

function rateOdds(
  profile: Profile,
  population: Population,
  members: number,
  sum: number,
  squares: number,
): number {
  const everyone = population.sorted('rate', (account) => dailyRate(account, population))
  const centre = everyone[everyone.length >> 1] ?? 0
  const mean = sum / members
  const scatter = Math.max(0, squares - members * mean * mean)
  const variance =
    (rateSpreadPriorAccounts * rateSpreadPrior ** 2 + scatter) / (rateSpreadPriorAccounts + members)
  const odds =
    normalLog10(profile.rate, mean, variance * (1 + 1 / members)) -
    normalLog10(profile.rate, centre, 0.36)
  return Math.max(-rateOddsMax, Math.min(rateOddsMax, odds))
}

function normalLog10(x: number, mean: number, variance: number): number {
  return (-((x - mean) ** 2) / (2 * variance) - 0.5 * Math.log(2 * Math.PI * variance)) / Math.LN10
}

function binOdds(
  profile: Profile,
  population: Population,
  binned: readonly (readonly number[])[],
  members: number,
): number {
  let sum = 0
  profile.bins.forEach((at, question) => {
    const shares = population.shares(
      `bin${question}`,
      (account) => bins(account, population)[question] ?? 0,
    )
    const common = Math.max(0.02, shares[at] ?? 0)
    const inGroup =
      ((binned[question]?.[at] ?? 0) + priorAccounts * common) / (members + priorAccounts)
    sum += Math.log10(inGroup / common)
  })
  return Math.max(-2, Math.min(2, sum))
}
