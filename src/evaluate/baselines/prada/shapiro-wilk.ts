import { normalQuantile } from '../../../core/statistics.ts'

/**
 * W of Shapiro and Wilk (1965), near 1 for a sample of a normal distribution, with the weights of Royston
 * (1995, AS R94), which hold for 3 to 5,000 values. 1 for values that are all equal: nothing can be said.
 */
export function shapiroWilk(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  const average = sorted.reduce((sum, value) => sum + value, 0) / n
  const spread = sorted.reduce((sum, value) => sum + (value - average) ** 2, 0)
  if (n < 3 || spread <= 1e-12) return 1
  const weights = weightsOf(n)
  const along = sorted.reduce((sum, value, at) => sum + (weights[at] ?? 0) * value, 0)
  return Math.min(1, along ** 2 / spread)
}

function weightsOf(n: number): readonly number[] {
  if (n === 3) return [-Math.SQRT1_2, 0, Math.SQRT1_2]
  const expected = Array.from({ length: n }, (_, at) =>
    normalQuantile((at + 1 - 0.375) / (n + 0.25)),
  )
  const square = expected.reduce((sum, value) => sum + value * value, 0)
  const u = 1 / Math.sqrt(n)
  const last = at(expected, n - 1) / Math.sqrt(square) + polynomial(u, outermost)
  if (n <= 5) {
    const scale = Math.sqrt((square - 2 * at(expected, n - 1) ** 2) / (1 - 2 * last ** 2))
    return expected.map((value, place) => outer(place, n, [last]) ?? value / scale)
  }
  const next = at(expected, n - 2) / Math.sqrt(square) + polynomial(u, second)
  const rest = square - 2 * at(expected, n - 1) ** 2 - 2 * at(expected, n - 2) ** 2
  const scale = Math.sqrt(rest / (1 - 2 * last ** 2 - 2 * next ** 2))
  return expected.map((value, place) => outer(place, n, [last, next]) ?? value / scale)
}

/** Royston's corrections of the last two weights, by powers of 1/√n from the first on. */
const outermost = [0.221157, -0.147981, -2.07119, 4.434685, -2.706056] as const
const second = [0.042981, -0.293762, -1.752461, 5.682633, -3.582633] as const

function polynomial(u: number, coefficients: readonly number[]): number {
  return coefficients.reduceRight((sum, coefficient) => (sum + coefficient) * u, 0)
}

/** The weight at a place that is among the outermost on either side. */
function outer(place: number, n: number, weights: readonly number[]): number | undefined {
  const low = weights[place]
  return low === undefined ? weights[n - 1 - place] : -low
}

const at = (values: readonly number[], place: number): number => values[place] ?? 0
