import { campaign, demoStyles, type Style, styleNames } from './campaigns/styles.ts'
import { beginningCharacters } from './simulate.ts'
import { usualPerDay } from './customers/builders.ts'
import type { CampaignConfig, CustomerClass, CustomerConfig, WorldConfig } from './config.ts'

/** Two weeks of a small provider: honest customers of every kind and six campaigns among them. */
export function demoWorld(seed: string): WorldConfig {
  return {
    name: 'demo',
    seed,
    start: '2026-02-02',
    days: 14,
    customers: demoCustomers,
    campaigns: [
      campaign('bulk', 'bulk-scraper', 3, 12),
      campaign('farm', 'key-farm', 2, 12),
      campaign('hydra', 'hydra', 2, 14, demoStyles.hydra),
      campaign('relay', 'relay-pool', 4, 13, { accounts: 16 }),
      campaign('likelihood', 'likelihood-scraper', 5, 12),
      campaign('slow', 'low-and-slow', 1, 14, demoStyles.slow),
    ],
    activity: 1,
    launchDay: 8,
    agentRequestBytes: 0,
    outputCharacters: beginningCharacters,
    drift: false,
    refusals: false,
    heldBack: null,
  }
}

/** Four days of a provider a third as large, with two campaigns that begin on the second day: what the gateway is shown with. */
export function gatewayDemoWorld(seed: string): WorldConfig {
  const days = 4
  const left = new Set<CustomerClass>(['launch', 'aggregator', 'reseller', 'testdata'])
  return {
    ...demoWorld(seed),
    name: 'gateway',
    days,
    launchDay: days + 1,
    customers: demoCustomers
      .filter(({ cls }) => !left.has(cls))
      .map((each) => ({ ...each, accounts: Math.ceil(each.accounts * 0.4) })),
    campaigns: [
      campaign('farm', 'key-farm', 1, days),
      campaign('relay', 'relay-pool', 1, days, { accounts: 16 }),
    ],
  }
}

const demoCustomers: readonly CustomerConfig[] = [
  { cls: 'chat', accounts: 230 },
  { cls: 'hobbyist', accounts: 70 },
  { cls: 'coder', accounts: 70 },
  { cls: 'course', accounts: 38 },
  { cls: 'evaluator', accounts: 14 },
  { cls: 'app', accounts: 24 },
  { cls: 'rag', accounts: 14 },
  { cls: 'batch', accounts: 12 },
  { cls: 'viral', accounts: 45 },
  { cls: 'enterprise', accounts: 40 },
  { cls: 'tutor', accounts: 4 },
  { cls: 'writer', accounts: 14 },
  { cls: 'aggregator', accounts: 2 },
  { cls: 'hackathon', accounts: 36 },
  { cls: 'annotator', accounts: 8 },
  { cls: 'launch', accounts: 30 },
  { cls: 'mover', accounts: 24 },
  { cls: 'reseller', accounts: 6 },
  { cls: 'testdata', accounts: 2 },
]

/** What `stillwatch evaluate` measures where no world is named: every style of campaign, each of a few accounts. */
export function evaluationWorld(seed: string): WorldConfig {
  const days = 14
  const few: Readonly<Partial<Record<Style, number>>> = {
    relay: 12,
    sticky: 12,
    elicit: 12,
    grader: 10,
    paraphrase: 12,
    agentic: 12,
    hydra: 12,
    pivot: 12,
    slow: 16,
    takeover: 12,
    adaptive: 12,
    station: 10,
    split: 10,
  }
  const campaigns = styleNames.map((style, at) => {
    const accounts = few[style]
    const differs = accounts === undefined ? {} : { accounts }
    // Not all on one day: a provider meets them one by one.
    return campaign(style, style, 1 + (at % 4), days, differs)
  })
  return { ...world({ seed, accounts: 1000, days, campaigns }), name: 'evaluation' }
}

/** Shares of the honest accounts, in parts of any whole. */
export type Mix = Readonly<Partial<Record<CustomerClass, number>>>

export const usualMix: Mix = {
  chat: 52,
  hobbyist: 11,
  coder: 10,
  viral: 6,
  enterprise: 6,
  course: 4,
  launch: 3,
  mover: 1.5,
  app: 1.6,
  rag: 0.8,
  batch: 0.7,
  evaluator: 0.9,
  writer: 0.7,
  hackathon: 1,
  annotator: 0.3,
  tutor: 0.15,
  aggregator: 0.08,
  reseller: 0.15,
  testdata: 0.12,
}

/** Every class there is, in about the shares of a provider with all kinds of customers. */
export const wideMix: Mix = {
  ...usualMix,
  chat: 33,
  hobbyist: 9,
  coder: 8,
  viral: 5,
  enterprise: 5,
  annotator: 0.4,
  tutor: 0.3,
  aggregator: 0.3,
  prompter: 10,
  pupil: 6,
  school: 0.8,
  frontend: 0.4,
  study: 0.8,
  ci: 1.2,
  regression: 0.4,
  failover: 0.6,
  vpn: 3,
  roamer: 3,
  team: 2,
  returner: 1.5,
}

export type WorldOptions = {
  readonly seed: string
  /** Honest accounts, rounded per class. */
  readonly accounts: number
  readonly days: number
  /** How many exchanges honest customers should make, about; their own pace where left out. */
  readonly exchanges?: number
  readonly mix?: Mix
  readonly campaigns?: readonly CampaignConfig[]
  readonly start?: string
  readonly agentRequestBytes?: number
  readonly outputCharacters?: number
}

export function world(options: WorldOptions): WorldConfig {
  const customers = shared(options.accounts, options.mix ?? usualMix)
  const usual = customers.reduce((sum, { cls, accounts }) => sum + accounts * usualPerDay[cls], 0)
  const activity = options.exchanges === undefined ? 1 : options.exchanges / (usual * options.days)
  return {
    name: 'world',
    seed: options.seed,
    start: options.start ?? '2026-02-02',
    days: options.days,
    customers,
    campaigns: options.campaigns ?? [],
    activity,
    launchDay: Math.floor(options.days * 0.6),
    agentRequestBytes: options.agentRequestBytes ?? 0,
    outputCharacters: options.outputCharacters ?? beginningCharacters,
    drift: false,
    refusals: false,
    heldBack: null,
  }
}

/** The hardest world: every look-alike, refusals, and customers who change while it lasts. */
export function wideWorld(options: WorldOptions): WorldConfig {
  return { ...world({ mix: wideMix, ...options }), name: 'wide', drift: true, refusals: true }
}

/** A world without any campaign: whatever is flagged in it is an error. */
export function benignWorld(seed: string, accounts: number, days = 14): WorldConfig {
  return { ...world({ seed, accounts, days }), name: 'benign' }
}

function shared(accounts: number, mix: Mix): readonly CustomerConfig[] {
  const entries = Object.entries(mix) as [CustomerClass, number][]
  const whole = entries.reduce((sum, [, share]) => sum + share, 0)
  return entries
    .map(([cls, share]) => ({ cls, accounts: Math.round((accounts * share) / whole) }))
    .filter((entry) => entry.accounts > 0)
}
