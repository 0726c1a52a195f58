import type { TraitKind } from './detector.ts'
import { traitKinds } from './detector.ts'

/** A thing that at least two accounts have in common. */
export type Trait = {
  readonly kind: TraitKind
  /** Accounts that used it at all, so far. */
  users: number
  /** Accounts, by index, that used it with at least two different messages, so far. */
  readonly habitual: number[]
}

/**
 * What is known of every account up to the end of the last step folded in. Grows by `fold…`, in
 * order of steps; holds numbers only. Accounts are dense indices in order of first appearance.
 */
export type Population = {
  readonly size: () => number
  /** The step last folded, counted from 0. */
  readonly step: () => number
  readonly stepSeconds: number
  readonly exchanges: () => number
  /** The account's fingerprint. */
  readonly hash: (account: number) => number
  readonly fact: (name: string, account: number) => number
  readonly firstStep: (account: number) => number
  readonly lastStep: (account: number) => number
  /** Days since 1970 on which the account was opened; 0 if unknown. */
  readonly createdDay: (account: number) => number
  readonly org: (account: number) => number
  /** 24 bits, one for each hour of the day (UTC) with activity. */
  readonly hours: (account: number) => number
  readonly trait: (trait: number) => Trait | undefined
  /**
   * The traits an account uses habitually and shares with another's habit. A trait that only one
   * account has so far is not seen, although the engine may know already that it will be shared.
   */
  readonly traitsOf: (account: number) => readonly number[]
  /** How many times `account` presented what another account had been served, by that other account. */
  readonly linksOf: (account: number) => ReadonlyMap<number, number>
  /** The share of accounts that use a trait at all; what makes it rare. */
  readonly commonness: (trait: number) => number
  /** Whether the account may stand for honest customers: true until it is flagged. */
  readonly isReference: (account: number) => boolean
  readonly referenceSize: () => number
  /** Values of `read` over the reference accounts, sorted, without NaN; kept for a while under `name`. */
  readonly sorted: (name: string, read: (account: number) => number) => Float64Array
  /** The share of reference accounts for which `read` gives each whole number; kept for a while under `name`. */
  readonly shares: (name: string, read: (account: number) => number) => readonly number[]
  /** Accounts with any activity, and accounts with new shared traits or links, since last cleared. */
  readonly changed: () => ReadonlySet<number>
  readonly retraited: () => ReadonlySet<number>
}

/** One row of facts: sums for one account in one step. */
export type FactRow = {
  readonly account: number
  readonly step: number
  readonly values: Readonly<Record<string, number>>
}

export type PopulationState = Population & {
  readonly beginStep: (step: number) => void
  readonly foldFact: (account: number, name: string, value: number) => void
  readonly foldActivity: (account: number, activity: Activity) => void
  readonly foldUse: (account: number, trait: number, kind: number) => void
  readonly foldHabit: (account: number, trait: number) => void
  readonly foldLink: (account: number, other: number, count: number) => void
  readonly clearChanged: () => void
  /** Takes a flagged account out of what others are compared with, so that a campaign cannot become the norm. */
  readonly exclude: (account: number) => void
}

export type Activity = {
  readonly exchanges: number
  readonly createdDay: number
  readonly org: number
  readonly hours: number
}

/**
 * What everybody does is taken anew when the log has grown by this share, a day has gone by or an
 * account was flagged: it moves slowly, and reading every account in every step would make a long log
 * cost the square of its length.
 */
const baselineGrowthShare = 0.03
const baselineSeconds = 86_400

const kindNames = new Map<number, TraitKind>(
  Object.entries(traitKinds).map(([name, number]) => [number, name as TraitKind]),
)

export function emptyPopulation(stepSeconds: number): PopulationState {
  const index = new Map<number, number>()
  const hashes: number[] = []
  const first: number[] = []
  const last: number[] = []
  const created: number[] = []
  const lastDay: number[] = []
  const orgs: number[] = []
  const hours: number[] = []
  const facts = new Map<string, number[]>()
  const traits = new Map<number, Trait>()
  const traitsOf: number[][] = []
  const links = new Map<number, Map<number, number>>()
  const sortedCache = new Map<string, Float64Array>()
  const sharesCache = new Map<string, readonly number[]>()
  const changed = new Set<number>()
  const retraited = new Set<number>()
  const excluded = new Set<number>()
  const none: readonly number[] = []
  const noLinks: ReadonlyMap<number, number> = new Map()
  let step = -1
  let exchanges = 0
  let baselineExchanges = 0
  let baselineStep = 0
  let baselineExcluded = 0

  const indexOf = (hash: number): number => {
    const known = index.get(hash)
    if (known !== undefined) return known
    const fresh = hashes.length
    index.set(hash, fresh)
    hashes.push(hash)
    first.push(step)
    last.push(step)
    created.push(0)
    orgs.push(0)
    hours.push(0)
    traitsOf.push([])
    return fresh
  }
  const add = (name: string, account: number, value: number): void => {
    let column = facts.get(name)
    if (column === undefined) facts.set(name, (column = []))
    while (column.length <= account) column.push(0)
    column[account] = (column[account] ?? 0) + value
  }
  return {
    stepSeconds,
    size: () => hashes.length,
    step: () => step,
    exchanges: () => exchanges,
    hash: (account) => hashes[account] ?? 0,
    fact: (name, account) => facts.get(name)?.[account] ?? 0,
    firstStep: (account) => first[account] ?? 0,
    lastStep: (account) => last[account] ?? 0,
    createdDay: (account) => created[account] ?? 0,
    org: (account) => orgs[account] ?? 0,
    hours: (account) => hours[account] ?? 0,
    trait: (trait) => traits.get(trait),
    traitsOf: (account) =>
      (traitsOf[account] ?? none).filter((trait) => (traits.get(trait)?.habitual.length ?? 0) >= 2),
    linksOf: (account) => links.get(account) ?? noLinks,
    commonness: (trait) => (traits.get(trait)?.users ?? 0) / Math.max(1, hashes.length),
    sorted: (name, read) => {
      const known = sortedCache.get(name)
      if (known !== undefined) return known
      const values = Float64Array.from(hashes, (_, account) =>
        excluded.has(account) ? Number.NaN : read(account),
      ).filter((value) => !Number.isNaN(value))
      sortedCache.set(name, values.sort())
      return values
    },
    shares: (name, read) => {
      const known = sharesCache.get(name)
      if (known !== undefined) return known
      const counts: number[] = []
      for (let account = 0; account < hashes.length; account++) {
        if (excluded.has(account)) continue
        const value = read(account)
        counts[value] = (counts[value] ?? 0) + 1
      }
      const shares = Array.from(
        counts,
        (count) => (count ?? 0) / Math.max(1, hashes.length - excluded.size),
      )
      sharesCache.set(name, shares)
      return shares
    },
    isReference: (account) => !excluded.has(account),
    referenceSize: () => hashes.length - excluded.size,
    exclude: (account) => excluded.add(account),
    changed: () => changed,
    retraited: () => retraited,
    clearChanged: () => {
      changed.clear()
      retraited.clear()
    },
    beginStep: (next) => {
      step = next
      const grown = exchanges > (1 + baselineGrowthShare) * baselineExchanges
      const waited = (step - baselineStep) * stepSeconds >= baselineSeconds
      if (!grown && !waited && baselineExcluded === excluded.size) return
      sortedCache.clear()
      sharesCache.clear()
      baselineExchanges = exchanges
      baselineStep = step
      baselineExcluded = excluded.size
    },
    foldFact: (hash, name, value) => add(name, indexOf(hash), value),
    foldActivity: (hash, activity) => {
      const account = indexOf(hash)
      add('exchanges', account, activity.exchanges)
      const day = Math.floor((step * stepSeconds) / 86_400)
      if (lastDay[account] !== day) add('activeDays', account, 1)
      lastDay[account] = day
      last[account] = step
      if (created[account] === 0) created[account] = activity.createdDay
      if (orgs[account] === 0) orgs[account] = activity.org
      hours[account] = (hours[account] ?? 0) | activity.hours
      exchanges += activity.exchanges
      changed.add(account)
    },
    foldUse: (hash, trait, kind) => {
      indexOf(hash)
      const known = traits.get(trait)
      if (known === undefined) {
        const name = kindNames.get(kind)
        if (name !== undefined) traits.set(trait, { kind: name, users: 1, habitual: [] })
      } else known.users += 1
    },
    foldHabit: (hash, trait) => {
      const account = indexOf(hash)
      const habitual = traits.get(trait)?.habitual
      if (habitual === undefined) return
      habitual.push(account)
      traitsOf[account]?.push(trait)
      // With its second account a trait begins to count, for the first one too. Until then nothing may
      // come of it: that it will be shared is known from the future.
      if (habitual.length < 2) return
      retraited.add(account)
      const earlier = habitual[0]
      if (habitual.length === 2 && earlier !== undefined) retraited.add(earlier)
    },
    foldLink: (hash, otherHash, count) => {
      const account = indexOf(hash)
      const other = indexOf(otherHash)
      let known = links.get(account)
      if (known === undefined) links.set(account, (known = new Map()))
      known.set(other, (known.get(other) ?? 0) + count)
      retraited.add(account)
    },
  }
}
