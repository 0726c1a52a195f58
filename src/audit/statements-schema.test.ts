import { readFileSync, rmSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { afterAll, expect, test } from 'vitest'
import { readReviews } from './reviews.ts'
import { readVouches } from './vouches.ts'

// What the pages show, what the schemas accept and what is read are the same.

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-entries-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ajv = new Ajv2020({ strict: true, strictRequired: false })
formats.default(ajv)

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
}

test.each([
  ['vouch', 'vouches', readVouches],
  ['review', 'reviews', readReviews],
] as const)('the lines on the page of %s are valid and can be read', (name, page, reader) => {
  const validate = ajv.compile(JSON.parse(read(`src/record/${name}.schema.json`)) as object)
  const lines = /```json\n([^`]+)```/.exec(read(`docs/formats/${page}.md`))?.[1] ?? ''
  const file = join(folder, `${name}.jsonl`)
  writeFileSync(file, lines)
  const found = reader([file])
  expect(found).toHaveLength(2)
  for (const line of lines.trim().split('\n')) {
    const entry = JSON.parse(line) as Record<string, unknown>
    expect(validate(entry)).toBe(true)
    for (const field of Object.keys(entry)) {
      const { [field]: _left, ...rest } = entry
      writeFileSync(file, JSON.stringify(rest))
      // A field is needed by the schema if and only if it is needed by the reader.
      const works = (): boolean => {
        try {
          return reader([file]).length === 1
        } catch {
          return false
        }
      }
      expect(works()).toBe(validate(rest))
    }
  }
})
