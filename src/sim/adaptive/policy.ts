import type { Random } from '../../core/random.ts'
import type { Score } from '../score.ts'
import { campaign } from '../campaigns/styles.ts'
import type { CampaignConfig } from '../config.ts'

/** What an attacker who watches what happens to its accounts can change. */
export type Policy = Pick<
  CampaignConfig,
  | 'accounts'
  | 'perAccountPerDay'
  | 'dilution'
  | 'sophistication'
  | 'variants'
  | 'signUpDays'
  | 'network'
  | 'userAgents'
  | 'schedule'
> & { readonly languages: 'one' | 'many' }

/** Where it begins: a pool opened in a week, in one data centre, with a handful of wrappers. */
export const carelessPolicy: Policy = {
  accounts: 30,
  perAccountPerDay: 26,
  dilution: 0.1,
  sophistication: 0,
  variants: 6,
  signUpDays: 7,
  network: 'datacentre',
  userAgents: 'one',
  schedule: 'clock',
  languages: 'one',
}

/** What became of one policy in one slice of the log. Exchanges are those that carry a seed, about. */
export type Outcome = {
  readonly policy: Policy
  readonly flagged: number
  /** Answered until the account was flagged, an account; what it is after. */
  readonly taken: number
  /** The same had nobody been flagged. */
  readonly asked: number
}

/** The campaign of a policy. It imitates and never joins, frames or takes over: that would be another attacker. */
export function campaignOf(policy: Policy, name: string, days: number): CampaignConfig {
  const { languages, ...kept } = policy
  return campaign('adaptive', name, 0, days, {
    ...kept,
    ...(languages === 'one' ? { languages: ['en'] } : {}),
    cover: ['chat', 'hobbyist', 'pupil', 'prompter', 'app', 'returner'],
    joins: false,
    frames: false,
    sacrifices: 0,
  })
}

export function outcomeOf(policy: Policy, name: string, { campaigns }: Score): Outcome {
  const scored = campaigns.find((each) => each.name === name)
  if (scored === undefined) throw new RangeError(`outcomeOf: no campaign ${name}`)
  const seeded = (1 - policy.dilution) / Math.max(1, scored.accounts)
  return {
    policy,
    flagged: scored.flagged,
    taken: scored.exposed * seeded,
    asked: scored.exchanges * seeded,
  }
}

/** The policy that took most an account; of equals the first, which is the one it has. */
export function bestOf(outcomes: readonly Outcome[]): Policy {
  const [first, ...others] = outcomes
  if (first === undefined) throw new RangeError('bestOf: no outcomes')
  return others.reduce((best, each) => (each.taken > best.taken ? each : best), first).policy
}

/** One policy and `others` that differ from it: what the next slice of the log will show. */
export function around(policy: Policy, others: number, random: Random): readonly Policy[] {
  return [policy, ...Array.from({ length: others }, () => varied(policy, random))]
}

/** Chance that a setting differs; of ten, three or four do. */
const changes = 0.35

function varied(policy: Policy, random: Random): Policy {
  const differs = <T>(value: T, make: () => T): T => (random.chance(changes) ? make() : value)
  const scaled = (value: number, least: number, most: number): number =>
    differs(value, () => within(value * Math.exp(0.6 * random.normal()), least, most))
  const moved = (value: number, most: number): number =>
    differs(value, () => within(value + 0.3 * random.normal(), 0, most))
  return {
    accounts: Math.round(scaled(policy.accounts, 8, 60)),
    perAccountPerDay: scaled(policy.perAccountPerDay, 3, 100),
    dilution: moved(policy.dilution, 0.95),
    sophistication: moved(policy.sophistication, 1),
    // 0 is a wording of its own for each exchange.
    variants: differs(policy.variants, () => random.pick([0, 3, 6, 12, 40])),
    signUpDays: scaled(policy.signUpDays, 1, 400),
    network: differs(policy.network, () => random.pick(['one', 'datacentre', 'residential'])),
    userAgents: differs(policy.userAgents, () => random.pick(['one', 'varied'])),
    schedule: differs(policy.schedule, () => random.pick(['clock', 'human'])),
    languages: differs(policy.languages, () => random.pick(['one', 'many'])),
  }
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
