import type { Family } from './report.ts'

/**
 * What the provider knows of an account before it is judged: an evaluator, a partner, its own red team.
 * One line of the file that `--vouch` names; described by `vouch.schema.json`.
 */
export type Vouch = {
  /** Accounts by the name the log has for them (or their pseudonym), and organisations likewise. */
  readonly accounts?: readonly string[]
  readonly orgs?: readonly string[]
  /** Who answers for them, and why. */
  readonly by: string
  readonly why: string
  /** RFC 3339, or a day: from its beginning, and to its end. */
  readonly since: string
  readonly until: string
  /** What it explains; everything unless one of these is given. */
  readonly families?: readonly Family[]
  readonly detectors?: readonly string[]
  /** Up to how many exchanges of an account in the log it explains. */
  readonly exchanges_max?: number
}

/** What became of a vouch in an audit. */
export type VouchUse = Pick<Vouch, 'by' | 'why' | 'since' | 'until'> & {
  /** `expired` and `not-yet` are told from the last exchange of the log; `unmatched` concerns no account in it. */
  readonly state: 'in-force' | 'expired' | 'not-yet' | 'unmatched'
  /** Accounts of the log that it concerns. */
  readonly accounts: number
  /** Of these, accounts that would have been flagged without it. */
  readonly withheld: number
}
