import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/gateway/config.ts'
import { refusals } from '../../src/wire/refusal.ts'
import { root } from '../support/cli.ts'

const page = readFileSync(join(root, 'docs/gateway.md'), 'utf8')
const keys = readFileSync(join(root, 'docs/keys.md'), 'utf8')

/** The rows of the table under a header cell, each a list of its cells. */
function table(heading: string): readonly (readonly string[])[] {
  const lines = page.split('\n')
  const from = lines.findIndex((line) => line.startsWith(`| ${heading} |`))
  const rows = lines.slice(from + 2)
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')))
}

test('the settings shown can be used', () => {
  const blocks = [page, keys].flatMap((each) =>
    [...each.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text),
  )
  expect(blocks.length).toBeGreaterThan(1)
  const names = ['STILLWATCH_ADMIN_TOKEN', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY']
  const environment = Object.fromEntries(names.map((name) => [name, 'x'.repeat(32)]))
  for (const text of blocks) expect(readConfig(text, environment)).toMatchObject({ is: 'config' })
})

test('the refusals are those there are, with their status and whether to retry', () => {
  const rows = table('code').map(([, code, status, retry]) => [code, status, retry])
  const known = Object.entries(refusals).map(([code, rule]) => [
    code,
    code === 'upstream_broken' ? 'in a stream' : String(rule.status),
    rule.retry ? 'yes' : 'no',
  ])
  expect(rows).toEqual(known)
})

test('the limits are those of the schema, with what they are unless set', () => {
  const schema = JSON.parse(readFileSync(join(root, 'docs/stillwatch.schema.json'), 'utf8')) as {
    properties: { limits: { properties: Record<string, { default: number; description: string }> } }
  }
  const known = Object.entries(schema.properties.limits.properties)
  expect(table('limit').map(([, name, standard, about]) => [name, standard, about])).toEqual(
    known.map(([name, each]) => [name, String(each.default), each.description]),
  )
})
