import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { seeded } from '../../core/random.ts'
import { around, bestOf, campaignOf, carelessPolicy, type Outcome, type Policy } from './policy.ts'

test('however long it varies its policy, the settings stay possible', () => {
  assert(
    property(string(), (seed) => {
      const random = seeded(seed)
      let policy = carelessPolicy
      for (let round = 0; round < 30; round++) policy = around(policy, 1, random)[1] ?? policy
      expect(policy.dilution).toBeGreaterThanOrEqual(0)
      expect(policy.dilution).toBeLessThanOrEqual(0.95)
      expect(policy.sophistication).toBeLessThanOrEqual(1)
      expect(policy.accounts).toBeGreaterThanOrEqual(8)
      expect(policy.accounts).toBeLessThanOrEqual(60)
      expect(Number.isInteger(policy.accounts)).toBe(true)
      expect(policy.perAccountPerDay).toBeLessThanOrEqual(100)
    }),
  )
})

test('it keeps what it has unless another took more', () => {
  const took = (policy: Policy, taken: number): Outcome => ({ policy, flagged: 0, taken, asked: 9 })
  const [own, other] = around(carelessPolicy, 1, seeded('one'))
  if (own === undefined || other === undefined) throw new Error('two policies')
  expect(own).toBe(carelessPolicy)
  expect(other).not.toEqual(carelessPolicy)
  expect(bestOf([took(own, 2), took(other, 2)])).toBe(own)
  expect(bestOf([took(own, 2), took(other, 3)])).toBe(other)
})

test('rewarded for hiding, it learns to hide: what it does follows what it is told', () => {
  const random = seeded('hiding')
  let policy = carelessPolicy
  for (let round = 0; round < 40; round++)
    policy = bestOf(
      around(policy, 4, random).map((each) => ({
        policy: each,
        flagged: 0,
        taken: each.sophistication - each.perAccountPerDay / 100,
        asked: 1,
      })),
    )
  expect(policy.sophistication).toBeGreaterThan(0.9)
  expect(policy.perAccountPerDay).toBeLessThan(8)
})

test('the campaign does what the policy says, and is no other attacker', () => {
  const config = campaignOf({ ...carelessPolicy, dilution: 0.3 }, 'pool', 4)
  expect(config).toMatchObject({ accounts: 30, dilution: 0.3, languages: ['en'], endDay: 4 })
  expect([config.joins, config.frames, config.sacrifices, config.takenOver]).toEqual([
    false,
    false,
    0,
    0,
  ])
})
