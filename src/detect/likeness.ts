import { assert } from '../core/assert.ts'
import type { TraitKind } from './detector.ts'
import type { Population } from './population.ts'

/** What an account is compared by: the rare traits it uses habitually. */
export type Profile = {
  readonly traits: readonly number[]
  readonly parts: readonly ProfilePart[]
}

/** The traits of one kind in a profile, each with the share of all accounts that use it. */
export type ProfilePart = {
  readonly kind: TraitKind
  readonly traits: number[]
  readonly common: number[]
}

/** Counts over a group's members, and how well an account fits them. */
export type Likeness = {
  readonly add: (account: number, profile: Profile) => void
  /** Takes an account out and returns the profile it was counted with. */
  readonly remove: (account: number) => Profile
  /** log10 of how much likelier the profile is in this group than in an account picked at random. */
  readonly odds: (profile: Profile) => number
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
  request: 1,
}
/** The most one kind of trait may add to or take from the odds, as a power of ten. */
const perKindMax = 5
/** The pseudo-count of the population's habits in a group's: one account's worth. */
const priorAccounts = 1

/** Describes an account as it stands now. */
export function describe(account: number, population: Population): Profile {
  const traits: number[] = []
  const parts: ProfilePart[] = []
  for (const trait of population.traitsOf(account)) {
    const known = population.trait(trait)
    if (known === undefined || trust[known.kind] === 0) continue
    const share = known.users / population.size()
    if (share > commonnessMax) continue
    let part = parts.find(({ kind }) => kind === known.kind)
    if (part === undefined) parts.push((part = { kind: known.kind, traits: [], common: [] }))
    part.traits.push(trait)
    part.common.push(share)
    traits.push(trait)
  }
  return { traits, parts }
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
    odds: (profile) => traitOdds(profile, traits, profiles.size, total),
  }
}

/**
 * The mean of a group's share and the population's, the latter counted as `priorAccounts` members,
 * over the population's. A trait that no member has gives every time the same, so that only those that
 * some member has cost a logarithm: this is the innermost loop of the walk.
 */
function traitOdds(
  profile: Profile,
  counts: ReadonlyMap<number, number>,
  members: number,
  total: number,
): number {
  const unshared = Math.log10(priorAccounts / (members + priorAccounts))
  // A group that uses many traits gives each of them a smaller part of what a member says; without
  // this, groups with every template would swallow those with a few of the same.
  const breadth = Math.max(1, total / members / Math.max(1, profile.traits.length))
  let sum = 0
  for (const { kind, traits, common } of profile.parts) {
    // A request crosses from one account to one other: that no member had it says nothing.
    const absent = kind === 'request' ? 0 : unshared
    let odds = traits.length * (absent - (kind === 'phrase' ? Math.log10(breadth) : 0))
    for (let at = 0; at < traits.length; at++) {
      const having = counts.get(traits[at] ?? -1)
      if (having !== undefined)
        odds += unshared - absent + Math.log10(1 + having / (priorAccounts * (common[at] ?? 1)))
    }
    sum += Math.max(-perKindMax, Math.min(perKindMax, odds * trust[kind]))
  }
  return sum
}
