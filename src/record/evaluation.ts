import type { Family } from './report.ts'

/** A part of a whole, with its 95 % interval (Wilson 1927) as parts of one. */
export type Share = {
  readonly count: number
  readonly of: number
  readonly low: number
  readonly high: number
}

/** One class of customers. Grey ones are counted in no total. */
export type ClassEvaluation = {
  readonly cls: string
  readonly label: 'benign' | 'grey'
  readonly flagged: Share
  readonly watched: Share
}

/** One campaign, by the definitions of docs/evaluation.md. */
export type CampaignEvaluation = {
  readonly name: string
  /** The type of campaign, as the truth names it. */
  readonly style: string
  readonly flagged: Share
  /** Of the one reported campaign that holds most of its accounts: their share, and that campaign's share of them. */
  readonly recall: number
  readonly purity: number
  /** At least half of its accounts flagged, and that in one reported campaign of purity ≥ 0.9. */
  readonly found: boolean
  readonly exchanges: number
  /** Its exchanges answered until the account was flagged; all, where it never was. */
  readonly exposed: number
  /** From its first exchange until the first of its accounts was flagged; null where none was. */
  readonly first_flag_seconds: number | null
  /** Its exchanges, of all accounts, answered until then; all, where none was flagged. */
  readonly before_first_flag: number
}

/** All campaigns of one type. */
export type StyleEvaluation = {
  readonly style: string
  readonly campaigns: number
  readonly found: number
  readonly flagged: Share
  readonly exchanges: number
  readonly exposed: number
}

export type Totals = {
  readonly false_positives: Share
  readonly true_positives: Share
  readonly campaigns: number
  /** At least half of the accounts flagged, in one reported campaign of purity 0.9 or more. */
  readonly campaigns_found: number
  readonly exchanges: number
  readonly exposed: number
  /** Of accounts flagged, the share that extracts at the base rate, supposing the upper end of the false positives' interval. */
  readonly precision: number
}

/** A detector at one threshold: Stillwatch as it is, or a score cut where an oracle that knows the truth would. */
export type MethodEvaluation = {
  readonly id: string
  readonly title: string
  readonly oracle: boolean
  /** The lowest score it flags; null where it has no threshold, or none keeps to the share allowed. */
  readonly threshold: number | null
  readonly false_positives: Share
  readonly true_positives: Share
  /** Campaigns with at least half of their accounts flagged. */
  readonly campaigns: number
  readonly precision: number
}

/** One score's receiver operating characteristic: corners of its staircase, [false positive rate, true positive rate]. */
export type Roc = {
  readonly id: string
  readonly title: string
  readonly points: readonly (readonly [number, number])[]
}

/** What is off: nothing, a detector by its id, or a family. */
export type SwitchedOff =
  | { readonly kind: 'nothing'; readonly off: '' }
  | { readonly kind: 'detector'; readonly off: string }
  | { readonly kind: 'family'; readonly off: Family }

/** The audit with a part of its evidence switched off. */
export type AblationEvaluation = SwitchedOff & {
  readonly false_positives: Share
  readonly true_positives: Share
  readonly campaigns_found: number
  readonly exchanges: number
  readonly exposed: number
}

export type WorldEvaluation = {
  readonly name: string
  readonly days: number
  readonly exchanges: number
  readonly accounts: number
  readonly classes: readonly ClassEvaluation[]
  readonly campaigns: readonly CampaignEvaluation[]
  readonly totals: Totals
  readonly methods: readonly MethodEvaluation[]
  readonly roc: readonly Roc[]
  /** Null unless it was asked for. */
  readonly ablation: readonly AblationEvaluation[] | null
}

/** All worlds together: accounts and exchanges are added up, thresholds stay each world's own. */
export type TotalEvaluation = {
  readonly classes: readonly ClassEvaluation[]
  readonly styles: readonly StyleEvaluation[]
  readonly totals: Totals
  readonly methods: readonly Omit<MethodEvaluation, 'threshold'>[]
  readonly ablation: readonly AblationEvaluation[] | null
}

/** Audits held against the truth; written by `evaluate --json`, described by `evaluation.schema.json`. */
export type Evaluation = {
  /** The version that was measured. */
  readonly stillwatch: string
  /** Length of a step of the audit, in seconds. */
  readonly step_seconds: number
  /** The share of honest accounts that the audit was told it may ever flag. */
  readonly false_accusations: number
  /** The share of accounts that is taken to belong to extraction, for `precision`. */
  readonly base_rate: number
  /** The share of benign accounts that an oracle's threshold may flag. */
  readonly oracle_share: number
  readonly worlds: readonly WorldEvaluation[]
  readonly total: TotalEvaluation
}
