import type { WorldConfig } from './config.ts'
import { planOf } from './plan.ts'
import { dateOf, day } from './clock.ts'
import type { Label } from './source.ts'
import { worldOf } from './world.ts'

export type AccountTruth = {
  readonly label: Label
  /** What kind of customer, or the campaign's style. */
  readonly cls: string
  readonly campaign: string | null
}

export type CampaignTruth = {
  readonly style: string
  readonly accounts: number
  readonly start_day: number
  /** The first day on which it has stopped. */
  readonly end_day: number
  /** The same days as dates, `YYYY-MM-DD`. */
  readonly start: string
  readonly end: string
}

/** Who is who in a world. Some accounts may never have asked anything. */
export type Truth = {
  readonly name: string
  readonly seed: string
  readonly days: number
  readonly campaigns: Readonly<Record<string, CampaignTruth>>
  readonly accounts: Readonly<Record<string, AccountTruth>>
}

/** The truth about a world, known before any of its exchanges is made. */
export function truthOf(config: WorldConfig): Truth {
  const world = worldOf(config)
  const accounts: Record<string, AccountTruth> = {}
  for (const source of planOf(world))
    for (const { id, label, cls, campaign } of source.accounts)
      accounts[id] = { label, cls, campaign }
  const campaigns = Object.fromEntries(
    config.campaigns.map(({ name, style, accounts: count, startDay, endDay }) => [
      name,
      {
        style,
        accounts: count,
        start_day: startDay,
        end_day: endDay,
        start: dateOf(world.span.start + startDay * day),
        end: dateOf(world.span.start + endDay * day),
      },
    ]),
  )
  return { name: config.name, seed: config.seed, days: config.days, campaigns, accounts }
}
