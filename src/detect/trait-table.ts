import type { TraitKind } from './detector.ts'
import { traitKinds } from './detector.ts'
import type { Trait } from './population.ts'

/** What accounts have in common, and who presents whose conversations. */
export type TraitTable = {
  readonly trait: (trait: number) => Trait | undefined
  readonly traitsOf: (account: number) => readonly number[]
  readonly linksOf: (account: number) => ReadonlyMap<number, number>
  /** Notes that one more account uses a trait, by its fingerprint. */
  readonly use: (hash: number, kind: number) => void
  /** Notes a habit; the accounts whose shared traits changed by it. */
  readonly habit: (account: number, hash: number) => readonly number[]
  readonly link: (account: number, other: number, count: number) => void
}

const kindNames = new Map<number, TraitKind>(
  Object.entries(traitKinds).map(([name, number]) => [number, name as TraitKind]),
)
const nobody: readonly number[] = []
const noLinks: ReadonlyMap<number, number> = new Map()

/**
 * Traits are dense indices in order of first use, as accounts are: grouping looks them up by the
 * hundred for each account, and a map by fingerprints of 53 bits takes three times as long.
 */
export function traitTable(): TraitTable {
  const index = new Map<number, number>()
  const traits: Trait[] = []
  const shared: number[][] = []
  const links = new Map<number, Map<number, number>>()
  const share = (account: number, trait: number): void => {
    while (shared.length <= account) shared.push([])
    shared[account]?.push(trait)
  }
  return {
    trait: (trait) => traits[trait],
    traitsOf: (account) => shared[account] ?? nobody,
    linksOf: (account) => links.get(account) ?? noLinks,
    use: (hash, kind) => {
      const known = traits[index.get(hash) ?? -1]
      const name = kindNames.get(kind)
      if (known !== undefined) known.users += 1
      else if (name !== undefined)
        index.set(hash, traits.push({ kind: name, users: 1, habitual: [] }) - 1)
    },
    habit: (account, hash) => {
      const trait = index.get(hash)
      if (trait === undefined) return nobody
      const habitual = traits[trait]?.habitual ?? []
      habitual.push(account)
      // With its second account a trait begins to count, for the first one too. Until then nothing may
      // come of it: that it will be shared is known from the future.
      if (habitual.length < 2) return nobody
      const news = habitual.length === 2 ? [...habitual] : [account]
      for (const each of news) share(each, trait)
      return news
    },
    link: (account, other, count) => {
      let known = links.get(account)
      if (known === undefined) links.set(account, (known = new Map()))
      known.set(other, (known.get(other) ?? 0) + count)
    },
  }
}
