import { type Random, seeded } from '../../../src/core/random.ts'
import type {
  AccountVerdict,
  Campaign,
  CampaignKind,
  Family,
  FamilyAvailability,
  Reason,
  Report,
} from '../../../src/record/report.ts'

export type SampleSize = {
  readonly days?: number
  readonly accounts?: number
  readonly watched?: number
  /** Flagged accounts that belong to no campaign. */
  readonly loners?: number
  readonly campaigns?: readonly CampaignSize[]
}

type CampaignSize = { readonly kind: CampaignKind; readonly accounts: number }

const defaults: Required<SampleSize> = {
  days: 14,
  accounts: 4215,
  watched: 23,
  loners: 2,
  campaigns: [
    { kind: 'coordinated-accounts', accounts: 48 },
    { kind: 'relay-pool', accounts: 131 },
    { kind: 'single-account', accounts: 1 },
    { kind: 'likelihood-scraping', accounts: 3 },
  ],
}

/** A report such as an audit of a fortnight writes; the same seed gives the same report. */
export function sampleReport(seed: string, size: SampleSize = {}): Report {
  const wanted = { ...defaults, ...size }
  const random = seeded(seed)
  const days = Array.from({ length: wanted.days }, (_, at) => dayAt(at))
  const perDay = days.map((_, at) => Math.round(23000 * weekday(at) + random.normal() * 600))
  const campaigns = wanted.campaigns.map((campaign, at) =>
    sampleCampaign(random.fork(`campaign ${at}`), `c-${at + 1}`, campaign, days, perDay),
  )
  const accounts = [
    ...campaigns.flatMap((campaign) => members(random, campaign)),
    ...Array.from({ length: wanted.loners }, () => loner(random, days)),
    ...Array.from({ length: wanted.watched }, () => watched(random, days)),
  ].sort((a, b) => b.score - a.score)
  const flagged = accounts.filter(({ verdict }) => verdict === 'flagged').length
  const clear = Array.from({ length: wanted.accounts - accounts.length }, () =>
    clearAccount(random),
  )
  return {
    vouches: [
      {
        by: 'Trust and Safety',
        why: 'our own red team',
        since: '2026-05-01',
        until: '2026-06-30',
        state: 'in-force',
        accounts: 1,
        withheld: 1,
      },
    ],
    reviews: {
      cases: 10,
      upheld: 31,
      overturned: 6,
      unmatched: 2,
      withheld: 4,
      detectors: [
        { detector: 'cohort', upheld: 4, overturned: 6, low: 0.31, high: 0.83, factor: 0.67 },
      ],
    },
    stillwatch: '0.1.0',
    step_seconds: 3600,
    false_accusations: 1e-4,
    false_discoveries: 0.05,
    expected_false: Math.min(1e-4 * wanted.accounts, 0.05 * flagged),
    pseudonymous: false,
    log: {
      files: 3,
      formats: { stillwatch: 329_411, 'openai-batch': 3_699 },
      exchanges: perDay.reduce((sum, value) => sum + value, 0),
      duplicates: 41,
      accounts: wanted.accounts,
      first: `${days[0]}T00:00:04.120Z`,
      last: `${days.at(-1)}T23:59:51.003Z`,
      rejected: {
        lines: 137,
        reasons: { 'not JSON': 12, 'no account': 96, 'time is not RFC 3339': 29 },
      },
      families,
      days,
      per_day: perDay,
    },
    accounts: [...accounts, ...clear],
    campaigns,
  }
}

/** A report over a log from which nothing came. */
export function emptyReport(): Report {
  const sample = sampleReport('empty', { accounts: 0, watched: 0, loners: 0, campaigns: [] })
  const nothing = { files: 1, formats: {}, exchanges: 0, duplicates: 0, accounts: 0, days: [] }
  const log = { ...sample.log, ...nothing, first: null, last: null, per_day: [] }
  return { ...sample, log, accounts: [], campaigns: [], vouches: [], reviews: null }
}

const families: readonly FamilyAvailability[] = [
  { family: 'content', available: true, note: 'Prompts were in 100% of exchanges.' },
  { family: 'elicitation', available: true, note: 'Prompts were in 100% of exchanges.' },
  { family: 'timing', available: true, note: 'Every exchange has a time.' },
  {
    family: 'infrastructure',
    available: true,
    note: 'Addresses were in 71% of exchanges, client software in 98%.',
  },
  {
    family: 'biography',
    available: false,
    note: 'Off: the day an account was opened is known for 3% of accounts; at least half are needed.',
  },
  { family: 'api-use', available: true, note: 'Models and settings were in 100% of exchanges.' },
  { family: 'provenance', available: false, note: 'Off: answers were in 0% of exchanges.' },
]

const dayAt = (at: number): string => new Date(Date.UTC(2026, 4, 4 + at)).toISOString().slice(0, 10)

const weekday = (at: number): number => (at % 7 >= 5 ? 0.72 : 1)

const hourOf = (day: string, hour: number): string =>
  `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`

const atlasOf: Readonly<Record<CampaignKind, readonly string[]>> = {
  'coordinated-accounts': ['AML.T0024.002', 'AML.T0021', 'AML.T0040', 'AML.T0065'],
  'relay-pool': ['AML.T0024.002', 'AML.T0008.005', 'AML.T0040'],
  'single-account': ['AML.T0024.002', 'AML.T0012', 'AML.T0040'],
  'likelihood-scraping': ['AML.T0024.001', 'AML.T0040'],
}

const targetsOf: Readonly<Record<CampaignKind, readonly string[]>> = {
  'coordinated-accounts': ['aurora-large', 'worked-out reasoning', 'training-format output'],
  'relay-pool': ['aurora-large', 'aurora-mini', 'worked-out reasoning'],
  'single-account': ['aurora-large', 'grading by rubric'],
  'likelihood-scraping': ['aurora-mini', 'likelihoods', 'one-token answers'],
}

function sampleCampaign(
  random: Random,
  id: string,
  size: CampaignSize,
  days: readonly string[],
  population: readonly number[],
): Campaign {
  const start = random.integer(0, Math.floor(days.length / 2))
  const found = Math.min(days.length - 1, start + random.integer(1, 3))
  const peak = 0.01 + random.next() * 0.05
  const per_day = population.map((all, at) =>
    at < start ? 0 : Math.round(all * ramp(at - start) * peak),
  )
  const exchanges = per_day.reduce((sum, value) => sum + value, 0)
  const before = per_day.slice(0, found).reduce((sum, value) => sum + value, 0)
  return {
    id,
    kind: size.kind,
    accounts: Array.from({ length: size.accounts }, () => name(random)),
    exchanges,
    exchanges_before_detection: Math.min(exchanges, before + Math.round((per_day[found] ?? 0) / 3)),
    first_seen: hourOf(days[start] ?? '', 7),
    last_seen: hourOf(days.at(-1) ?? '', 23),
    detected_at: hourOf(days[found] ?? '', random.integer(2, 20)),
    score: total(campaignReasons(size)),
    targets: targetsOf[size.kind],
    reasons: campaignReasons(size),
    atlas: atlasOf[size.kind],
    per_day,
  }
}

const total = (reasons: readonly Reason[]): number =>
  reasons.reduce((sum, reason) => sum + reason.weight, 0)

const ramp = (age: number): number => Math.min(1, 0.25 + age / 4)

function campaignReasons({ kind, accounts }: CampaignSize): readonly Reason[] {
  const n = accounts
  const shared: readonly Reason[] = [
    reason(
      'shared-templates',
      'content',
      41,
      2.1,
      `${n} accounts send prompts cut from 41 templates that no other account in the log sends.`,
    ),
    reason(
      'drawn-out-reasoning',
      'elicitation',
      0.93,
      1.4,
      `93% of its prompts ask for worked-out reasoning; among like customers 11% do.`,
    ),
    reason(
      'hand-over',
      'timing',
      212,
      1.2,
      `When one account stops, another goes on with the same list within a minute: 212 times.`,
    ),
    reason(
      'one-network',
      'infrastructure',
      3,
      0.8,
      `All came through 3 networks, with the same client software.`,
    ),
  ]
  const likelihoods = reason(
    'likelihoods-read',
    'api-use',
    0.99,
    2.6,
    `99% of requests ask for the 20 likeliest tokens and one token of answer.`,
  )
  const single = reason(
    'breadth',
    'content',
    118,
    1.9,
    `One account asks across 118 subjects, none twice; the median customer keeps to 4.`,
  )
  if (kind === 'likelihood-scraping') return [likelihoods, ...shared.slice(2, 3)]
  return kind === 'single-account' ? [single, ...shared.slice(1, 2)] : shared
}

const reason = (
  detector: string,
  family: Family,
  value: number,
  weight: number,
  text: string,
): Reason => ({
  detector,
  family,
  text,
  value,
  weight,
  exchanges: [
    {
      exchange: 'x-1k9fz3q0a7b',
      time: '2026-05-09T07:12:03.120Z',
      file: 'logs/2026-05-09.jsonl.gz',
      line: 1288,
    },
  ],
  would_clear: weight > 0 ? 'A contract that names these accounts as one customer.' : '',
})

function members(random: Random, campaign: Campaign): readonly AccountVerdict[] {
  const each = Math.max(1, Math.round(campaign.exchanges / campaign.accounts.length))
  const some = campaign.reasons.map((_, at) => campaign.reasons.slice(0, at + 1)).slice(1)
  return campaign.accounts.map((account) =>
    member(random, campaign, each, account, random.pick(some)),
  )
}

const member = (
  random: Random,
  campaign: Campaign,
  each: number,
  account: string,
  reasons: readonly Reason[],
): AccountVerdict => ({
  account,
  verdict: 'flagged',
  score: total(reasons),
  detected_at: campaign.detected_at,
  campaign: campaign.id,
  exchanges: Math.max(1, Math.round(each * (0.5 + random.next()))),
  reasons,
})

const loner = (random: Random, days: readonly string[]): AccountVerdict => ({
  account: name(random),
  verdict: 'flagged',
  score: 3.3,
  detected_at: hourOf(random.pick(days), 11),
  campaign: null,
  exchanges: random.integer(400, 3000),
  reasons: campaignReasons({ kind: 'single-account', accounts: 1 }),
})

const watched = (random: Random, days: readonly string[]): AccountVerdict => ({
  account: name(random),
  verdict: 'watch',
  score: 1,
  detected_at: hourOf(random.pick(days), random.integer(0, 23)),
  campaign: null,
  exchanges: random.integer(30, 900),
  reasons: [
    reason(
      'drawn-out-reasoning',
      'elicitation',
      0.7,
      1,
      '70% of its prompts ask for worked-out reasoning; among like customers 11% do.',
    ),
  ],
})

const clearAccount = (random: Random): AccountVerdict => ({
  account: name(random),
  verdict: 'clear',
  score: -random.next(),
  detected_at: null,
  campaign: null,
  exchanges: random.integer(1, 400),
  reasons: [],
})

const name = (random: Random): string =>
  `acct_${random.integer(0, 0xffffff).toString(16).padStart(6, '0')}${random
    .integer(0, 0xffff)
    .toString(16)
    .padStart(4, '0')}`
