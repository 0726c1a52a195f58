import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { detectors } from './catalogue.ts'

const sections = [
  'What it sees',
  'Why that is rare among honest customers',
  'How it is weighed',
  'Known false positives',
  'Evasions',
  'References',
]

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}

describe.each(detectors)('the page of $id', ({ id, title, family }) => {
  const page = read(`detectors/${id}/README.md`)
  const code = read(`detectors/${id}/detector.ts`)

  test('has the head that its code has', () => {
    const [, head] = page.split('---\n')
    const techniques = [...new Set(code.match(/AML\.T[0-9.]+[0-9]/g))].sort()
    expect(head?.trim().split('\n')).toEqual([
      `id: ${id}`,
      `family: ${family}`,
      'status: experimental',
      `atlas: ${techniques.join(', ') || 'none'}`,
    ])
    expect(page).toContain(`\n# ${title}\n`)
  })

  test('has every section, in order, and none is empty', () => {
    const parts = page.split('\n## ').slice(1)
    expect(parts.map((part) => part.split('\n')[0])).toEqual(sections)
    for (const part of parts) expect(part.split('\n').slice(1).join('').length).toBeGreaterThan(40)
  })

  test('is linked from the index, with its family', () => {
    const row = read('../../docs/detectors.md')
      .split('\n')
      .find((line) => line.startsWith(`| [${id}](../src/detect/detectors/${id}/README.md)`))
    expect(row?.split('|')[3]?.trim()).toBe(family)
  })

  test('gives the family of its evidence as that of the detector', () => {
    const families = [...code.matchAll(/family: '([a-z-]+)'/g)].map((match) => match[1])
    expect(new Set(families)).toEqual(new Set([family]))
  })
})

test.each(detectors)('$id can show what it says, and says what would clear it', (detector) => {
  expect(detector.shows).toBeDefined()
  // One customer, one class or questions that others ask speak for an account.
  const speaksFor = ['one-customer', 'one-place', 'public-questions'].includes(detector.id)
  expect(detector.clears === undefined).toBe(speaksFor)
})

test('the index lists no detector that does not exist', () => {
  const listed = [...read('../../docs/detectors.md').matchAll(/^\| \[([a-z-]+)\]/gm)]
  expect(new Set(listed.map((match) => match[1]))).toEqual(new Set(detectors.map(({ id }) => id)))
})
