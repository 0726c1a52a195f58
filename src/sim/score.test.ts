import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { score } from './score.ts'
import type { Labels, Scored } from './score.ts'

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`)
const members = ids('h', 4)
const truth: Labels = {
  campaigns: { hydra: {}, bulk: {} },
  accounts: Object.fromEntries([
    ...members.map((id) => [id, { label: 'attack', cls: 'hydra', campaign: 'hydra' }]),
    ['b0', { label: 'attack', cls: 'bulk', campaign: 'bulk' }],
    ...ids('c', 10).map((id) => [id, { label: 'benign', cls: 'chat', campaign: null }]),
    ['g0', { label: 'grey', cls: 'reseller', campaign: null }],
  ]),
}
const noon = '2026-02-03T12:00:00.000Z'
const report = (flagged: readonly string[], campaigns: Scored['campaigns'] = []): Scored => ({
  accounts: flagged.map((account) => ({ account, verdict: 'flagged', detected_at: noon })),
  campaigns,
})

test('a campaign is found when half of it is flagged in one pure campaign', () => {
  const half = score(report(['h0', 'h1'], [{ id: '1', accounts: ['h0', 'h1'] }]), truth)
  expect(half.campaigns[0]).toMatchObject({ flagged: 0.5, recall: 0.5, purity: 1, found: true })
  expect(half.campaigns_found).toBe(1)
})

test('flagged in two halves, or among strangers, it is not found', () => {
  const split = [
    { id: '1', accounts: ['h0'] },
    { id: '2', accounts: ['h1', 'h2'] },
    { id: '3', accounts: ['h3'] },
  ]
  expect(score(report(members, split), truth).campaigns[0]).toMatchObject({
    recall: 0.5,
    found: true,
  })
  const apart = members.map((account) => ({ id: account, accounts: [account] }))
  expect(score(report(members, apart), truth).campaigns[0]).toMatchObject({
    flagged: 1,
    found: false,
  })
  const mixed = [{ id: '1', accounts: [...members, 'c0'] }]
  expect(score(report([...members, 'c0'], mixed), truth).campaigns[0]).toMatchObject({
    purity: 0.8,
    found: false,
  })
})

test('grey accounts count neither way', () => {
  const scored = score(report(['g0', 'h0', 'c0']), truth)
  expect(scored).toMatchObject({
    benign: 10,
    false_positives: 1,
    attack: 5,
    true_positives: 1,
    precision: 0.5,
  })
})

test('exposure counts what was answered until the account was flagged, and all where it never was', () => {
  const times = ['2026-02-03T11:00:00.000Z', noon, '2026-02-03T12:00:00.001Z']
  const exchanges = ['h0', 'h1', 'c0'].flatMap((account) =>
    times.map((time) => ({ account, time })),
  )
  const scored = score(report(['h0']), truth, exchanges)
  expect(scored.campaigns[0]).toMatchObject({ exchanges: 6, exposed: 2 + 3 })
  expect(scored).toMatchObject({ exchanges: 6, exposed: 5 })
})

test('the first flag of a campaign is dated from its first exchange, of any of its accounts', () => {
  const exchanges = [
    { account: 'h1', time: '2026-02-03T10:00:00.000Z' },
    { account: 'h2', time: '2026-02-03T11:59:00.000Z' },
    { account: 'h0', time: '2026-02-03T12:00:00.001Z' },
    { account: 'b0', time: noon },
  ]
  const { campaigns } = score(report(['h0']), truth, exchanges)
  expect(campaigns).toMatchObject([
    { name: 'hydra', first_flag_seconds: 7200, before_first_flag: 2 },
    { name: 'bulk', first_flag_seconds: null, before_first_flag: 1 },
  ])
})

test('a report that names an account twice, or an unknown one, is refused', () => {
  expect(() => score(report(['h0', 'h0']), truth)).toThrow('names h0 twice')
  expect(() => score(report(['who']), truth)).toThrow('does not know who')
  const twice = [
    { id: '1', accounts: ['h0'] },
    { id: '2', accounts: ['h0'] },
  ]
  expect(() => score(report(['h0'], twice), truth)).toThrow('h0 is in two campaigns')
})

test('whatever is flagged, the classes add up to the totals', () => {
  fc.assert(
    fc.property(fc.subarray(Object.keys(truth.accounts)), (flagged) => {
      const scored = score(report(flagged), truth)
      const sum = (label: string) =>
        scored.classes
          .filter((row) => row.label === label)
          .reduce((total, row) => total + row.flagged, 0)
      expect(sum('benign')).toBe(scored.false_positives)
      expect(sum('attack')).toBe(scored.true_positives)
      expect(scored.classes.reduce((total, row) => total + row.accounts, 0)).toBe(16)
      expect(scored.campaigns_found).toBeLessThanOrEqual(scored.campaigns_flagged)
    }),
  )
})

test("a reseller's campaign is shown apart and counts nowhere", () => {
  const accounts: Labels['accounts'] = {
    ...truth.accounts,
    s0: { label: 'grey', cls: 'station', campaign: 'station' },
  }
  const campaigns = { ...truth.campaigns, station: { label: 'grey' as const } }
  const scored = score(report(['s0']), { accounts, campaigns })
  expect(scored.campaigns.map(({ name }) => name)).toEqual(['hydra', 'bulk'])
  expect(scored.reselling).toMatchObject([{ name: 'station', flagged: 1 }])
  expect(scored.campaigns_flagged + scored.true_positives + scored.false_positives).toBe(0)
})

test('what its owner asked before an account was taken over is not exposed', () => {
  const since = '2026-02-03T00:00:00.000Z'
  const h0 = { label: 'attack', cls: 'hydra', campaign: 'hydra', since } as const
  const days = ['01', '02', '03', '04'].map((day) => ({
    account: 'h0',
    time: `2026-02-${day}T06:00:00.000Z`,
  }))
  const scored = score(report(['h0']), { ...truth, accounts: { ...truth.accounts, h0 } }, days)
  expect(scored).toMatchObject({ exchanges: 2, exposed: 1 })
})
