import { assert } from '../core/assert.ts'
import type { Population } from './population.ts'
import { describe, type Likeness, likeness, type Profile } from './likeness.ts'

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
  /** Whether an account, taken out, would still be put where it is. */
  readonly belongs: (account: number, population: Population) => boolean
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
 * Groups accounts by a mixture model fitted greedily: an account goes to the group under which its
 * traits and habits are likeliest compared with an account picked at random, groups growing in
 * attraction with their size (a Chinese-restaurant prior: Aldous 1985; greedy fitting as in
 * Wang & Dunson 2011). Only groups that share a trait or a link with the account are tried, so one
 * pass costs the number of (account, trait) pairs, not of pairs of accounts.
 */
export function emptyGrouping(compares: 'traits' | 'traits and habits'): Grouping {
  const groups = new Map<number, { id: number; members: Set<number>; likeness: Likeness }>()
  const assigned = new Map<number, number>()
  const groupsOfTrait = new Map<number, Map<number, number>>()
  let nextId = 1

  const leave = (account: number): void => {
    const id = assigned.get(account)
    if (id === undefined) return
    const group = groups.get(id)
    assert(group !== undefined, 'an assigned account has a group')
    group.members.delete(account)
    const profile = group.likeness.remove(account)
    for (const trait of profile.traits) shift(groupsOfTrait, trait, id, -1)
    assigned.delete(account)
    if (group.members.size === 0) groups.delete(id)
  }
  const join = (account: number, id: number, profile: Profile): void => {
    let group = groups.get(id)
    if (group === undefined)
      groups.set(id, (group = { id, members: new Set(), likeness: likeness(compares) }))
    group.members.add(account)
    group.likeness.add(account, profile)
    for (const trait of profile.traits) shift(groupsOfTrait, trait, id, 1)
    assigned.set(account, id)
  }
  const candidates = (
    account: number,
    profile: Profile,
    population: Population,
  ): readonly number[] => {
    const shared = new Map<number, number>()
    const note = (id: number, weight: number): void => {
      shared.set(id, (shared.get(id) ?? 0) + weight)
    }
    for (const trait of profile.traits)
      for (const id of groupsOfTrait.get(trait)?.keys() ?? []) note(id, 1)
    for (const other of population.linksOf(account).keys()) {
      const id = assigned.get(other)
      if (id !== undefined) note(id, 4)
    }
    return [...shared]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, candidatesMax)
      .map(([id]) => id)
  }
  /** The group an account fits best, or -1; of groups it fits about equally the largest, so that twins grow together. */
  const likeliest = (account: number, profile: Profile, population: Population): number => {
    const fits: { id: number; odds: number; size: number }[] = []
    for (const id of candidates(account, profile, population)) {
      const group = groups.get(id)
      if (group === undefined) continue
      const odds =
        group.likeness.odds(profile, population) + linkOdds(account, group.members, population)
      if (odds > log10JoinOddsMin) fits.push({ id, odds, size: group.members.size })
    }
    const least = Math.max(...fits.map((fit) => fit.odds)) - log10OddsAlike
    return fits
      .filter((fit) => fit.odds >= least)
      .reduce((largest, fit) => (fit.size > largest.size ? fit : largest), { id: -1, size: 0 }).id
  }
  const place = (account: number, population: Population): boolean => {
    const before = assigned.get(account)
    const profile = describe(account, population)
    leave(account)
    if (profile.traits.length === 0 && population.linksOf(account).size === 0)
      return before !== undefined
    let best = likeliest(account, profile, population)
    // A group of one keeps its number, so that a campaign is called the same from its first account on.
    if (best < 0) best = before !== undefined && !groups.has(before) ? before : nextId++
    join(account, best, profile)
    return best !== before
  }
  return {
    groupOf: (account) => {
      const id = assigned.get(account)
      return id === undefined ? undefined : groups.get(id)
    },
    groups: () => [...groups.values()],
    belongs: (account, population) => {
      const group = groups.get(assigned.get(account) ?? -1)
      if (group === undefined) return false
      const counted = group.likeness.remove(account)
      const profile = describe(account, population)
      const odds =
        group.likeness.odds(profile, population) + linkOdds(account, group.members, population)
      group.likeness.add(account, counted)
      return odds >= log10JoinOddsMin
    },
    update: (accounts, population) => {
      let moved = 0
      for (const account of [...accounts].sort((a, b) => a - b))
        if (place(account, population)) moved += 1
      return moved
    },
  }
}

/** Conversations that went from members to this account or back: each doubles the odds, to 10^4. */
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
