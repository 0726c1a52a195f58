import type { CampaignKind, Verdict } from './report.ts'

/** Why the gateway acts on an account, or would: one line of `cases.jsonl`. */
export type CaseRecord = {
  /** `S-` and random digits; what the caller is told. */
  readonly id: string
  /** RFC 3339. */
  readonly opened: string
  readonly expires: string
  /** A pseudonym under the deployment's secret; the keyed hash of an API key is one already. */
  readonly account: string
  readonly tier: string
  readonly action: string
  /** False where nothing was done, because the policy is not enforced. */
  readonly enforced: boolean
  /** Which rule of the policy, counted from 1, under which settings. */
  readonly rule: number
  readonly config_version: string
  readonly verdict: Verdict
  readonly kind: CampaignKind
  /** Whole powers of ten of the score; for the operator alone. */
  readonly bucket: number
  readonly families: number
  /** RFC 3339; null where the verdict has no date. */
  readonly since: string | null
  /** The campaign, as detection names it. */
  readonly campaign: string | null
  /** Who upheld it, where somebody had. */
  readonly reviewer: string | null
  /** What may be told the account, in plain English. */
  readonly statement: string
}
