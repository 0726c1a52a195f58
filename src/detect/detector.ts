import type { CampaignKind, Family } from '../record/report.ts'
import type { Group } from './group.ts'
import type { Population } from './population.ts'

/** What one detector has to say of one group of accounts (or of one account alone). */
export type Evidence = {
  readonly family: Family
  /** A plain sentence with the counts in it. */
  readonly text: string
  readonly value: number
  /**
   * log10 of how much likelier the observation is for accounts run together to extract than for
   * honest customers; negative where it speaks for them. Capped by the detector, and calibrated so
   * that honest groups reach a weight of w at most once in 10^w (the null-world test measures it).
   */
  readonly weight: number
  /** The share of the group that shows it, where that is a count. */
  readonly share?: number
  /** log10 of the chance that as many other accounts would show it, where that is a count. */
  readonly chance?: number
  /**
   * Of what speaks for accounts: the families it gives one common cause. Where it holds they are one
   * observation, and only the strongest of them counts.
   */
  readonly explains?: readonly Family[]
  /** Whether an account of the group shows it itself; nobody is accused of what others did. */
  readonly holds: (account: number) => boolean
  /** MITRE ATLAS techniques this is an observation of. */
  readonly atlas?: readonly string[]
  /** The kind of campaign this evidence would make it. */
  readonly kind?: CampaignKind
}

/**
 * A detector: SQL whose rows the population remembers, and a typed reading of what it remembers.
 * The SQL reads `{{exchange}}`, the rows of a window of time: those of the table `exchange` and `step`, the step
 * from which each may be known. In an audit the window is the log. What SQL must know from before the window it
 * reads from `{{earlier}}`, and gives rows of the window's steps only, which begin with `{from:UInt32}`. It must give, by shape:
 * - facts: `account`, `step` and any number of numeric columns, which are summed per account;
 * - traits: `kind` (see `traitKinds`), `trait`, `account`, `step` and `body`, the message it came with;
 * - links: `account`, `other`, `step`, `n`, from an account to one whose state it presents.
 * `{{earlier}}` has `kind`, `thing`, `account` and `first`, the time of the first use, of what the window holds: see
 * `thingKinds`. It is empty in an audit.
 */
export type Detector = {
  /** The folder's name. */
  readonly id: string
  readonly title: string
  readonly family: Family
  readonly facts?: URL
  readonly traits?: URL
  readonly links?: URL
  /**
   * An SQL expression over a row of `exchange`: how much that exchange shows of what the detector says,
   * 0 for nothing. `shared` holds the fingerprints that accounts of the same case have in common.
   */
  readonly shows?: URL
  /** What would clear an account of this evidence, in a sentence; of detectors that speak against an account. */
  readonly clears?: string
  /** Evidence about a group of two or more accounts; null where there is nothing to say. */
  readonly weighGroup?: (group: Group, population: Population) => Evidence | null
  /** Evidence about one account by itself. */
  readonly weighAccount?: (account: number, population: Population) => Evidence | null
}

/** Things accounts can have in common. Numbers, because the engine stores them so. */
export const traitKinds = {
  phrase: 1,
  message: 2,
  system: 3,
  tools: 4,
  profile: 5,
  host: 6,
  network: 7,
  /** A request that one account was refused and another sent. */
  request: 8,
} as const
export type TraitKind = keyof typeof traitKinds

/** Things whose first use by an account matters later, beside the traits; numbers, because the engine stores them so. */
export const thingKinds = {
  ...traitKinds,
  /** `params` of requests that steer by bias. */
  bias: 20,
  /** Answers served to the account, and presented by it as history. */
  served: 23,
  presented: 24,
  /** Of exchanges with network and client known: the account itself, its networks, its clients. */
  opened: 30,
  networkOf: 31,
  clientOf: 32,
} as const
