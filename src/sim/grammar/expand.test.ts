import { expect, test } from 'vitest'
import { seeded } from '../../core/random.ts'
import { grammar, zipf } from './expand.ts'

const voice = { random: seeded('expand'), own: ['Ota'], topics: [] }

test('rules and terminals fill slots; braces that are no slot stay', () => {
  const made = grammar(
    { line: ['{ "a": {inner} }'], inner: ['<{own}>'] },
    { own: ({ own }) => own[0] ?? '' },
  )
  expect(made.expand('line', voice)).toBe('{ "a": <Ota> }')
})

test('an optional slot is sometimes there', () => {
  const made = grammar({ line: ['a{b?}'], b: ['b'] }, {})
  const seen = new Set(Array.from({ length: 40 }, () => made.expand('line', voice)))
  expect([...seen].sort()).toEqual(['a', 'ab'])
})

test('a slot that nothing fills is refused when the grammar is made', () => {
  expect(() => grammar({ line: ['{nothing}'] }, {})).toThrow('nothing fills {nothing}')
})

test('zipf draws the head most often and the tail at times', () => {
  const counts = new Map<number, number>()
  const items = Array.from({ length: 50 }, (_, at) => at)
  for (let left = 20_000; left > 0; left--) {
    const item = zipf(items, voice.random)
    counts.set(item, (counts.get(item) ?? 0) + 1)
  }
  expect(counts.size).toBe(50)
  expect((counts.get(0) ?? 0) / (counts.get(40) ?? 1)).toBeGreaterThan(8)
})
