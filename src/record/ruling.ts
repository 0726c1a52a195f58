/**
 * What a named person decided about accounts that the policy acts on: one line of `decisions.jsonl` in the
 * data directory, described by `ruling.schema.json`. It has an end, as a review for the audit has not.
 */
export type Ruling = {
  /** The case it was made in: of the gateway (`S-…`), or of detection (`C3`). */
  readonly case: string
  /** Accounts as cases name them. Those who join the campaign later are not meant. */
  readonly accounts: readonly string[]
  readonly decision: 'uphold' | 'overturn'
  readonly reviewer: string
  readonly why: string
  /** RFC 3339. */
  readonly at: string
  readonly until: string
}
