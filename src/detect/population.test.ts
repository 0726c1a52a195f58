import { expect, test } from 'vitest'
import { hashOf, village } from '../../test/support/golden/village.ts'

test('a trait that only one account has is not seen, not even by that account', () => {
  const { population, share } = village(3)
  share('phrase', 7, [0])
  expect(population.traitsOf(0)).toEqual([])
  expect(population.retraited()).toEqual(new Set())
  share('phrase', 7, [1])
  expect([0, 1, 2].map((account) => population.traitsOf(account))).toEqual([[0], [0], []])
  expect(population.retraited()).toEqual(new Set([0, 1]))
})

test('everybody who uses a trait at all counts as its user, habitually or not', () => {
  const { population, share } = village(10)
  share('phrase', 7, [0, 1])
  for (const account of [2, 3]) population.foldUse(hashOf(account), 7, 1)
  expect(population.trait(0)?.users).toBe(4)
  expect(population.traitsOf(2)).toEqual([])
})

test('baselines stay while the log grows little, and are taken anew when it grows by more', () => {
  const { population, act, later } = village(100)
  const many = (): number => population.sorted('all', () => 1).length
  later()
  expect(many()).toBe(100)
  act(100, 2)
  later()
  expect(many()).toBe(100)
  act(101, 2)
  later()
  expect(many()).toBe(102)
})

test('baselines are taken anew after a day, however little happened', () => {
  const { population, act, later } = village(100)
  const many = (): number => population.shares('all', () => 0).length * population.referenceSize()
  const sorted = (): number => population.sorted('all', () => 1).length
  later()
  expect([many(), sorted()]).toEqual([100, 100])
  act(100)
  later(23)
  expect(sorted()).toBe(100)
  later()
  expect(sorted()).toBe(101)
})

test('an excluded account leaves the baselines with the next step, and stays in the count of accounts', () => {
  const { population, later } = village(50)
  later()
  expect(population.sorted('all', () => 1).length).toBe(50)
  population.exclude(3)
  later()
  expect(population.sorted('all', (account) => account)).not.toContain(3)
  expect([population.referenceSize(), population.size()]).toEqual([49, 50])
})

test('an account is known by what was first said of it, and by all hours it was ever active', () => {
  const { population, act, later } = village()
  act(0, 1, { createdDay: 0, hours: 0b001 })
  later()
  act(0, 1, { createdDay: 20_000, org: 5, hours: 0b100 })
  later()
  act(0, 1, { createdDay: 20_001, org: 6 })
  expect([population.createdDay(0), population.org(0), population.hours(0)]).toEqual([
    20_000, 5, 0b101,
  ])
})

test('a day counts once, however often an account was active on it', () => {
  const { population, act, later } = village()
  act(0)
  later()
  act(0)
  later(24)
  act(0)
  expect(population.fact('activeDays', 0)).toBe(2)
})
