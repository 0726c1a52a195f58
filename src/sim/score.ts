import type { AccountVerdict, Campaign, CampaignEvaluation, Exchange } from '../record/index.ts'
import type { AccountTruth, Truth } from './truth.ts'

/** As much of a report as is scored. */
export type Scored = {
  readonly accounts: readonly Pick<AccountVerdict, 'account' | 'verdict' | 'detected_at'>[]
  readonly campaigns: readonly Pick<Campaign, 'id' | 'accounts'>[]
}

export type Labels = Pick<Truth, 'accounts'> & {
  readonly campaigns: Readonly<Record<string, { readonly label?: AccountTruth['label'] }>>
}

/** One class of customers, or one campaign, by verdict. */
export type ClassScore = {
  readonly label: AccountTruth['label']
  /** The class; of an attack, the campaign. */
  readonly cls: string
  readonly accounts: number
  readonly flagged: number
  readonly watch: number
}

export type CampaignScore = Omit<CampaignEvaluation, 'style' | 'flagged'> & {
  readonly accounts: number
  /** Share of its accounts that are flagged, in any campaign or none. */
  readonly flagged: number
}

export type Score = {
  readonly classes: readonly ClassScore[]
  readonly campaigns: readonly CampaignScore[]
  /** Campaigns of resellers, who ask for nothing themselves: shown, and counted nowhere. */
  readonly reselling: readonly CampaignScore[]
  readonly benign: number
  readonly false_positives: number
  readonly attack: number
  readonly true_positives: number
  /** Accounts flagged rightly of all that are flagged; grey ones are not counted. 0 of none. */
  readonly precision: number
  readonly campaigns_found: number
  /** Campaigns with at least half of their accounts flagged, in whatever campaigns. */
  readonly campaigns_flagged: number
  readonly exchanges: number
  readonly exposed: number
}

/**
 * Scores a report against the truth, by the definitions of docs/simulation.md. `exchanges` are read
 * once; without them nothing is known of exposure, and its counts are 0. Throws where the report
 * names an account twice or one that the truth does not know.
 */
export function score(
  report: Scored,
  truth: Labels,
  exchanges: Iterable<Pick<Exchange, 'account' | 'time'>> = [],
): Score {
  const flagged = verdicts(report, truth, 'flagged')
  const watch = verdicts(report, truth, 'watch')
  checkMembership(report)
  const exposure = exposureOf(flagged, truth, exchanges)
  const scored = (grey: boolean): readonly CampaignScore[] =>
    Object.entries(truth.campaigns)
      .filter(([, { label = 'attack' }]) => (label === 'grey') === grey)
      .map(([name]) => campaignScore(name, report, truth, flagged, exposure.get(name)))
  const campaigns = scored(false)
  const counted = (label: AccountTruth['label'], of: ReadonlyMap<string, unknown> | null): number =>
    Object.entries(truth.accounts).filter(
      ([id, known]) => known.label === label && (of?.has(id) ?? true),
    ).length
  const false_positives = counted('benign', flagged)
  const true_positives = counted('attack', flagged)
  return {
    classes: classScores(truth, flagged, watch),
    campaigns,
    reselling: scored(true),
    benign: counted('benign', null),
    false_positives,
    attack: counted('attack', null),
    true_positives,
    precision:
      flagged.size === 0 ? 1 : true_positives / Math.max(1, true_positives + false_positives),
    campaigns_found: campaigns.filter(({ found }) => found).length,
    campaigns_flagged: campaigns.filter((each) => each.flagged >= 0.5).length,
    exchanges: campaigns.reduce((sum, each) => sum + each.exchanges, 0),
    exposed: campaigns.reduce((sum, each) => sum + each.exposed, 0),
  }
}

/** Accounts of one verdict, with the time (milliseconds since 1970) at which it fell. */
type Verdicts = ReadonlyMap<string, number>

function verdicts(report: Scored, truth: Labels, verdict: AccountVerdict['verdict']): Verdicts {
  const seen = new Set<string>()
  const chosen = new Map<string, number>()
  for (const { account, verdict: given, detected_at } of report.accounts) {
    if (seen.has(account)) throw new Error(`score: the report names ${account} twice`)
    if (!truth.accounts[account]) throw new Error(`score: the truth does not know ${account}`)
    seen.add(account)
    if (given === verdict)
      chosen.set(account, detected_at === null ? Infinity : Date.parse(detected_at))
  }
  return chosen
}

function checkMembership(report: Scored): void {
  const seen = new Set<string>()
  for (const account of report.campaigns.flatMap(({ accounts }) => accounts)) {
    if (seen.has(account)) throw new Error(`score: ${account} is in two campaigns`)
    seen.add(account)
  }
}

function classScores(truth: Labels, flagged: Verdicts, watch: Verdicts): readonly ClassScore[] {
  const rows = new Map<string, ClassScore>()
  for (const [account, { label, cls, campaign }] of Object.entries(truth.accounts)) {
    const shown = label === 'attack' ? (campaign ?? cls) : cls
    const key = `${label} ${shown}`
    const row = rows.get(key) ?? { label, cls: shown, accounts: 0, flagged: 0, watch: 0 }
    rows.set(key, {
      ...row,
      accounts: row.accounts + 1,
      flagged: row.flagged + (flagged.has(account) ? 1 : 0),
      watch: row.watch + (watch.has(account) ? 1 : 0),
    })
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

function campaignScore(
  name: string,
  report: Scored,
  truth: Labels,
  flagged: Verdicts,
  exposure: Exposure = nothingKnown,
): CampaignScore {
  const own = new Set(
    Object.entries(truth.accounts)
      .filter(([, known]) => known.campaign === name)
      .map(([account]) => account),
  )
  let overlap = 0
  let size = 0
  for (const { accounts } of report.campaigns) {
    const shared = accounts.filter((account) => own.has(account)).length
    if (shared > overlap) [overlap, size] = [shared, accounts.length]
  }
  const recall = overlap / Math.max(1, own.size)
  const purity = overlap / Math.max(1, size)
  const share = [...own].filter((account) => flagged.has(account)).length / Math.max(1, own.size)
  const found = share >= 0.5 && recall >= 0.5 && purity >= 0.9
  return { name, accounts: own.size, flagged: share, recall, purity, found, ...exposure }
}

type Exposure = Pick<
  CampaignScore,
  'exchanges' | 'exposed' | 'first_flag_seconds' | 'before_first_flag'
>

const nothingKnown: Exposure = {
  exchanges: 0,
  exposed: 0,
  first_flag_seconds: null,
  before_first_flag: 0,
}

/** Counts of one campaign while its exchanges go by; times in milliseconds since 1970. */
type Sums = {
  exchanges: number
  exposed: number
  beforeFirstFlag: number
  first: number
  readonly firstFlag: number
}

function exposureOf(
  flagged: Verdicts,
  truth: Labels,
  exchanges: Iterable<Pick<Exchange, 'account' | 'time'>>,
): ReadonlyMap<string, Exposure> {
  const firstFlags = firstFlagsOf(flagged, truth)
  const sums = new Map<string, Sums>()
  for (const { account, time } of exchanges) {
    const known = truth.accounts[account]
    if (known?.label !== 'attack' || known.campaign === null) continue
    // What the honest owner asked before the account was taken over is nobody's loss.
    if (known.since !== undefined && time < known.since) continue
    const firstFlag = firstFlags.get(known.campaign) ?? Infinity
    let sum = sums.get(known.campaign)
    if (sum === undefined) {
      sum = { exchanges: 0, exposed: 0, beforeFirstFlag: 0, first: Infinity, firstFlag }
      sums.set(known.campaign, sum)
    }
    const at = Date.parse(time)
    sum.exchanges++
    sum.first = Math.min(sum.first, at)
    if (at <= (flagged.get(account) ?? Infinity)) sum.exposed++
    if (at <= firstFlag) sum.beforeFirstFlag++
  }
  return new Map([...sums].map(([campaign, sum]) => [campaign, exposureFrom(sum)]))
}

function exposureFrom({ exchanges, exposed, beforeFirstFlag, first, firstFlag }: Sums): Exposure {
  const first_flag_seconds = firstFlag === Infinity ? null : Math.max(0, firstFlag - first) / 1000
  return { exchanges, exposed, first_flag_seconds, before_first_flag: beforeFirstFlag }
}

/** When the first account of each campaign was flagged. */
function firstFlagsOf(flagged: Verdicts, truth: Labels): ReadonlyMap<string, number> {
  const firsts = new Map<string, number>()
  for (const [account, at] of flagged) {
    const campaign = truth.accounts[account]?.campaign ?? null
    if (campaign !== null) firsts.set(campaign, Math.min(at, firsts.get(campaign) ?? Infinity))
  }
  return firsts
}
