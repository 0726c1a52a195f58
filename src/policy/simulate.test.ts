import { expect, test } from 'vitest'
import type { Standing } from '../record/index.ts'
import { type Policy, standardRules } from './policy.ts'
import { type Candidate, simulate } from './simulate.ts'

const policy: Policy = {
  enforce: false,
  kill_switch: true,
  rules: standardRules,
  refuse_without_review: [],
}
const flagged = (bucket: number): Standing => ({
  verdict: 'flagged',
  bucket,
  kind: 'relay-pool',
  case: 'C1',
  families: 3,
  since: 0,
})

test('who would be hit is told by tier and size, without a reviewer and with one', () => {
  const candidates: readonly Candidate[] = [
    { standing: null, tier: 'paid', exchanges: 50 },
    { standing: flagged(3), tier: 'paid', exchanges: 60 },
    { standing: flagged(6), tier: 'paid', exchanges: 20_000 },
    { standing: flagged(6), tier: 'anonymous', exchanges: 100 },
  ]
  const hits = simulate(policy, candidates).map(({ tier, exchanges, accounts, hit, upheld }) => [
    `${tier} ${exchanges.from}`,
    accounts,
    [hit.observe, hit.slow, hit.withhold, hit.refuse],
    upheld.refuse,
  ])
  expect(hits).toEqual([
    ['anonymous 100', 1, [0, 0, 0, 1], 1],
    ['paid 0', 2, [1, 1, 0, 0], 0],
    ['paid 10000', 1, [0, 0, 1, 0], 1],
    ['all 0', 4, [1, 1, 1, 1], 2],
  ])
})

test('a rule about some models counts as one about all', () => {
  const some: Policy = {
    ...policy,
    rules: [{ when: { verdict: 'flagged', models: ['x'] }, action: 'slow', expires_hours: 1 }],
  }
  const [hit] = simulate(some, [{ standing: flagged(5), tier: 'paid', exchanges: 1 }])
  expect(hit?.hit.slow).toBe(1)
})
