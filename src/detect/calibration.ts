import { assert } from '../core/assert.ts'

/**
 * How much must be shown before anybody is flagged, in powers of ten. All of it follows from one number,
 * the share of honest accounts that may ever be flagged: docs/detection.md §4 says what of that is derived
 * and what is measured.
 */
export type Bar = {
  /** The score from which an account may be flagged by itself, or in a group of which fewer than eight do as below. */
  readonly alone: number
  /** And where eight or more of its group each take something and show one hand. */
  readonly together: number
  /** And where all that is taken is volume, and one hand shows in a single way. */
  readonly volume: number
  /** How little chance may explain of one hand. */
  readonly chanceMax: number
  /** The score from which an account is watched. */
  readonly watch: number
}

/** One honest account in 10,000: the share unless told otherwise. */
export const falseShareUsual = 1e-4

/**
 * A score is log10 of a product of e-values, and it is looked at again and again: by Ville's inequality
 * an honest account's ever reaches 1/α with a chance of α at most.
 */
const aloneParts = 1
/**
 * Of honest groups few both take something and show one hand; asking for both is worth about a quarter of
 * the exponent (measured: docs/detection.md §7).
 */
const togetherParts = 3 / 4
/** Firms that automate draw much on accounts opened together; what they come to (3.96) is no bar with room. */
const volumeParts = 5 / 4
/** Of honest groups about one in fifteen asks for reasoning, and in each a few members came together by chance. */
const chanceParts = 5 / 8
/** Watching accuses nobody and does not depend on the share; it begins no later than flagging. */
const watchScoreMax = 1.5

/** The bar that keeps honest accounts flagged to at most this share of them. */
export function barOf(falseShareMax: number): Bar {
  assert(falseShareMax > 0 && falseShareMax < 1, 'a share of accounts is between 0 and 1')
  const powers = -Math.log10(falseShareMax)
  return {
    alone: aloneParts * powers,
    together: togetherParts * powers,
    volume: volumeParts * powers,
    chanceMax: -chanceParts * powers,
    watch: Math.min(watchScoreMax, togetherParts * powers),
  }
}
