import { crc32 } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isKey, makeKey } from './key.ts'

const entropy = fc.uint8Array({ minLength: 32, maxLength: 32 })

test('a key has the form that scanners are told of, whatever chance gave', () => {
  fc.assert(
    fc.property(entropy, (bytes) => {
      const key = makeKey(bytes)
      expect(key).toMatch(/^sw-[0-9A-Za-z]{49}$/)
      expect(isKey(key)).toBe(true)
    }),
  )
})

test('different chance, different key', () => {
  fc.assert(
    fc.property(entropy, entropy, (one, other) => {
      expect(makeKey(one) === makeKey(other)).toBe(Buffer.compare(one, other) === 0)
    }),
  )
})

test('one wrong character is noticed', () => {
  fc.assert(
    fc.property(entropy, fc.integer({ min: 3, max: 51 }), (bytes, at) => {
      const key = makeKey(bytes)
      const other = key[at] === 'x' ? 'y' : 'x'
      expect(isKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false)
    }),
  )
})

test('the checksum is the CRC-32 that zlib knows', () => {
  const key = makeKey(new Uint8Array(32).fill(7))
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const told = key
    .slice(-6)
    .split('')
    .reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)
  expect(told).toBe(crc32(key.slice(3, -6)))
})
