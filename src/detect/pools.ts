import { assert } from '../core/assert.ts'
import type { Group } from './group.ts'
import { describe, likeness } from './likeness.ts'
import type { Population } from './population.ts'

/** Accounts between which conversations or refused requests were handed on, however little else they have in common. */
export type Pools = {
  /** Joins each of these accounts with those it took over from. */
  readonly update: (accounts: Iterable<number>, population: Population) => void
  /** The pools that any of these accounts is in, of those large enough to be judged as groups. */
  readonly among: (accounts: Iterable<number>, population: Population) => readonly Group[]
  /** How many are that large. */
  readonly count: () => number
  /** The number of the group that its pool is. */
  readonly idOf: (account: number) => number
  /** One number for all accounts of a pool of any size. */
  readonly numberOf: (account: number) => number
}

/**
 * People who hand conversations on have two accounts, and firms with a spare key a few: in five simulated worlds
 * (18,964 honest accounts of all kinds; docs/detection.md §2) the largest pool of honest accounts has 4, and a
 * reseller's 6.
 */
const poolMembersMin = 8

/**
 * The connected components of the graph whose edges are conversations begun on one account and continued on
 * another, and requests that one was refused and another sent (`migration`), but for accounts of one known
 * organisation and those for which `isIn` does not hold. Only what shares a habit is grouped by likeness
 * (`group.ts`): a pool whose accounts each live somebody else’s life shares none, and its dispatcher still hands a
 * refused turn to the next account. Components only grow; each account is looked at when its links change, so the cost
 * is that of the links (Tarjan 1975, "Efficiency of a good but not linear set union algorithm", JACM 22(2)).
 */
export function emptyPools(isIn: (account: number) => boolean = () => true): Pools {
  const parents = new Map<number, number>()
  const members = new Map<number, Set<number>>()
  const rootOf = (account: number): number => {
    let root = account
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next
    for (let at = account; at !== root;) {
      const next = parents.get(at) ?? root
      parents.set(at, root)
      at = next
    }
    return root
  }
  const membersOf = (root: number): Set<number> => {
    let known = members.get(root)
    if (known === undefined) members.set(root, (known = new Set([root])))
    return known
  }
  /** The larger keeps its number, so that a campaign is called the same as it grows. */
  const unite = (one: number, other: number): void => {
    const [a, b] = [rootOf(one), rootOf(other)]
    if (a === b) return
    const [large, small] = membersOf(a).size >= membersOf(b).size ? [a, b] : [b, a]
    for (const account of membersOf(small)) membersOf(large).add(account)
    members.delete(small)
    parents.set(small, large)
  }
  return {
    update: (accounts, population) => {
      for (const account of [...accounts].sort((a, b) => a - b))
        for (const other of handedOnBy(account, population))
          if (isIn(other) && !oneCustomer(account, other, population)) unite(account, other)
    },
    among: (accounts, population) => {
      const roots = new Set<number>()
      for (const account of accounts) {
        const root = rootOf(account)
        if ((members.get(root)?.size ?? 0) >= poolMembersMin) roots.add(root)
      }
      return [...roots]
        .sort((a, b) => a - b)
        .map((root) => {
          const pool = membersOf(root)
          return { id: poolId(root), members: pool, likeness: likenessOf(pool, population) }
        })
    },
    count: () => [...members.values()].filter((pool) => pool.size >= poolMembersMin).length,
    idOf: (account) => poolId(rootOf(account)),
    numberOf: rootOf,
  }
}

/** Whose conversations an account goes on with, and who was refused, or sent, what it sent, or was refused. */
function* handedOnBy(account: number, population: Population): Generator<number> {
  yield* population.linksOf(account).keys()
  for (const index of population.traitsOf(account)) {
    const trait = population.trait(index)
    if (trait?.kind === 'request') yield* trait.habitual
  }
}

/** Numbers of pools are negative, and those of other groups are not. */
function poolId(root: number): number {
  assert(root >= 0, 'accounts are counted from 0')
  return -1 - root
}

function likenessOf(pool: ReadonlySet<number>, population: Population): Group['likeness'] {
  const common = likeness()
  for (const account of pool) common.add(account, describe(account, population))
  return common
}

/** Whether two accounts are known to be of one organisation. */
export function oneCustomer(account: number, other: number, population: Population): boolean {
  return population.org(account) !== 0 && population.org(account) === population.org(other)
}
