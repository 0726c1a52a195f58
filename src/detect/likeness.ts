import { assert } from '../core/assert.ts'
import type { TraitKind } from './detector.ts'
import type { Population } from './population.ts'

/** What an account is compared by: the rare traits it uses habitually. */
export type Profile = {
  readonly traits: readonly number[]
  readonly kinds: readonly TraitKind[]
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
  return { traits, kinds }
}

export function likeness(): Likeness {
  const profiles = new Map<number, Profile>()
  const traits = new Map<number, number>()
  let total = 0
  const count = (profile: Profile, by: 1 | -1): void => {
    total += by * profile.traits.length
    for (const trait of profile.traits) {
      const next = (traits.get(trait) ?? 0) + by
      if (next === 0) traits.delete(trait)
      else traits.set(trait, next)
    }
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
    odds: (profile, population) => traitOdds(profile, population, traits, profiles.size, total),
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
