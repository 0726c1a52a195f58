import type { TraitKind } from './detector.ts'
import { traitKinds } from './detector.ts'
import type { Trait } from './population.ts'

/** What accounts have in common, and who presents whose conversations. */
export type TraitTable = {
  readonly trait: (trait: number) => Trait | undefined
  readonly traitsOf: (account: number) => readonly number[]
  readonly linksOf: (account: number) => ReadonlyMap<number, number>
  readonly use: (trait: number, kind: number) => void
  /** Notes a habit; the accounts whose shared traits changed by it. */
  readonly habit: (account: number, trait: number) => readonly number[]
  readonly link: (account: number, other: number, count: number) => void
}

const kindNames = new Map<number, TraitKind>(
  Object.entries(traitKinds).map(([name, number]) => [number, name as TraitKind]),
)
const noTraits: readonly number[] = []
const noLinks: ReadonlyMap<number, number> = new Map()

export function traitTable(): TraitTable {
  const traits = new Map<number, Trait>()
  const habits = new Map<number, number[]>()
  const links = new Map<number, Map<number, number>>()
  return {
    trait: (trait) => traits.get(trait),
    traitsOf: (account) =>
      (habits.get(account) ?? noTraits).filter(
        (trait) => (traits.get(trait)?.habitual.length ?? 0) >= 2,
      ),
    linksOf: (account) => links.get(account) ?? noLinks,
    use: (trait, kind) => {
      const known = traits.get(trait)
      const name = kindNames.get(kind)
      if (known !== undefined) known.users += 1
      else if (name !== undefined) traits.set(trait, { kind: name, users: 1, habitual: [] })
    },
    habit: (account, trait) => {
      const habitual = traits.get(trait)?.habitual
      if (habitual === undefined) return noTraits
      habitual.push(account)
      const own = habits.get(account)
      if (own === undefined) habits.set(account, [trait])
      else own.push(trait)
      // With its second account a trait begins to count, for the first one too. Until then nothing may
      // come of it: that it will be shared is known from the future.
      if (habitual.length < 2) return noTraits
      return habitual.length === 2 ? [...habitual] : [account]
    },
    link: (account, other, count) => {
      let known = links.get(account)
      if (known === undefined) links.set(account, (known = new Map()))
      known.set(other, (known.get(other) ?? 0) + count)
    },
  }
}
