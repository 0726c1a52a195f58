import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOf, type Village, village } from '../../test/support/golden/village.ts'
import { emptyPools } from './pools.ts'

/** Each hands a conversation on to the next. */
function chain(town: Village, accounts: readonly number[]): void {
  accounts.forEach((account, at) => {
    const next = accounts[at + 1]
    if (next !== undefined) town.population.foldLink(hashOf(next), hashOf(account), 1)
  })
}

const eight = [0, 1, 2, 3, 4, 5, 6, 7]

test('eight accounts that hand conversations on are a pool, and those beside it are not in it', () => {
  const town = village(20)
  chain(town, eight)
  const pools = emptyPools()
  pools.update(town.population.retraited(), town.population)
  expect(pools.count()).toBe(1)
  const [pool] = pools.among([3, 12], town.population)
  expect([...(pool?.members ?? [])].sort((a, b) => a - b)).toEqual(eight)
  expect(pools.among([12], town.population)).toEqual([])
})

test('seven may be a firm with spare keys', () => {
  const town = village(20)
  chain(town, eight.slice(1))
  const pools = emptyPools()
  pools.update(town.population.retraited(), town.population)
  expect(pools.count()).toBe(0)
  expect(pools.among(eight, town.population)).toEqual([])
})

test('what one organisation hands on among its own joins nobody', () => {
  const town = village()
  for (const account of eight) town.act(account, 1, { org: account < 4 ? 7 : 0 })
  chain(town, eight)
  const pools = emptyPools()
  pools.update(town.population.retraited(), town.population)
  expect(new Set(eight.map(pools.numberOf)).size).toBe(4)
})

test('a pool keeps its number while it is the larger part', () => {
  const town = village(30)
  chain(town, [...eight, 8])
  const pools = emptyPools()
  pools.update(town.population.retraited(), town.population)
  const [before] = pools.among([0], town.population)
  chain(town, [20, 21, 22])
  chain(town, [22, 8])
  pools.update(town.population.retraited(), town.population)
  const [after] = pools.among([20], town.population)
  expect(after?.id).toBe(before?.id)
  expect(after?.members.size).toBe(12)
})

test('whose turn comes first makes no difference to who is in a pool', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 20 }),
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], { minLength: 12 }),
      (links, order) => {
        const town = village(12)
        for (const [from, to] of links)
          if (from !== to) town.population.foldLink(hashOf(to), hashOf(from), 1)
        const [sorted, shuffled] = [emptyPools(), emptyPools()]
        sorted.update(town.population.retraited(), town.population)
        for (const account of order) shuffled.update([account], town.population)
        for (const a of order)
          for (const b of order)
            expect(shuffled.numberOf(a) === shuffled.numberOf(b)).toBe(
              sorted.numberOf(a) === sorted.numberOf(b),
            )
      },
    ),
  )
})
