import { type AccountState, type CampaignState, caseOf, type Population } from '../detect/index.ts'
import { readSql } from '../engine/sql.ts'
import type { Store } from '../engine/store.ts'
import { type ExchangeLinks, readExchangeLinks } from './exchange-links.ts'
import type { FieldCounts } from './families.ts'
import { readAccountNames } from './names.ts'
import type { StepClock } from './steps.ts'

const sql = {
  days: readSql(new URL('log-days.sql', import.meta.url)),
  log: readSql(new URL('log-facts.sql', import.meta.url)),
  campaigns: readSql(new URL('campaign-facts.sql', import.meta.url)),
  campaignDays: readSql(new URL('campaign-days.sql', import.meta.url)),
}

/** Rows sent to the engine in one statement. */
const membersPerInsertMax = 5_000

export type LogFacts = FieldCounts & {
  readonly accounts: number
  readonly first_ms: number
  readonly last_ms: number
}
export type DayFacts = { readonly day: string; readonly exchanges: number }
export type CampaignFacts = {
  readonly campaign: number
  readonly exchanges: number
  readonly before: number
  readonly first_ms: number
  readonly last_ms: number
  readonly models: readonly string[]
  readonly reasoning: number
  readonly grading: number
  readonly training_format: number
  readonly self_description: number
  readonly likelihoods: number
}

/** What a report needs from the engine once the verdicts are known. */
export type ReportFacts = {
  readonly log: LogFacts
  readonly days: readonly DayFacts[]
  /** By campaign, counted from 0 as in the list given. */
  readonly campaigns: ReadonlyMap<number, CampaignFacts>
  readonly campaignDays: ReadonlyMap<string, number>
  /** Account ids by fingerprint. */
  readonly names: ReadonlyMap<number, string>
  readonly links: ExchangeLinks
}

export async function readReportFacts(
  store: Store,
  accounts: readonly AccountState[],
  campaigns: readonly CampaignState[],
  population: Population,
  clock: StepClock,
): Promise<ReportFacts> {
  const { engine } = store
  const [log] = await engine.rows<LogFacts>(sql.log)
  if (log === undefined) throw new RangeError('the log has no rows')
  await writeMembers(store, campaigns, population, clock)
  const facts = await engine.rows<CampaignFacts>(sql.campaigns)
  const days = await engine.rows<DayFacts & { campaign: number }>(sql.campaignDays)
  await engine.command('TRUNCATE TABLE campaign_member')
  return {
    log,
    days: await engine.rows<DayFacts>(sql.days),
    campaigns: new Map(facts.map((each) => [each.campaign, each])),
    campaignDays: new Map(days.map((each) => [`${each.campaign} ${each.day}`, each.exchanges])),
    names: await readAccountNames(store),
    links: await readExchangeLinks(engine, accounts, population, casesOf(campaigns)),
  }
}

/** What accounts are looked at together: a campaign, or the group that a watched account is in. */
function casesOf(campaigns: readonly CampaignState[]): (state: AccountState) => string {
  const campaignOf = new Map(
    campaigns.flatMap((campaign, number) =>
      campaign.members.map((member) => [member.account, number] as const),
    ),
  )
  return (state) => {
    const campaign = campaignOf.get(state.account)
    return campaign === undefined ? caseOf(state) : `campaign ${campaign}`
  }
}

async function writeMembers(
  store: Store,
  campaigns: readonly CampaignState[],
  population: Population,
  clock: StepClock,
): Promise<void> {
  await store.engine.command('TRUNCATE TABLE campaign_member')
  const rows = campaigns.flatMap((campaign, number) =>
    campaign.members.map((member) => {
      const flaggedAt = clock.originSeconds + ((member.step ?? 0) + 1) * clock.stepSeconds
      return `(${population.hash(member.account)},${number},${flaggedAt})`
    }),
  )
  for (let at = 0; at < rows.length; at += membersPerInsertMax)
    await store.engine.command(
      `INSERT INTO campaign_member VALUES ${rows.slice(at, at + membersPerInsertMax).join(',')}`,
    )
}
