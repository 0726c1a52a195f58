import type { Review } from '../record/index.ts'
import { type Entry, readEntries } from './entries.ts'

/** A review with its moment in Unix seconds. */
export type DatedReview = Review & { readonly at: number }

const fields: ReadonlySet<keyof Review> = new Set<keyof Review>([
  'case',
  'accounts',
  'verdict',
  'by',
  'when',
  'why',
  'detectors',
  'score',
])

/** Reads files of reviewed cases. Throws `review-file`. */
export function readReviews(paths: readonly string[]): readonly DatedReview[] {
  return paths.flatMap((path) => readEntries(path, 'review-file', fields).map(reviewOf))
}

function reviewOf(entry: Entry): DatedReview {
  const accounts = entry.texts('accounts')
  if (accounts.length === 0) throw entry.wrong('it names no accounts')
  // Detectors come and go between versions; a review of one that is gone still counts for its accounts.
  const concerned = entry.texts('detectors')
  if (concerned.length === 0) throw entry.wrong('it names no detectors')
  const verdict = entry.text('verdict')
  if (verdict !== 'upheld' && verdict !== 'overturned')
    throw entry.wrong('"verdict" is neither "upheld" nor "overturned"')
  return {
    case: entry.text('case'),
    accounts,
    verdict,
    by: entry.text('by'),
    when: entry.text('when'),
    why: entry.text('why'),
    detectors: concerned,
    ...(entry.has('score') ? { score: entry.number('score') } : {}),
    at: entry.moment('when', 'start'),
  }
}
