import type { Language } from './grammar/tongues.ts'

export const customerClasses = [
  'chat',
  'hobbyist',
  'coder',
  'course',
  'evaluator',
  'app',
  'rag',
  'batch',
  'viral',
  'enterprise',
  'tutor',
  'writer',
  'aggregator',
  'hackathon',
  'annotator',
  'launch',
  'mover',
  'reseller',
  'testdata',
  'prompter',
  'pupil',
  'school',
  'frontend',
  'study',
  'ci',
  'regression',
  'failover',
  'vpn',
  'roamer',
  'team',
  'returner',
] as const
/** What kind of honest customer; `reseller` and `testdata` are grey and never counted. */
export type CustomerClass = (typeof customerClasses)[number]

export type Payload =
  | 'reasoning'
  | 'answer'
  | 'grading'
  | 'trajectory'
  | 'likelihood'
  | 'embedding'
  | 'precision'
  | 'membership'
  | 'instructions'
  | 'organic'

/** How a campaign works. Every field is required, so that a style says what it is. */
export type CampaignConfig = {
  readonly name: string
  readonly style: string
  readonly accounts: number
  readonly perAccountPerDay: number
  /** Share of exchanges that are innocent cover, in [0, 1]. */
  readonly dilution: number
  /**
   * How far its accounts take on the habits of honest customers, in [0, 1]: the share of them that
   * copy each of network, client, timing, sign-up, wording, language and parameters from a customer
   * of a class in `cover`. At 1 all that is left of the campaign is what it asks for, and together.
   */
  readonly sophistication: number
  /** The classes its accounts pose as, and whose traffic its cover is. */
  readonly cover: readonly CustomerClass[]
  /** First day of the world on which it asks, and the day on which it has stopped. */
  readonly startDay: number
  readonly endDay: number
  readonly payload: Payload
  /** Ways to wrap a seed; 0 writes a new one for each exchange. */
  readonly variants: number
  readonly languages: readonly Language[]
  /**
   * Where seeds come from: its own pool, benchmark items that honest customers also send, or questions
   * distributed as those of people are.
   */
  readonly seeds: 'own' | 'benchmark' | 'matched'
  /** `one`: one address; `datacentre`: one provider's range; `residential`: each its own home. */
  readonly network: 'one' | 'datacentre' | 'residential'
  readonly userAgents: 'one' | 'varied'
  /** `clock`: evenly round the clock; `human`: each account in its own waking hours. */
  readonly schedule: 'clock' | 'human'
  /** Days before the first exchange over which the accounts were opened. */
  readonly signUpDays: number
  /** Days until an account is given up and a new one takes its place; 0 keeps them. */
  readonly lifeDays: number
  /** Turns of one conversation go to different accounts. */
  readonly relay: boolean
  /** Moves to the new model within a day of its launch. */
  readonly pivots: boolean
  /** Share of its requests that are refused and asked by another of its accounts at once. */
  readonly failover: number
  /** Its accounts sit in groups of honest customers: a firm's seats, a viral wave, a class. */
  readonly joins: boolean
  /** Puts popular texts of honest customers about its seeds, so that they are suspected with it. */
  readonly frames: boolean
  /** Share of its accounts that are burnt to find out what is noticed. */
  readonly sacrifices: number
  /** Share of its accounts that were an honest customer's until a day of the log. */
  readonly takenOver: number
  /** The part of it that this provider sees; the rest asks elsewhere. */
  readonly share: number
}

/** What is held back from whoever writes and tunes detectors; src/sim/heldback says what each is. */
export const heldBackStyles = ['dialogue', 'chain', 'translator'] as const
export type HeldBackStyle = (typeof heldBackStyles)[number]
export const heldBackClasses = ['contest', 'translation'] as const
export type HeldBackClass = (typeof heldBackClasses)[number]

export type HeldBackCampaign = {
  readonly name: string
  readonly style: HeldBackStyle
  readonly accounts: number
  readonly perAccountPerDay: number
  /** Share of conversations that are innocent. */
  readonly dilution: number
  readonly startDay: number
  readonly endDay: number
}

export type HeldBack = {
  readonly customers: readonly { readonly cls: HeldBackClass; readonly accounts: number }[]
  readonly campaigns: readonly HeldBackCampaign[]
}

export type CustomerConfig = { readonly cls: CustomerClass; readonly accounts: number }

/** All that decides a world: equal configs give equal logs, to the byte. */
export type WorldConfig = {
  readonly name: string
  readonly seed: string
  /** First day, `YYYY-MM-DD`. */
  readonly start: string
  readonly days: number
  readonly customers: readonly CustomerConfig[]
  readonly campaigns: readonly CampaignConfig[]
  /** Multiplies how often honest customers ask. */
  readonly activity: number
  /** Day on which the new model appears. */
  readonly launchDay: number
  /** Bytes of a coding agent's request; 0 leaves them a few kB, as the rest of the world is. */
  readonly agentRequestBytes: number
  /** Characters of an answer that the log keeps; Infinity keeps all of it. */
  readonly outputCharacters: number
  /** Customers move to the new model and to new client versions, and new ones come. */
  readonly drift: boolean
  /** Requests are refused for their rate (429), and keys for other reasons (403). */
  readonly refusals: boolean
  /** Null in every world on which anything may be tuned. */
  readonly heldBack: HeldBack | null
}
