import { expect, test } from 'vitest'
import {
  clopperPearson,
  log10BinomialTail,
  log10ChiSquaredLower,
  log10NormalLower,
  logGamma,
  normalQuantile,
  quantile,
  shareAtLeast,
  wilson,
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

// Newcombe 1998, “Two-sided confidence intervals for the single proportion”, Stat. Med. 17, table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('the interval of %i of %i is the published one', (count, of, low, high) => {
  expect(wilson(count, of).low).toBeCloseTo(low, 4)
  expect(wilson(count, of).high).toBeCloseTo(high, 4)
})

test('an interval knows its ends, and that nothing is known of none', () => {
  expect(wilson(20, 20)).toEqual({ low: expect.closeTo(1 - 0.1611, 4), high: 1 })
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
})

test('normal quantiles agree with tables', () => {
  const tabled = [0.975, 0.95, 0.5, 0.25, 0.001, 1e-9].map(normalQuantile)
  const expected = [1.959964, 1.6448536, 0, -0.6744898, -3.0902323, -5.997807]
  expected.forEach((value, at) => expect(tabled[at]).toBeCloseTo(value, 5))
})

test('the exact interval agrees with the table, and its ends are as unlikely as it says', () => {
  // Of none of 100: 1 − 0.025^(1/100). Of 10 of 20: roots of the two tails.
  expect(clopperPearson(0, 100).high).toBeCloseTo(1 - 0.025 ** (1 / 100), 9)
  expect(clopperPearson(10, 20)).toEqual({
    low: expect.closeTo(0.27196, 5),
    high: expect.closeTo(0.72804, 5),
  })
  const { low, high } = clopperPearson(3, 300)
  expect(10 ** log10BinomialTail(3, 300, low)).toBeCloseTo(0.025, 6)
  expect(10 ** log10BinomialTail(297, 300, 1 - high)).toBeCloseTo(0.025, 6)
})
