import { pseudonym } from '../core/pseudonym.ts'
import {
  type AccountState,
  type CampaignState,
  detectors,
  expectedFalse,
  falseDiscoveryShareMax,
  type WeighedReason,
  type Walk,
} from '../detect/index.ts'
import type { IngestSummary } from '../ingest/ingest.ts'
import type {
  AccountVerdict,
  Campaign,
  ExchangeLink,
  LogSummary,
  Reason,
  Report,
  ReviewUse,
  VouchUse,
} from '../record/index.ts'
import type { AuditOptions } from './audit.ts'
import type { CampaignFacts, ReportFacts } from './facts.ts'
import { familiesOf } from './families.ts'
import type { StepClock } from './steps.ts'
import { mostSuspiciousFirst } from './suspicion.ts'

export type Findings = {
  readonly summary: IngestSummary
  readonly walk: Walk
  readonly accounts: readonly AccountState[]
  readonly campaigns: readonly CampaignState[]
  readonly facts: ReportFacts
  readonly clock: StepClock
  readonly falseShareMax: number
  readonly options: AuditOptions
  readonly vouches: readonly VouchUse[]
  readonly reviews: ReviewUse | null
}

/** A mark is a target of a campaign when at least this share of its exchanges carries it. */
const targetShareMin = 0.1

/** Puts what was found into the words and shape of the report. Pure. */
export function buildReport(findings: Findings): Report {
  const { options, clock, campaigns } = findings
  const campaignOf = new Map<number, string>()
  for (const { name, members } of campaigns)
    for (const { account } of members) campaignOf.set(account, name)
  return {
    stillwatch: options.version,
    step_seconds: clock.stepSeconds,
    false_accusations: findings.falseShareMax,
    false_discoveries: falseDiscoveryShareMax,
    expected_false: expectedFalse(findings.accounts, findings.falseShareMax),
    pseudonymous: options.pseudonymous === true,
    log: logSummary(findings),
    accounts: findings.accounts
      .map((state) => accountVerdict(state, campaignOf.get(state.account) ?? null, findings))
      .sort((a, b) => mostSuspiciousFirst(a, b) || (a.account < b.account ? -1 : 1)),
    campaigns: campaigns.map((campaign, number) => campaignRecord(campaign, number, findings)),
    vouches: findings.vouches,
    reviews: findings.reviews,
  }
}

function accountName(account: number, findings: Findings): string {
  const hash = findings.walk.population.hash(account)
  const known = findings.options.pseudonymous === true ? undefined : findings.facts.names.get(hash)
  return known ?? pseudonym('p', hash)
}

/** The moment at which a step ends; null of none. */
export function stepEnd(step: number | null, clock: StepClock): string | null {
  return step === null
    ? null
    : instant((clock.originSeconds + (step + 1) * clock.stepSeconds) * 1000)
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

function accountVerdict(
  state: AccountState,
  campaign: string | null,
  findings: Findings,
): AccountVerdict {
  return {
    account: accountName(state.account, findings),
    verdict: state.verdict,
    score: round(state.score),
    detected_at: stepEnd(state.step, findings.clock),
    campaign,
    exchanges: findings.walk.population.fact('exchanges', state.account),
    reasons:
      state.verdict === 'clear'
        ? []
        : state.reasons.map((each) => reason(each, state.account, findings)),
  }
}

const clearings = new Map(detectors.map(({ id, clears }) => [id, clears ?? '']))

function reason(each: WeighedReason, account: number, findings: Findings): Reason {
  return {
    detector: each.detector,
    family: each.family,
    text: each.text,
    value: round(each.value),
    weight: round(each.weight),
    exchanges: findings.facts
      .links(findings.walk.population.hash(account), each.detector)
      .map((link) => (findings.options.pseudonymous === true ? unplaced(link) : link)),
    would_clear: each.weight > 0 ? (clearings.get(each.detector) ?? '') : '',
  }
}

/** The path of a log may name whose it is. */
function unplaced(link: ExchangeLink): ExchangeLink {
  return { ...link, file: null, line: null }
}

function campaignRecord(campaign: CampaignState, number: number, findings: Findings): Campaign {
  const facts = findings.facts.campaigns.get(number)
  if (facts === undefined) throw new RangeError(`no facts for campaign ${number}`)
  return {
    id: campaign.name,
    kind: campaign.kind,
    accounts: campaign.members.map((member) => accountName(member.account, findings)).sort(),
    exchanges: facts.exchanges,
    exchanges_before_detection: facts.before,
    first_seen: instant(facts.first_ms),
    last_seen: instant(facts.last_ms),
    detected_at: stepEnd(campaign.step, findings.clock) ?? instant(facts.last_ms),
    score: round(campaign.score),
    targets: targets(facts),
    reasons: campaign.reasons.map((each) => reason(each, campaign.strongest, findings)),
    atlas: [
      ...new Set(
        campaign.reasons.filter((each) => each.weight > 0).flatMap((each) => each.atlas ?? []),
      ),
    ].sort(),
    per_day: findings.facts.days.map(
      ({ day }) => findings.facts.campaignDays.get(`${number} ${day}`) ?? 0,
    ),
  }
}

function targets(facts: CampaignFacts): readonly string[] {
  const asked = [
    ['worked-out reasoning', facts.reasoning],
    ['grading by rubric', facts.grading],
    ['training-format output', facts.training_format],
    ['self-description of rules', facts.self_description],
    ['likelihoods', facts.likelihoods],
  ] as const
  const marks = asked
    .filter(([, count]) => count >= targetShareMin * facts.exchanges)
    .map(([name]) => name)
  return [
    ...facts.models
      .filter((model) => model !== '')
      .map((model) => `model ${model}`)
      .sort(),
    ...marks,
  ]
}

function logSummary(findings: Findings): LogSummary {
  const { summary, facts } = findings
  return {
    files: summary.files,
    formats: summary.formats,
    exchanges: facts.log.exchanges,
    duplicates: summary.duplicates,
    accounts: facts.log.accounts,
    first: instant(facts.log.first_ms),
    last: instant(facts.log.last_ms),
    rejected: summary.rejected,
    families: familiesOf(facts.log),
    days: facts.days.map((each) => each.day),
    per_day: facts.days.map((each) => each.exchanges),
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
