import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tiers } from '../../src/access/tier.ts'
import { configOf, readConfig } from '../../src/gateway/config.ts'
import {
  actions,
  decide,
  floors,
  type Policy,
  type Rule,
  standardRules,
} from '../../src/policy/index.ts'
import type { Ruling, Standing } from '../../src/record/index.ts'
import { root } from '../support/cli.ts'

const page = readFileSync(join(root, 'docs/policy.md'), 'utf8')

/** The lines between two marks of the page. */
function marked(name: string): readonly string[] {
  const lines = page.split('\n')
  return lines.slice(lines.indexOf(`<!-- ${name} -->`) + 1, lines.indexOf(`<!-- /${name} -->`))
}

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
const head = (cells: readonly string[]): readonly string[] => [
  row(cells),
  `|${'---|'.repeat(cells.length)}`,
]

const found = { kind: 'relay-pool', case: 'C1', since: 1_790_000_000 } as const
const standings: readonly (readonly [string, Standing | null])[] = [
  ['clear', null],
  ['watch', { ...found, verdict: 'watch', bucket: 6, families: 4 }],
  ['flagged, bucket 3, 2 families', { ...found, verdict: 'flagged', bucket: 3, families: 2 }],
  ['flagged, bucket 4, 2 families', { ...found, verdict: 'flagged', bucket: 4, families: 2 }],
  ['flagged, bucket 5, 3 families', { ...found, verdict: 'flagged', bucket: 5, families: 3 }],
]
const ruling = (decision: Ruling['decision']): Ruling => ({
  case: 'C1',
  accounts: ['a'],
  decision,
  reviewer: 'Dana',
  why: 'looked at',
  at: '2026-11-01T00:00:00Z',
  until: '2026-12-01T00:00:00Z',
})
const reviews: readonly (readonly [string, Ruling | null])[] = [
  ['nobody', null],
  ['upheld', ruling('uphold')],
  ['overturned', ruling('overturn')],
]

test('the truth table is what the standard rules come to', () => {
  const rows = [true, false].flatMap((enforce) =>
    standings.flatMap(([verdict, standing]) =>
      reviews.map(([reviewed, by]) => {
        const policy: Policy = {
          enforce,
          kill_switch: false,
          rules: standardRules,
          refuse_without_review: [],
        }
        const cells = tiers.map((tier) => {
          const decision = decide(policy, {
            standing,
            tier,
            shared: false,
            route: '/v1/chat/completions',
            model: null,
            jurisdiction: null,
            ruling: by,
            spent: new Set(),
            passed: false,
          })
          return decision.action
        })
        return row([enforce ? 'on' : 'off', verdict, reviewed, ...cells])
      }),
    ),
  )
  expect(marked('truth table')).toEqual([
    ...head(['`enforce`', 'verdict', 'reviewed', ...tiers]),
    ...rows,
  ])
})

test('the floors are those of the code', () => {
  expect(marked('floors')).toEqual([
    ...head(['action', 'verdict at least', '`families_min` at least', '`bucket_min` at least']),
    ...actions
      .filter((action) => action !== 'observe')
      .map((action) => {
        const { verdict, families, bucket } = floors[action]
        return row([`\`${action}\``, verdict, families, bucket])
      }),
  ])
})

test('the settings shown can be used', () => {
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
  expect(blocks.length).toBeGreaterThan(0)
  for (const text of blocks) expect(readConfig(text, {})).toMatchObject({ is: 'config' })
})

test('the schema fills in the standard rules, and enforces nothing', () => {
  const { config } = configOf({
    upstream: { url: 'https://api.example.com', dialect: 'both' },
    listen: {},
    detect: false,
  })
  expect(config.policy).toMatchObject({ enforce: false, kill_switch: false, rules: standardRules })
})

test('the standard rules are those of the code', () => {
  const when = ({ when: { verdict, ...rest } }: Rule): string =>
    [verdict, ...Object.values(rest).map((each) => each.join(' or '))].join(', ')
  expect(marked('standard rules')).toEqual([
    ...head(['when', '`families_min`', '`bucket_min`', 'action', '`expires_hours`']),
    ...standardRules.map((rule) =>
      row([
        when(rule),
        rule.families_min ?? floors[rule.action].families,
        rule.bucket_min ?? floors[rule.action].bucket,
        `\`${rule.action}\``,
        rule.expires_hours,
      ]),
    ),
  ])
})
