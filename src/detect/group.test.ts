import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Village, village } from '../../test/support/golden/village.ts'
import { emptyGrouping, type Grouping } from './group.ts'
import { describe as profileOf } from './likeness.ts'

const ringA = [0, 1, 2, 3]
const ringB = [4, 5, 6, 7]

/** A hundred accounts; two rings of four with twelve phrases and a system prompt each, in common with nobody. */
function twoRings(): Village {
  const town = village(100)
  for (let phrase = 0; phrase < 12; phrase++) {
    town.share('phrase', 100 + phrase, ringA)
    town.share('phrase', 200 + phrase, ringB)
  }
  town.share('system', 300, ringA)
  town.share('system', 301, ringB)
  return town
}

function sets(grouping: Grouping): readonly string[] {
  return grouping
    .groups()
    .map((group) => [...group.members].sort((a, b) => a - b).join(' '))
    .sort()
}

test('accounts that share what others do not have come together, and only those', () => {
  const { population } = twoRings()
  const grouping = emptyGrouping()
  grouping.update(population.retraited(), population)
  expect(sets(grouping)).toEqual(['0 1 2 3', '4 5 6 7'])
})

test('an account with nothing rare joins nobody', () => {
  const { population, share } = twoRings()
  const everybody = Array.from({ length: 100 }, (_, account) => account)
  share('phrase', 400, everybody)
  const grouping = emptyGrouping()
  grouping.update(everybody, population)
  expect(sets(grouping)).toEqual(['0 1 2 3', '4 5 6 7'])
  expect(grouping.groupOf(50)).toBeUndefined()
})

test('a pool whose accounts send what others of it were refused comes together, though each pair shares a request of its own', () => {
  const { population, share } = village(400)
  for (let at = 0; at < 12; at++)
    for (const step of [1, 2, 3]) share('request', 10 * at + step, [at, (at + step) % 12])
  const grouping = emptyGrouping()
  grouping.update(population.retraited(), population)
  expect(sets(grouping)).toEqual(['0 1 2 3 4 5 6 7 8 9 10 11'])
})

test('rings that have nothing to do with each other do not mind whose turn comes first', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...ringA, ...ringB], { minLength: 8 }), (order) => {
      const { population } = twoRings()
      const grouping = emptyGrouping()
      for (const account of order) grouping.update([account], population)
      expect(sets(grouping)).toEqual(['0 1 2 3', '4 5 6 7'])
    }),
  )
})

test('a group keeps its number as it grows, and an account alone keeps its own', () => {
  const { population } = twoRings()
  const grouping = emptyGrouping()
  grouping.update([0], population)
  const first = grouping.groupOf(0)?.id
  grouping.update([0], population)
  expect(grouping.groupOf(0)?.id).toBe(first)
  grouping.update([1, 2, 3], population)
  expect(ringA.map((account) => grouping.groupOf(account)?.id)).toEqual(ringA.map(() => first))
})

test('after any leaving and rejoining, a group counts exactly what its members have', () => {
  const habits = fc.array(
    fc.record({
      trait: fc.integer({ min: 1, max: 30 }),
      who: fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { minLength: 2, maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  fc.assert(
    fc.property(habits, fc.array(fc.integer({ min: 0, max: 19 })), (all, again) => {
      const { population, share } = village(120)
      const known = new Map(all.map(({ trait, who }) => [trait, who]))
      for (const [trait, who] of known) share(trait % 2 === 0 ? 'phrase' : 'system', trait, who)
      const grouping = emptyGrouping()
      grouping.update(population.retraited(), population)
      for (const account of again) grouping.update([account], population)
      for (const group of grouping.groups()) {
        const counts = new Map<number, number>()
        for (const account of group.members)
          for (const trait of profileOf(account, population).traits)
            counts.set(trait, (counts.get(trait) ?? 0) + 1)
        expect(group.likeness.traits).toEqual(counts)
        for (const account of group.members) expect(grouping.groupOf(account)).toBe(group)
      }
    }),
    { numRuns: 50 },
  )
})
