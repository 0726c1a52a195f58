import type { ElicitLanguage } from './grammar/elicit.ts'

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
] as const
/** What kind of honest customer; `reseller` and `testdata` are grey and never counted. */
export type CustomerClass = (typeof customerClasses)[number]

export type Payload = 'reasoning' | 'answer' | 'grading' | 'trajectory' | 'likelihood'

/** How a campaign works. Every field is required, so that a style says what it is. */
export type CampaignConfig = {
  readonly name: string
  readonly style: string
  readonly accounts: number
  readonly perAccountPerDay: number
  /** Share of exchanges that look like anybody's, in [0, 1]. */
  readonly dilution: number
  /** First day of the world on which it asks, and the day on which it has stopped. */
  readonly startDay: number
  readonly endDay: number
  readonly payload: Payload
  /** Ways to wrap a seed; 0 writes a new one for each exchange. */
  readonly variants: number
  readonly languages: readonly ElicitLanguage[]
  /** Where seeds come from: its own pool, or benchmark items that honest customers also send. */
  readonly seeds: 'own' | 'benchmark'
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
}
