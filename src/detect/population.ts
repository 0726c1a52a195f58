import { accountTable } from './account-table.ts'
import { emptyBaseline } from './baseline.ts'
import type { TraitKind } from './detector.ts'
import { traitTable } from './trait-table.ts'

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
 * order of steps; holds numbers only. Accounts and traits are dense indices in order of first appearance.
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
  /** Whether the account may stand for honest customers: true until it is flagged, or over the bar. */
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

export type PopulationState = Population & {
  readonly beginStep: (step: number) => void
  /** The index of a fingerprint, made on first sight. */
  readonly accountOf: (hash: number) => number
  /** Adds to a fact of the account of this index, where the other folds take fingerprints: facts are most of the rows. */
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

export function emptyPopulation(stepSeconds: number): PopulationState {
  const accounts = accountTable()
  const traits = traitTable()
  const baseline = emptyBaseline(accounts.size, stepSeconds)
  const changed = new Set<number>()
  const retraited = new Set<number>()
  let step = -1
  const indexOf = (hash: number): number => accounts.indexOf(hash, step)
  return {
    stepSeconds,
    size: accounts.size,
    step: () => step,
    exchanges: accounts.exchanges,
    hash: accounts.hash,
    fact: accounts.fact,
    firstStep: (account) => accounts.record(account).firstStep,
    createdDay: (account) => accounts.record(account).createdDay,
    org: (account) => accounts.record(account).org,
    hours: (account) => accounts.record(account).hours,
    trait: traits.trait,
    traitsOf: traits.traitsOf,
    linksOf: traits.linksOf,
    sorted: baseline.sorted,
    shares: baseline.shares,
    isReference: baseline.isReference,
    referenceSize: baseline.referenceSize,
    exclude: baseline.exclude,
    changed: () => changed,
    retraited: () => retraited,
    clearChanged: () => {
      changed.clear()
      retraited.clear()
    },
    beginStep: (next) => {
      step = next
      baseline.refresh(step, accounts.exchanges())
    },
    accountOf: indexOf,
    foldFact: (account, name, value) => accounts.add(name, account, value),
    foldActivity: (hash, activity) => {
      const account = indexOf(hash)
      accounts.act(account, activity, Math.floor((step * stepSeconds) / 86_400))
      changed.add(account)
    },
    foldUse: (hash, trait, kind) => {
      indexOf(hash)
      traits.use(trait, kind)
    },
    foldHabit: (hash, trait) => {
      for (const account of traits.habit(indexOf(hash), trait)) retraited.add(account)
    },
    foldLink: (hash, otherHash, count) => {
      const account = indexOf(hash)
      traits.link(account, indexOf(otherHash), count)
      retraited.add(account)
    },
  }
}
