import type { CampaignKind, Verdict } from './report.ts'

/** What somebody who answers requests needs to know of an account. */
export type Standing = {
  readonly verdict: Verdict
  /** Whole powers of ten of the score, 0 at least; the score itself would tell an attacker how near it came. */
  readonly bucket: number
  readonly kind: CampaignKind
  /** The case it was first flagged in; null where it was not, or only a reviewer's word flags it. */
  readonly case: string | null
  /** How many independent families of evidence agree. */
  readonly families: number
  /** Unix seconds at which the step ended that the verdict dates from; null while clear. */
  readonly since: number | null
}
