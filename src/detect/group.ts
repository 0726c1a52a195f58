import { assert } from '../core/assert.ts'
import { describe, type Likeness, likeness, type Profile } from './likeness.ts'
import type { Population } from './population.ts'

/** Accounts that look run as one, with what they have in common counted. */
export type Group = {
  /** Stays with the group as it grows. */
  readonly id: number
  readonly members: ReadonlySet<number>
  readonly likeness: Likeness
}

/** The state of the grouping between steps: which account is where. */
export type Grouping = {
  readonly groupOf: (account: number) => Group | undefined
  readonly groups: () => readonly Group[]
  /** Moves each of these accounts to the group it is likeliest to belong to; how many moved. */
  readonly update: (accounts: Iterable<number>, population: Population) => number
}

/**
 * How many times likelier membership must be than independence before an account joins a group:
 * the odds that two accounts picked at random are run by one hand are taken as 1 in 100.
 */
const log10JoinOddsMin = 2
/** Odds that differ by less than a factor of three are taken as equal. */
const log10OddsAlike = 0.5
/** The most groups an account is compared with in one pass, those that share most with it first. */
const candidatesMax = 24
/**
 * A trait spread over more groups than this proposes none of them: users of a common client stay
 * apart, and visiting all of them for each would cost the square of their number.
 */
const groupsPerTraitMax = 64
/** A conversation that crossed from a member to the account counts as this many shared traits in that order. */
const linkSharedTraits = 4

/**
 * Groups accounts by a mixture model fitted greedily (as in Wang & Dunson 2011): an account goes to
 * the group under which its traits are likeliest compared with an account picked at random. Only
 * groups that share a trait or a link with the account are tried, so one pass costs the number of
 * (account, trait) pairs, not of pairs of accounts. Pace and hours play no part: they are tested on
 * the groups afterwards, and a group chosen for its even pace would pass that test by construction.
 */
export function emptyGrouping(): Grouping {
  const register = emptyRegister()
  let nextId = 1
  const place = (account: number, population: Population): boolean => {
    const before = register.idOf(account)
    const profile = describe(account, population)
    register.leave(account)
    if (profile.traits.length === 0 && population.linksOf(account).size === 0)
      return before !== undefined
    let best = likeliest(account, profile, population, register)
    // A group of one keeps its number, so that a campaign is called the same from its first account on.
    if (best < 0) best = before !== undefined && !register.has(before) ? before : nextId++
    register.join(account, best, profile)
    return best !== before
  }
  return {
    groupOf: register.groupOf,
    groups: register.groups,
    update: (accounts, population) => {
      let moved = 0
      for (const account of [...accounts].sort((a, b) => a - b))
        if (place(account, population)) moved += 1
      return moved
    },
  }
}

const noGroups: ReadonlyMap<number, number> = new Map()

type Register = {
  readonly has: (id: number) => boolean
  readonly group: (id: number) => Group | undefined
  readonly groups: () => readonly Group[]
  readonly idOf: (account: number) => number | undefined
  readonly groupOf: (account: number) => Group | undefined
  /** The groups in which some member has the trait, and how many members do. */
  readonly groupsWith: (trait: number) => ReadonlyMap<number, number>
  readonly join: (account: number, id: number, profile: Profile) => void
  readonly leave: (account: number) => void
}

/** Who is in which group, and which groups have which trait; the two never disagree. */
function emptyRegister(): Register {
  const groups = new Map<number, { id: number; members: Set<number>; likeness: Likeness }>()
  const assigned = new Map<number, number>()
  const groupsOfTrait = new Map<number, Map<number, number>>()
  return {
    has: (id) => groups.has(id),
    group: (id) => groups.get(id),
    groups: () => [...groups.values()],
    idOf: (account) => assigned.get(account),
    groupOf: (account) => groups.get(assigned.get(account) ?? -1),
    groupsWith: (trait) => groupsOfTrait.get(trait) ?? noGroups,
    join: (account, id, profile) => {
      let group = groups.get(id)
      if (group === undefined)
        groups.set(id, (group = { id, members: new Set(), likeness: likeness() }))
      group.members.add(account)
      group.likeness.add(account, profile)
      for (const trait of profile.traits) shift(groupsOfTrait, trait, id, 1)
      assigned.set(account, id)
    },
    leave: (account) => {
      const id = assigned.get(account)
      if (id === undefined) return
      const group = groups.get(id)
      assert(group !== undefined, 'an assigned account has a group')
      group.members.delete(account)
      for (const trait of group.likeness.remove(account).traits) shift(groupsOfTrait, trait, id, -1)
      assigned.delete(account)
      if (group.members.size === 0) groups.delete(id)
    },
  }
}

/** The group an account fits best, or -1; of groups it fits about equally the largest, so that twins grow together. */
function likeliest(
  account: number,
  profile: Profile,
  population: Population,
  register: Register,
): number {
  const fits: { id: number; odds: number; size: number }[] = []
  for (const id of candidates(account, profile, population, register)) {
    const group = register.group(id)
    if (group === undefined) continue
    const odds = group.likeness.odds(profile) + linkOdds(account, group.members, population)
    if (odds > log10JoinOddsMin) fits.push({ id, odds, size: group.members.size })
  }
  const least = Math.max(...fits.map((fit) => fit.odds)) - log10OddsAlike
  return fits
    .filter((fit) => fit.odds >= least)
    .reduce((largest, fit) => (fit.size > largest.size ? fit : largest), { id: -1, size: 0 }).id
}

function candidates(
  account: number,
  profile: Profile,
  population: Population,
  register: Register,
): readonly number[] {
  const shared = new Map<number, number>()
  const note = (id: number, weight: number): void => {
    shared.set(id, (shared.get(id) ?? 0) + weight)
  }
  for (const trait of profile.traits) {
    const having = register.groupsWith(trait)
    if (having.size <= groupsPerTraitMax) for (const id of having.keys()) note(id, 1)
  }
  for (const other of population.linksOf(account).keys()) {
    const id = register.idOf(other)
    if (id !== undefined) note(id, linkSharedTraits)
  }
  return [...shared]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, candidatesMax)
    .map(([id]) => id)
}

/** Conversations that came to this account from members: each doubles the odds, to 10^4. */
function linkOdds(account: number, members: ReadonlySet<number>, population: Population): number {
  let count = 0
  for (const [other, times] of population.linksOf(account)) if (members.has(other)) count += times
  return Math.min(4, count * Math.log10(2))
}

function shift(
  index: Map<number, Map<number, number>>,
  trait: number,
  id: number,
  by: number,
): void {
  let counts = index.get(trait)
  if (counts === undefined) index.set(trait, (counts = new Map()))
  const count = (counts.get(id) ?? 0) + by
  if (count > 0) counts.set(id, count)
  else counts.delete(id)
}
