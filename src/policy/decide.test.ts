import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tiers } from '../access/tier.ts'
import { campaignKinds, type CaseRecord, type Ruling, type Standing } from '../record/index.ts'
import { decide, type Subject } from './decide.ts'
import {
  type Action,
  actions,
  floors,
  gravity,
  type Policy,
  type Rule,
  ruleProblems,
  standardRules,
  verdictRank,
} from './policy.ts'
import { rulingInForce, spent } from './spent.ts'

const enforced: Policy = {
  enforce: true,
  kill_switch: false,
  rules: standardRules,
  refuse_without_review: [],
}

const strong: Standing = {
  verdict: 'flagged',
  bucket: 6,
  kind: 'relay-pool',
  case: 'C3',
  families: 4,
  since: 1_790_000_000,
}

function subject(over: Partial<Subject> = {}): Subject {
  return {
    standing: strong,
    tier: 'paid',
    shared: false,
    route: '/v1/chat/completions',
    model: { name: 'gpt-5-mini' },
    jurisdiction: null,
    ruling: null,
    spent: new Set(),
    passed: false,
    ...over,
  }
}

function ruling(decision: Ruling['decision'], over: Partial<Ruling> = {}): Ruling {
  const dates = { at: '2026-11-01T00:00:00Z', until: '2026-12-01T00:00:00Z' }
  return { case: 'C3', accounts: ['a'], decision, reviewer: 'Dana', why: 'w', ...dates, ...over }
}

describe('who pays is shut out by a person, and by nobody else', () => {
  test('without a reviewer a refusal becomes the gravest that needs none', () => {
    expect(decide(enforced, subject())).toMatchObject({ action: 'withhold', because: 'rule' })
  })

  test('with one in force it is a refusal', () => {
    expect(decide(enforced, subject({ ruling: ruling('uphold') })).action).toBe('refuse')
  })

  test('an operator may say otherwise for a tier', () => {
    const policy: Policy = { ...enforced, refuse_without_review: ['paid'] }
    expect(decide(policy, subject()).action).toBe('refuse')
    expect(decide(policy, subject({ tier: 'contract' })).action).toBe('withhold')
  })

  test('callers nobody knows need none', () => {
    expect(decide(enforced, subject({ tier: 'anonymous' })).action).toBe('refuse')
  })
})

test('callers who share an account are never refused for each other', () => {
  const asked = subject({ tier: 'anonymous', shared: true })
  expect(decide(enforced, asked).action).toBe('challenge')
})

test('who has answered a challenge meets what is milder than it', () => {
  const standing = { ...strong, bucket: 4, families: 2 }
  const asked = subject({ standing, tier: 'anonymous' })
  expect(decide(enforced, asked).action).toBe('challenge')
  expect(decide(enforced, { ...asked, passed: true }).action).toBe('withhold')
})

describe('a rule is about what it names', () => {
  const only = (when: Partial<Rule['when']>): Policy => ({
    ...enforced,
    rules: [{ when: { verdict: 'flagged', ...when }, action: 'withhold', expires_hours: 1 }],
  })
  const cases: readonly (readonly [string, Policy, Partial<Subject>, Partial<Subject>])[] = [
    [
      'kinds',
      only({ kinds: ['relay-pool'] }),
      {},
      { standing: { ...strong, kind: 'single-account' } },
    ],
    ['tiers', only({ tiers: ['paid'] }), {}, { tier: 'contract' }],
    ['routes', only({ routes: ['/v1/messages'] }), { route: '/v1/messages' }, {}],
    ['models', only({ models: ['gpt-5*'] }), {}, { model: { name: 'gpt-4o' } }],
    ['models, by whole name', only({ models: ['gpt-5-MINI'] }), {}, { model: { name: 'gpt-5' } }],
    ['a hidden model', only({ models: ['o9'] }), { model: 'unreadable' }, { model: null }],
    ['jurisdictions', only({ jurisdictions: ['FR'] }), { jurisdiction: 'FR' }, {}],
  ]
  test.each(cases)('%s', (_, policy, hit, missed) => {
    expect(decide(policy, subject(hit)).action).toBe('withhold')
    expect(decide(policy, subject(missed))).toMatchObject({ action: 'observe', because: 'no-rule' })
  })
})

// Laws, for any policy and any request.

const verdict = fc.constantFrom('watch', 'flagged')
const action = fc.constantFrom(...actions)
const anyStanding: fc.Arbitrary<Standing> = fc.record({
  verdict,
  bucket: fc.nat(7),
  kind: fc.constantFrom(...campaignKinds),
  case: fc.constant('C1'),
  families: fc.nat(7),
  since: fc.constant(1_790_000_000),
})
const anyRule: fc.Arbitrary<Rule> = fc.record(
  {
    when: fc.record(
      {
        verdict,
        kinds: fc.subarray([...campaignKinds]),
        tiers: fc.subarray([...tiers]),
      },
      { requiredKeys: ['verdict'] },
    ),
    action,
    families_min: fc.nat(7),
    bucket_min: fc.nat(7),
    expires_hours: fc.constant(1),
  },
  { requiredKeys: ['when', 'action', 'expires_hours'] },
)
const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  enforce: fc.constant(true),
  kill_switch: fc.constant(false),
  rules: fc.array(anyRule, { maxLength: 6 }),
  refuse_without_review: fc.subarray([...tiers]),
})
const anySubject: fc.Arbitrary<Subject> = fc.record({
  standing: anyStanding,
  tier: fc.constantFrom(...tiers),
  shared: fc.boolean(),
  route: fc.constant('/v1/chat/completions'),
  model: fc.constant(null),
  jurisdiction: fc.constant(null),
  ruling: fc.option(fc.constantFrom(ruling('uphold'), ruling('overturn'))),
  spent: fc.subarray([...actions]).map((list) => new Set<Action>(list)),
  passed: fc.boolean(),
})

const law = (check: (policy: Policy, asked: Subject) => void): void =>
  fc.assert(fc.property(anyPolicy, anySubject, check), { numRuns: 2000 })

const graver = (policy: Policy, asked: Subject): number => gravity(decide(policy, asked).action)

describe('laws', () => {
  test('the gravest wins: all rules together do what the gravest of them does alone', () => {
    law((policy, asked) => {
      const alone = policy.rules.map((rule) => graver({ ...policy, rules: [rule] }, asked))
      expect(graver(policy, asked)).toBe(Math.max(0, ...alone))
    })
  })

  test('more evidence never makes it milder', () => {
    fc.assert(
      fc.property(anyPolicy, anySubject, anyStanding, (policy, asked, other) => {
        const { standing: had } = asked
        if (had === null) return
        const more: Standing = {
          ...had,
          verdict: verdictRank(other.verdict) > verdictRank(had.verdict) ? 'flagged' : had.verdict,
          bucket: Math.max(had.bucket, other.bucket),
          families: Math.max(had.families, other.families),
        }
        expect(graver(policy, { ...asked, standing: more })).toBeGreaterThanOrEqual(
          graver(policy, asked),
        )
      }),
      { numRuns: 2000 },
    )
  })

  test('nothing is done that is not enforced, or after the kill switch', () => {
    law((policy, asked) => {
      const judged = decide(policy, asked).judged
      const off = decide({ ...policy, enforce: false }, asked)
      expect([off.action, off.judged]).toEqual(['observe', judged])
      expect(decide({ ...policy, kill_switch: true }, asked).action).toBe('observe')
    })
  })

  test('nothing is done to who is clear, or was overturned', () => {
    law((policy, asked) => {
      for (const over of [{ standing: null }, { ruling: ruling('overturn') }])
        expect(decide(policy, { ...asked, ...over })).toMatchObject({
          action: 'observe',
          judged: 'observe',
        })
    })
  })

  test('no action is taken below its floor, whatever a file says', () => {
    law((policy, asked) => {
      const { standing } = asked
      const floor = floors[decide(policy, asked).action]
      expect(standing?.families ?? 0).toBeGreaterThanOrEqual(floor.families)
      expect(standing?.bucket ?? 0).toBeGreaterThanOrEqual(floor.bucket)
      expect(verdictRank(standing?.verdict ?? 'clear')).toBeGreaterThanOrEqual(
        verdictRank(floor.verdict),
      )
    })
  })

  test('on a tier that pays nobody is challenged or refused without a reviewer', () => {
    law((policy, asked) => {
      const alone: Policy = { ...policy, refuse_without_review: [] }
      if (asked.ruling?.decision === 'uphold' || asked.tier === 'anonymous') return
      expect(graver(alone, asked)).toBeLessThan(gravity('challenge'))
    })
  })

  test('what has had its time is not taken again', () => {
    law((policy, asked) => {
      const done = decide(policy, asked).action
      if (done === 'observe') return
      expect(asked.spent.has(done)).toBe(false)
    })
  })
})

test('the floors grow with the gravity, so that what is milder is always allowed', () => {
  for (const [at, name] of actions.entries()) {
    const milder = floors[actions[at - 1] ?? 'observe']
    expect(floors[name].families).toBeGreaterThanOrEqual(milder.families)
    expect(floors[name].bucket).toBeGreaterThanOrEqual(milder.bucket)
    expect(verdictRank(floors[name].verdict)).toBeGreaterThanOrEqual(verdictRank(milder.verdict))
  }
})

test('the standard rules have no problems; a lower floor and a mark have', () => {
  expect(standardRules.flatMap(ruleProblems)).toEqual([])
  const bad: Rule = { when: { verdict: 'watch' }, action: 'mark', bucket_min: 0, expires_hours: 1 }
  expect(ruleProblems(bad).map(({ field }) => field)).toEqual(['action', 'bucket_min'])
  expect(ruleProblems({ ...bad, action: 'refuse' }).map(({ field }) => field)).toEqual([
    'when',
    'bucket_min',
  ])
})

describe('an action ends', () => {
  const opened: CaseRecord = {
    id: 'S-1',
    opened: '2026-11-01T00:00:00.000Z',
    expires: '2026-11-04T00:00:00.000Z',
    account: 'a',
    tier: 'paid',
    action: 'withhold',
    enforced: true,
    rule: 1,
    config_version: 'v',
    verdict: 'flagged',
    kind: 'relay-pool',
    bucket: strong.bucket,
    families: strong.families,
    since: new Date(1_790_000_000_000).toISOString(),
    campaign: 'C3',
    reviewer: null,
    statement: '',
  }
  const before = Date.parse('2026-11-03T23:59:59Z')
  const after = Date.parse('2026-11-04T00:00:00Z')

  test('at its hour, on the evidence it was taken on', () => {
    expect([...spent([opened], strong, null, before)]).toEqual([])
    expect([...spent([opened], strong, null, after)]).toEqual(['withhold'])
  })

  test('not where the evidence has grown, or a reviewer upholds it', () => {
    for (const more of [{ bucket: 7 }, { families: 5 }, { since: 1_790_003_600 }])
      expect(spent([opened], { ...strong, ...more }, null, after).size).toBe(0)
    expect(spent([opened], strong, ruling('uphold'), after).size).toBe(0)
  })
})

test('a ruling begins, ends, and gives way to a later one', () => {
  const [first, second] = [ruling('uphold'), ruling('overturn', { at: '2026-11-10T00:00:00Z' })]
  const at = (moment: string): string | undefined =>
    rulingInForce([first, second], Date.parse(moment))?.decision
  expect(at('2026-10-31T23:59:59Z')).toBeUndefined()
  expect(at('2026-11-09T23:59:59Z')).toBe('uphold')
  expect(at('2026-11-10T00:00:00Z')).toBe('overturn')
  expect(at('2026-12-01T00:00:00Z')).toBeUndefined()
})
