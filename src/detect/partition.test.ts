import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Random, seeded } from '../core/random.ts'
import { type Field, type Item, partition } from './partition.ts'

/** Fields with the shares that these items have, as campaigns.ts makes them. */
function fieldsOf(items: readonly Item[], trust = 1): readonly Field[] {
  return (items[0] ?? []).map((_, field) => {
    const values = items.map((item) => item[field] ?? 0)
    const counts = Array.from(
      { length: Math.max(2, ...values.map((value) => value + 1)) },
      () => 0.5,
    )
    for (const value of values) counts[value] = (counts[value] ?? 0) + 1
    const sum = counts.reduce((total, count) => total + count, 0)
    return { shares: counts.map((count) => count / sum), trust }
  })
}

/** Items of some kinds; each field of a kind has its own value but for one time in a hundred. */
function planted(random: Random, sizes: readonly number[]): readonly Item[] {
  return sizes.flatMap((size, kind) =>
    Array.from({ length: size }, () =>
      Array.from({ length: 8 }, () => (random.chance(0.99) ? kind : random.integer(0, 3))),
    ),
  )
}

/** Of the items from `from` up to `to`: the parts they are in, the largest first, by size. */
function partSizes(
  parts: readonly number[],
  from: number,
  to: number,
): ReadonlyMap<number, number> {
  const sizes = new Map<number, number>()
  for (const part of parts.slice(from, to)) sizes.set(part, (sizes.get(part) ?? 0) + 1)
  return new Map([...sizes].sort((a, b) => b[1] - a[1]))
}

test('planted parts are found again; at most some odd items are put by themselves, none elsewhere', () => {
  for (const seed of ['a', 'b', 'c', 'd']) {
    const items = planted(seeded(`partition ${seed}`), [25, 12, 40])
    const parts = partition(items, fieldsOf(items))
    const found = [partSizes(parts, 0, 25), partSizes(parts, 25, 37), partSizes(parts, 37, 77)]
    const mains = found.map((sizes) => [...sizes.values()][0] ?? 0)
    expect(mains[0]).toBeGreaterThanOrEqual(22)
    expect(mains[1]).toBeGreaterThanOrEqual(10)
    expect(mains[2]).toBeGreaterThanOrEqual(36)
    const all = found.flatMap((sizes) => [...sizes.keys()])
    expect(new Set(all).size).toBe(all.length)
  }
})

test('items past the three hundred that are merged go to the part they fit', () => {
  const items = planted(seeded('partition large'), [500, 400])
  const parts = partition(items, fieldsOf(items))
  const found = [partSizes(parts, 0, 500), partSizes(parts, 500, 900)]
  expect([...(found[0]?.values() ?? [])][0]).toBeGreaterThan(450)
  expect([...(found[1]?.values() ?? [])][0]).toBeGreaterThan(350)
})

test('a part of three among a thousand is found although every fourth item only is merged', () => {
  for (const at of [1, 401, 777]) {
    const items = [...planted(seeded('partition small'), [500, 500])]
    items.splice(at, 0, ...Array.from({ length: 3 }, () => Array.from({ length: 8 }, () => 4)))
    const parts = partition(items, fieldsOf(items))
    const three = parts.slice(at, at + 3)
    expect(new Set(three).size).toBe(1)
    expect(parts.filter((part) => part === three[0])).toHaveLength(3)
  }
})

test('items that are all alike stay together', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 10 }),
      (count, width) => {
        const items = Array.from({ length: count }, () => Array.from({ length: width }, () => 1))
        expect(new Set(partition(items, fieldsOf(items)))).toEqual(new Set([0]))
      },
    ),
  )
})

test('parts are numbered in the order of their first members, each item in one', () => {
  const item = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 40 }), (items) => {
      const parts = partition(items, fieldsOf(items))
      expect(parts.length).toBe(items.length)
      const firsts = [...new Set(parts)]
      expect(firsts).toEqual(firsts.map((_, at) => at))
    }),
  )
})

test('nothing is sorted into nothing', () => {
  expect(partition([], [])).toEqual([])
})

test('items that are bound stay together, however different, and others may still join them', () => {
  const items = planted(seeded('bound'), [12, 12])
  const fields = fieldsOf(items)
  const bound = items.map((_, at) => (at < 6 || at === 12 ? 'one' : at))
  const parts = partition(items, fields, bound)
  expect(parts[0]).toBe(parts[12])
  expect(new Set(partition(items, fields)).size).toBeGreaterThan(1)
  expect(parts.filter((part) => part === parts[0]).length).toBeGreaterThan(7)
})

test('two large bodies stay apart, however alike; two small ones need not', () => {
  const items = planted(seeded('bodies'), [16, 16])
  const bound = (size: number): readonly (number | string)[] =>
    items.map((_, at) => (at < size ? 'one' : at < 2 * size ? 'other' : at))
  const large = partition(items, fieldsOf(items), bound(8))
  expect(large[0]).not.toBe(large[8])
  const small = partition(items, fieldsOf(items), bound(7))
  expect(small[0]).toBe(small[7])
})
