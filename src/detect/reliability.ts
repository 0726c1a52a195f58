import { wilson } from '../core/statistics.ts'
import type { DetectorReview, Review } from '../record/review.ts'
import type { Detector, Evidence } from './detector.ts'

/**
 * The share of cases in which a detector's reasons may turn out wrong before it is believed less. A flag
 * asks for a person's look, so some are expected to be overturned.
 */
const overturnedShareMax = 0.25
/** How many cases that expectation is worth beside those that were reviewed. */
const priorCases = 4

/**
 * How often each detector's reasons stood up to review, counted by case: accounts of one case stand and
 * fall together. Where the 95 % interval of the share overturned lies above what is tolerated, its weights
 * are multiplied by the share upheld over the share that was expected to be, both with a Beta prior of four
 * cases: 6 of 10 overturned is 0.67, 8 of 8 a third, and two of two are too few to change anything.
 */
export function reviewDetectors(reviews: readonly Review[]): readonly DetectorReview[] {
  const counts = new Map<string, { upheld: number; overturned: number }>()
  for (const { verdict, detectors } of reviews)
    for (const detector of new Set(detectors)) {
      const count = counts.get(detector) ?? { upheld: 0, overturned: 0 }
      count[verdict] += 1
      counts.set(detector, count)
    }
  return [...counts]
    .map(([detector, count]) => ({
      detector,
      ...count,
      ...wilson(count.overturned, count.upheld + count.overturned),
      factor: factorOf(count),
    }))
    .sort((a, b) => (a.detector < b.detector ? -1 : 1))
}

function factorOf({
  upheld,
  overturned,
}: {
  readonly upheld: number
  readonly overturned: number
}): number {
  const cases = upheld + overturned
  if (wilson(overturned, cases).low <= overturnedShareMax) return 1
  const expected = 1 - overturnedShareMax
  return (upheld + expected * priorCases) / (cases + priorCases) / expected
}

/** The detectors with weights against accounts scaled by how they stood up to review. */
export function calibrated(
  detectors: readonly Detector[],
  reviewed: readonly DetectorReview[],
): readonly Detector[] {
  const factors = new Map(reviewed.map(({ detector, factor }) => [detector, factor]))
  return detectors.map((detector) => {
    const factor = factors.get(detector.id) ?? 1
    if (factor === 1) return detector
    const { weighGroup, weighAccount, ...reading } = detector
    return {
      ...reading,
      weighGroup: (group, population) => scaled(weighGroup?.(group, population) ?? null, factor),
      weighAccount: (account, population) =>
        scaled(weighAccount?.(account, population) ?? null, factor),
    }
  })
}

function scaled(evidence: Evidence | null, factor: number): Evidence | null {
  return evidence === null || evidence.weight <= 0
    ? evidence
    : { ...evidence, weight: evidence.weight * factor }
}
