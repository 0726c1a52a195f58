import { assert, constantFrom, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { hashBehind, pseudonym } from './pseudonym.ts'

const kinds = constantFrom('p' as const, 'x' as const, 'R' as const)
const hashes = integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

test('a pseudonym leads back to its fingerprint, and as its own kind only', () => {
  assert(
    property(kinds, kinds, hashes, (kind, other, hash) => {
      const name = pseudonym(kind, hash)
      expect(hashBehind(kind, name)).toBe(hash)
      if (other !== kind) expect(hashBehind(other, name)).toBeNull()
    }),
  )
})

test('any other name stands for no fingerprint', () => {
  const others = ['acct_1', 'p-', 'p-ABC', 'p1', 'pp-1', ' p-1', 'p-1\n', 'p-1-2', 'p-123456789abc']
  for (const name of others) expect(hashBehind('p', name)).toBeNull()
})
