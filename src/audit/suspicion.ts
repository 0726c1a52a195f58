import type { Verdict } from '../record/index.ts'

const gravity: Readonly<Record<Verdict, number>> = { flagged: 0, watch: 1, clear: 2 }

type Judged = { readonly verdict: Verdict; readonly score: number }

/** The order of a report: by verdict, flagged first, and within one by score. */
export function mostSuspiciousFirst(a: Judged, b: Judged): number {
  return gravity[a.verdict] - gravity[b.verdict] || b.score - a.score
}
