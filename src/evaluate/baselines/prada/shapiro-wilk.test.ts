import { expect, test } from 'vitest'
import { normalQuantile } from '../../../core/statistics.ts'
import { shapiroWilk } from './shapiro-wilk.ts'

test('the weights of eleven men, Shapiro & Wilk 1965', () => {
  // The paper's own weights give 0.79, Royston's (and R's shapiro.test) 0.7888.
  const men = [148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236]
  expect(shapiroWilk(men)).toBeCloseTo(0.7888, 4)
})

test('three values, by hand', () => {
  // (2⁻¹ᐟ² · 3)² / (14/3)
  expect(shapiroWilk([4, 1, 2])).toBeCloseTo(4.5 / (14 / 3), 12)
})

test.each([4, 5, 6, 20, 500, 5000])(
  '%i values placed as a normal distribution has them: near 1',
  (n) => {
    const values = Array.from({ length: n }, (_, at) => normalQuantile((at + 0.5) / n))
    expect(shapiroWilk(values)).toBeGreaterThan(0.98)
  },
)

test('two heaps are not normal, and equal values say nothing', () => {
  expect(shapiroWilk(Array.from({ length: 100 }, (_, at) => at % 2))).toBeLessThan(0.7)
  expect(shapiroWilk(Array.from({ length: 100 }, () => 0.3))).toBe(1)
})
