/** Natural log of the gamma function for x > 0, to 1e-10 (Lanczos, g = 7, n = 9; Numerical Recipes §6.1). */
export function logGamma(x: number): number {
  const shifted = x - 1
  let sum = lanczos[0]
  for (let at = 1; at < lanczos.length; at++) sum += (lanczos[at] ?? 0) / (shifted + at)
  const t = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum)
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
] as const

/**
 * log10 P(X ≥ k) for X ~ Binomial(n, p), by summing from the largest term. Exact to rounding; 0 for
 * k ≤ 0, -Infinity for an impossible k.
 */
export function log10BinomialTail(k: number, n: number, p: number): number {
  if (k <= 0 || p >= 1) return 0
  if (k > n || p <= 0) return -Infinity
  // Below the mean the tail is more than about a half: the exact value would not matter to a test.
  if (k <= n * p) return 0
  let term = logBinomialTerm(k, n, p)
  let sum = 1
  let ratio = 1
  for (let i = k; i < n && ratio > 1e-12 * sum; i++) {
    ratio *= ((n - i) / (i + 1)) * (p / (1 - p))
    sum += ratio
  }
  term += Math.log(sum)
  return Math.min(0, term / Math.LN10)
}

function logBinomialTerm(k: number, n: number, p: number): number {
  const choose = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
  return choose + k * Math.log(p) + (n - k) * Math.log1p(-p)
}

/**
 * log10 P(X ≤ x) for X ~ chi-squared with `df` degrees of freedom, by the Wilson–Hilferty cube-root
 * normal approximation (1931); good to some percent of the exponent, which is all a capped weight needs.
 */
export function log10ChiSquaredLower(x: number, df: number): number {
  if (x <= 0) return -Infinity
  const spread = 2 / (9 * df)
  return log10NormalLower((Math.cbrt(x / df) - (1 - spread)) / Math.sqrt(spread))
}

/** log10 P(Z ≤ z) for a standard normal Z; by the asymptotic series (Abramowitz & Stegun 26.2.12) below -5. */
export function log10NormalLower(z: number): number {
  if (z > -5) return Math.log10(Math.max(normalLower(z), 1e-300))
  const square = z * z
  const series = 1 - 1 / square + 3 / (square * square)
  return (-square / 2 - Math.log(-z * Math.sqrt(2 * Math.PI)) + Math.log(series)) / Math.LN10
}

/** Abramowitz & Stegun 26.2.17, |error| < 7.5e-8. */
function normalLower(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const upper = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly
  return z < 0 ? upper : 1 - upper
}

/** The value below which `share` of the sorted `values` lie; NaN of none. */
export function quantile(sorted: readonly number[] | Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = Math.min(sorted.length - 1, Math.max(0, share * (sorted.length - 1)))
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

/** How many of the sorted `values` are below `limit`. */
export function countBelow(sorted: readonly number[] | Float64Array, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < limit) low = middle + 1
    else high = middle
  }
  return low
}

/** How many of the sorted `values` are in [from, to). */
export function countWithin(
  sorted: readonly number[] | Float64Array,
  from: number,
  to: number,
): number {
  return countBelow(sorted, to) - countBelow(sorted, from)
}

/** The share of the sorted `values` that are ≥ `value`; 0 of none. */
export function shareAtLeast(sorted: readonly number[] | Float64Array, value: number): number {
  return sorted.length === 0 ? 0 : (sorted.length - countBelow(sorted, value)) / sorted.length
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** A range that holds the true share in 95 of 100 samples. */
export type Interval = { readonly low: number; readonly high: number }

/** The 97.5 % point of the standard normal distribution. */
const z95 = 1.959963984540054

/**
 * The 95 % score interval of Wilson (1927) for `count` of `of`, without continuity correction: unlike
 * count ± 2 s it says something of 0 too (0 of 465 leaves room for 0.8 %). [0, 1] of none.
 */
export function wilson(count: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 }
  const share = count / of
  const square = z95 * z95
  const middle = share + square / (2 * of)
  const reach = z95 * Math.sqrt((share * (1 - share) + square / (4 * of)) / of)
  const whole = 1 + square / of
  return {
    low: count === 0 ? 0 : (middle - reach) / whole,
    high: count === of ? 1 : (middle + reach) / whole,
  }
}

/**
 * The exact 95 % interval of Clopper & Pearson (1934) for `count` of `of`, by bisection: it never covers less
 * often than it says, where Wilson's does so on average. [0, 1] of none.
 */
export function clopperPearson(count: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 }
  const tail = Math.log10(0.025)
  // Counted from whichever side the tail is on, for only far tails are worked out.
  const atLeast = (k: number, p: number): number => log10BinomialTail(k, of, p)
  const atMost = (k: number, p: number): number => log10BinomialTail(of - k, of, 1 - p)
  return {
    low: count === 0 ? 0 : crossing((p) => atLeast(count, p) > tail),
    high: count === of ? 1 : crossing((p) => atMost(count, p) < tail),
  }
}

/** Where in [0, 1] `passed` turns true, to 1e-12. */
function crossing(passed: (p: number) => boolean): number {
  let low = 0
  let high = 1
  for (let at = 0; at < 40; at++) {
    const middle = (low + high) / 2
    if (passed(middle)) high = middle
    else low = middle
  }
  return high
}

/** The value below which a standard normal deviate falls with probability `p`; Wichura 1988 (AS 241, PPND7), to 1e-7. */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (
      (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1)
    )
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  const s = r <= 5 ? r - 1.6 : r - 5
  const value =
    r <= 5
      ? (((0.17023821103 * s + 1.3067284816) * s + 2.75681539) * s + 1.4234372777) /
        ((0.12021132975 * s + 0.7370016425) * s + 1)
      : (((0.017337203997 * s + 0.42868294337) * s + 3.081226386) * s + 6.657905115) /
        ((0.012258202635 * s + 0.24197894225) * s + 1)
  return q < 0 ? -value : value
}
