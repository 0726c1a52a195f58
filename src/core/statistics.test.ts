import { expect, test } from 'vitest'
import {
  log10BinomialTail,
  log10ChiSquaredLower,
  log10NormalLower,
  logGamma,
  quantile,
  shareAtLeast,
} from './statistics.ts'

test('logGamma agrees with factorials', () => {
  expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 9)
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 9)
})

test('the binomial tail agrees with a sum written out', () => {
  // P(X ≥ 3), n = 5, p = 0.2: 10·0.2³·0.8² + 5·0.2⁴·0.8 + 0.2⁵ = 0.05792
  expect(10 ** log10BinomialTail(3, 5, 0.2)).toBeCloseTo(0.05792, 6)
  expect(log10BinomialTail(0, 5, 0.2)).toBe(0)
  expect(log10BinomialTail(6, 5, 0.2)).toBe(-Infinity)
  expect(log10BinomialTail(40, 40, 0.05)).toBeCloseTo(40 * Math.log10(0.05), 6)
})

test('normal and chi-squared tails agree with tables', () => {
  expect(10 ** log10NormalLower(-1.959964)).toBeCloseTo(0.025, 5)
  // Φ(-10) = 7.619853e-24
  expect(log10NormalLower(-10)).toBeCloseTo(Math.log10(7.619853e-24), 3)
  // The 5 % point of chi-squared with 10 degrees of freedom is 3.940.
  expect(10 ** log10ChiSquaredLower(3.94, 10)).toBeCloseTo(0.05, 2)
})

test('quantile and shareAtLeast read a sorted list', () => {
  expect(quantile([1, 2, 3, 4, 5], 0.5)).toBe(3)
  expect(shareAtLeast([1, 2, 2, 3], 2)).toBe(0.75)
  expect(shareAtLeast([], 2)).toBe(0)
})
