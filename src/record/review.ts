/**
 * What a person found who looked at a case. One line of the file that `--reviewed` names; described by
 * `review.schema.json`.
 */
export type Review = {
  /** A name for the case: that of the campaign, or any other. */
  readonly case: string
  /** Accounts by the name the log has for them (or their pseudonym). */
  readonly accounts: readonly string[]
  readonly verdict: 'upheld' | 'overturned'
  readonly by: string
  /** RFC 3339, or a day. */
  readonly when: string
  readonly why: string
  /** The detectors whose reasons were found right (`upheld`) or wrong (`overturned`). */
  readonly detectors: readonly string[]
  /** The score it was reviewed at; evidence that comes to ten times as much is judged anew. */
  readonly score?: number
}

/** How often a detector's reasons stood up to review. */
export type DetectorReview = {
  readonly detector: string
  /** Cases. */
  readonly upheld: number
  readonly overturned: number
  /** The 95 % interval of the share overturned. */
  readonly low: number
  readonly high: number
  /** What its weights are multiplied by: 1, or less where significantly many were overturned. */
  readonly factor: number
}

/** What reviews brought to an audit. */
export type ReviewUse = {
  readonly cases: number
  /** Accounts of the log, by what their last review came to. */
  readonly upheld: number
  readonly overturned: number
  /** Reviewed accounts that this log does not have. */
  readonly unmatched: number
  /** Accounts not flagged because a review had overturned the same reasons. */
  readonly withheld: number
  readonly detectors: readonly DetectorReview[]
}
