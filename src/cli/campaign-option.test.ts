import { expect, test } from 'vitest'
import { styleNames } from '../sim/campaigns/styles.ts'
import { campaignsFrom } from './campaign-option.ts'

test('a style may be followed by settings', () => {
  expect(campaignsFrom('hydra:accounts=500,per-day=7.5,dilution=0.5', '--campaigns')).toEqual([
    { style: 'hydra', differs: { accounts: 500, perAccountPerDay: 7.5, dilution: 0.5 } },
  ])
})

test('all is one of each style, and none is none', () => {
  const all = campaignsFrom('all:sophistication=1', '--campaigns')
  expect(all.map(({ style }) => style)).toEqual(styleNames)
  expect(all.every(({ differs }) => differs.sophistication === 1)).toBe(true)
  expect(campaignsFrom('none', '--campaigns')).toEqual([])
})

test.each(['hydr', 'hydra:', 'hydra:size=3', 'hydra:dilution=2', 'hydra:accounts=1.5'])(
  '"%s" is a wrong usage that names the option',
  (given) => {
    expect(() => campaignsFrom(given, '--campaigns')).toThrow('--campaigns was given')
  },
)
