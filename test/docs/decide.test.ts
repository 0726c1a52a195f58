import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../src/gateway/config.ts'
import { asked, shipped } from '../../src/gateway/decide-server.ts'
import { root } from '../support/cli.ts'

const page = readFileSync(join(root, 'docs/decide.md'), 'utf8')
const text = readFileSync(join(root, 'docs/openapi.yaml'), 'utf8')

type Described = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties?: object }>>
  }
}

const described = parse(text) as Described

test('openapi.yaml is OpenAPI 3.1', async () => {
  const result = await new Validator().validate(text)
  expect(result).toMatchObject({ valid: true })
  expect(await new Validator().validate(text.replace('paths:', 'path:'))).toMatchObject({
    valid: false,
  })
})

test('it has the paths there are, and no others', () => {
  const known = Object.entries(described.paths).flatMap(([path, item]) =>
    ['get', 'post'].filter((method) => item[method]).map((each) => `${each.toUpperCase()} ${path}`),
  )
  expect(known.sort()).toEqual([...Object.keys(asked), ...Object.keys(shipped)].sort())
})

test('the page names every field of a question and of an answer', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  )
  const { Question, Advice } = described.components.schemas
  const fields = [Question, Advice].flatMap((each) => Object.keys(each?.properties ?? {}))
  expect(named.sort()).toEqual(fields.sort())
})

test('the settings shown can be used', () => {
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml = '']) => yaml)
  expect(blocks).toHaveLength(1)
  const environment = { STILLWATCH_DECIDE_TOKEN: 'x'.repeat(16) }
  expect(readConfig(blocks[0] ?? '', environment)).toMatchObject({ is: 'config' })
})
