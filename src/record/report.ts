import type { ReviewUse } from './review.ts'
import type { VouchUse } from './vouch.ts'

/** The seven kinds of evidence. Signals that read the same field belong to the same family. */
export const families = [
  'content',
  'elicitation',
  'timing',
  'infrastructure',
  'biography',
  'api-use',
  'provenance',
] as const
export type Family = (typeof families)[number]

export type Verdict = 'clear' | 'watch' | 'flagged'

/** Where an exchange can be read again; its text is in the log and nowhere else. */
export type ExchangeLink = {
  /** `x-` and its keyed hash: what `explain` finds it by. The log's own id is read back from the log. */
  readonly exchange: string
  /** RFC 3339. */
  readonly time: string
  /** The source and the line (or row) it was read from; null in a pseudonymous report. */
  readonly file: string | null
  readonly line: number | null
}

/** One piece of evidence in a person's words. */
export type Reason = {
  /**
   * The detector's id, the name of its folder in `src/detect/`; `vouch` or `review` for what people said,
   * `false-discovery` for why an account over the bar is only watched.
   */
  readonly detector: string
  readonly family: Family
  /** A plain sentence with the counts in it. */
  readonly text: string
  /** The quantity the sentence is about, in the detector's own unit. */
  readonly value: number
  /** What this adds to the score: log10 of how much likelier it is under extraction than among like customers. */
  readonly weight: number
  /** A few exchanges of the account that show it, most telling first; of a campaign, of its strongest account. */
  readonly exchanges: readonly ExchangeLink[]
  /** What a reviewer would have to learn to set it aside; empty where it speaks for the account. */
  readonly would_clear: string
}

export type AccountVerdict = {
  readonly account: string
  readonly verdict: Verdict
  /** Sum of the weights, capped per family; see docs/detection.md. */
  readonly score: number
  /** RFC 3339: the end of the step in which `verdict` was first reached; null while `clear`. */
  readonly detected_at: string | null
  readonly campaign: string | null
  readonly exchanges: number
  readonly reasons: readonly Reason[]
}

export const campaignKinds = [
  'coordinated-accounts',
  'relay-pool',
  'single-account',
  'likelihood-scraping',
] as const
export type CampaignKind = (typeof campaignKinds)[number]

export type Campaign = {
  readonly id: string
  readonly kind: CampaignKind
  readonly accounts: readonly string[]
  /** Exchanges of these accounts in the log, before and after detection. */
  readonly exchanges: number
  /** Exchanges of its accounts answered before each of them was flagged: what the provider lost. */
  readonly exchanges_before_detection: number
  readonly first_seen: string
  readonly last_seen: string
  readonly detected_at: string
  readonly score: number
  /** What was asked for: models, and marks such as `worked-out reasoning`. */
  readonly targets: readonly string[]
  readonly reasons: readonly Reason[]
  /** MITRE ATLAS technique ids. */
  readonly atlas: readonly string[]
  /** Exchanges per day of this campaign, aligned with `log.days`. */
  readonly per_day: readonly number[]
}

/** What could be looked at in this log, and what could not. */
export type FamilyAvailability = {
  readonly family: Family
  readonly available: boolean
  /** Which fields it rests on, and the share of exchanges that had them; or why it was off. */
  readonly note: string
}

export type Rejected = {
  readonly lines: number
  readonly reasons: Readonly<Record<string, number>>
}

export type LogSummary = {
  readonly files: number
  /** Which formats were read, with the number of exchanges each gave. */
  readonly formats: Readonly<Record<string, number>>
  readonly exchanges: number
  readonly duplicates: number
  readonly accounts: number
  readonly first: string | null
  readonly last: string | null
  readonly rejected: Rejected
  readonly families: readonly FamilyAvailability[]
  /** The days of the log, `YYYY-MM-DD`, and all exchanges on each. */
  readonly days: readonly string[]
  readonly per_day: readonly number[]
}

/** What an audit found; written by `--json`, described by `report.schema.json`. */
export type Report = {
  readonly stillwatch: string
  /** Length of a step, in seconds. */
  readonly step_seconds: number
  /** The share of honest accounts that may ever be flagged, as the operator set it. */
  readonly false_accusations: number
  /** The share of those flagged that may be honest, in expectation. */
  readonly false_discoveries: number
  /** How many of those flagged should be honest at most, in expectation, by whichever of the two shares says fewer. */
  readonly expected_false: number
  readonly pseudonymous: boolean
  readonly log: LogSummary
  /** Every account seen, most suspicious first. */
  readonly accounts: readonly AccountVerdict[]
  readonly campaigns: readonly Campaign[]
  /** What became of each vouch given. */
  readonly vouches: readonly VouchUse[]
  /** What reviewed cases brought; null where none were given. */
  readonly reviews: ReviewUse | null
}
