import { expect, test } from 'vitest'
import { oracleMethod, precisionAt, shareOf } from './figures.ts'
import type { WorldTruth } from './world.ts'

test('precision at a base rate is Bayes’ rule with the upper end of the interval', () => {
  // 90 % found, 1 of 1,000 honest flagged (up to 0.565 %), 1 account in 100 extracts.
  const wrong = shareOf(1, 1000)
  expect(wrong.high).toBeCloseTo(0.00565, 4)
  expect(precisionAt(0.01, shareOf(90, 100), wrong)).toBeCloseTo(
    (0.01 * 0.9) / (0.01 * 0.9 + 0.99 * wrong.high),
    10,
  )
})

test('no honest account flagged of 465 is not a precision of 100 %', () => {
  expect(precisionAt(0.001, shareOf(50, 50), shareOf(0, 465))).toBeCloseTo(0.109, 3)
})

test('nothing flagged is right in none', () => {
  expect(precisionAt(0.001, shareOf(0, 50), shareOf(0, 465))).toBe(0)
})

test('an oracle’s cut counts accounts, and campaigns by halves', () => {
  const attack = (campaign: string) => ({ label: 'attack', cls: campaign, campaign }) as const
  const benign = { label: 'benign', cls: 'chat', campaign: null } as const
  const truth: WorldTruth = {
    campaigns: { big: { style: 'big' }, small: { style: 'small' } },
    accounts: {
      a: attack('big'),
      b: attack('big'),
      c: attack('small'),
      d: attack('small'),
      e: attack('small'),
      x: benign,
      y: benign,
      z: { label: 'grey', cls: 'reseller', campaign: null },
    },
  }
  const scores = new Map(Object.entries({ z: 9, a: 8, c: 7, x: 6, b: 5, y: 4 }))
  const method = oracleMethod({ id: 'm', title: 'M' }, scores, truth, 0.001)
  expect(method).toMatchObject({
    threshold: 7,
    false_positives: { count: 0, of: 2 },
    true_positives: { count: 2, of: 5 },
    campaigns: 1,
  })
})
