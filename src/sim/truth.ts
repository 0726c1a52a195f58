import type { CampaignConfig, HeldBackCampaign, WorldConfig } from './config.ts'
import { blocksOf, planOf } from './plan.ts'
import { dateOf, day } from './clock.ts'
import type { Account, Label } from './source.ts'
import { worldOf } from './world.ts'

export type AccountTruth = {
  readonly label: Label
  /** What kind of customer, or the campaign's style. */
  readonly cls: string
  readonly campaign: string | null
  /** When a campaign took the account over from an honest customer; RFC 3339. */
  readonly since?: string
}

export type CampaignTruth = {
  readonly style: string
  /** `grey` where it resells and asks for nothing itself: counted neither way. */
  readonly label: Label
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
  return { ...headOf(config), accounts: Object.fromEntries(accountsOf(config)) }
}

/** The same as JSON, an account a line, with no more in memory than one block of them. */
export function* truthLines(config: WorldConfig): Generator<string> {
  for (const [name, value] of Object.entries(headOf(config)))
    yield `${name === 'name' ? '{' : ','}\n${JSON.stringify(name)}: ${JSON.stringify(value)}`
  let before = ',\n"accounts": {\n'
  for (const [id, known] of accountsOf(config)) {
    yield `${before}${JSON.stringify(id)}: ${JSON.stringify(known)}`
    before = ',\n'
  }
  yield '\n}\n}\n'
}

function headOf(config: WorldConfig): Omit<Truth, 'accounts'> {
  const { start } = worldOf(config).span
  const campaigns = Object.fromEntries(
    [...config.campaigns, ...(config.heldBack?.campaigns ?? [])].map((campaign) => [
      campaign.name,
      {
        style: campaign.style,
        label: labelOf(campaign),
        accounts: campaign.accounts,
        start_day: campaign.startDay,
        end_day: campaign.endDay,
        start: dateOf(start + campaign.startDay * day),
        end: dateOf(start + campaign.endDay * day),
      },
    ]),
  )
  return { name: config.name, seed: config.seed, days: config.days, campaigns }
}

function labelOf(campaign: CampaignConfig | HeldBackCampaign): Label {
  return 'payload' in campaign && campaign.payload === 'organic' ? 'grey' : 'attack'
}

function* accountsOf(config: WorldConfig): Generator<readonly [string, AccountTruth]> {
  const world = worldOf(config)
  for (const block of blocksOf(config))
    for (const { accounts } of planOf(world, block))
      for (const account of accounts) yield [account.id, truthAbout(account)]
}

function truthAbout({ label, cls, campaign, since }: Account): AccountTruth {
  const known = { label, cls, campaign }
  return since === undefined ? known : { ...known, since: new Date(since).toISOString() }
}
