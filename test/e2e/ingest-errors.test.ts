import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rejectionReasons } from '../../src/ingest/rejects.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')

test('docs/errors.md lists every error code, and no other', () => {
  const source = readFileSync(join(root, 'src/core/error.ts'), 'utf8')
  const union = /export type ErrorCode =([^\n]*\n(?:  \|[^\n]*\n)*)/.exec(source)?.[1] ?? ''
  const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code)
  expect(codes.length).toBeGreaterThan(10)
  expect(firstColumn('Codes')).toEqual(codes)
})

test('docs/errors.md lists every rejection reason, and no other', () => {
  expect(firstColumn('Rejected lines')).toEqual([...rejectionReasons])
})

test('docs/formats/README.md names no problem that has no reason', () => {
  const formats = readFileSync(join(root, 'docs/formats/README.md'), 'utf8')
  const row = /^\| `problem` .*$/m.exec(formats)?.[0] ?? ''
  const problems = [...row.matchAll(/`([a-z]+-[a-z-]+)`/g)].map(([, problem]) => problem)
  expect(problems.length).toBeGreaterThan(4)
  for (const problem of problems) expect(rejectionReasons).toContain(problem)
})

function firstColumn(heading: string): readonly (string | undefined)[] {
  const section = page.split('\n## ').find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, word]) => word)
}
