import type { CampaignConfig } from '../config.ts'

/** The campaign types of the threat taxonomy; the comment gives its number. */
export const styleNames = [
  'bulk', // T1
  'sweep', // T2
  'farm', // T3
  'relay', // T4
  'sticky', // T5
  'elicit', // T6
  'grader', // T7
  'paraphrase', // T8
  'agentic', // T9
  'hydra', // T10
  'takeover', // T10, through accounts of honest customers
  'pivot', // T11
  'station', // T12
  'slow', // T13
  'adaptive', // T14
  'likelihood', // T15: scans of likelihoods
  'embedding', // T15: the last layer
  'precision', // T15: some hundred questions
  'membership', // T15: was this text learnt
  'instructions', // T15: the system prompt
  'split', // T16: over several providers
  'insider', // T16: seats of a firm
] as const
export type Style = (typeof styleNames)[number]

export type Preset = Omit<CampaignConfig, 'name' | 'style' | 'startDay' | 'endDay'>

const plain: Preset = {
  accounts: 1,
  perAccountPerDay: 700,
  dilution: 0,
  sophistication: 0,
  cover: ['chat', 'hobbyist', 'app', 'pupil', 'prompter'],
  payload: 'reasoning',
  variants: 1,
  languages: ['en'],
  seeds: 'own',
  network: 'one',
  userAgents: 'one',
  schedule: 'clock',
  signUpDays: 10,
  lifeDays: 0,
  relay: false,
  pivots: false,
  failover: 0,
  joins: false,
  frames: false,
  sacrifices: 0,
  takenOver: 0,
  share: 1,
}

const spread: Preset = { ...plain, network: 'residential', userAgents: 'varied', schedule: 'human' }

/** People, with a few products: what thousands of accounts can be without standing out. */
const people: Preset['cover'] = [
  'chat',
  'hobbyist',
  'hobbyist',
  'pupil',
  'pupil',
  'prompter',
  'prompter',
  'app',
  'school',
  'vpn',
  'returner',
]

const careful: Preset = {
  ...spread,
  sophistication: 0.98,
  cover: people,
  variants: 8,
  languages: ['en', 'en', 'zh', 'es', 'ru', 'ja', 'de', 'pt', 'fr'],
  signUpDays: 120,
  failover: 0.01,
}

export const styles: Readonly<Record<Style, Preset>> = {
  bulk: { ...plain, payload: 'answer' },
  sweep: { ...plain, perAccountPerDay: 500, seeds: 'benchmark' },
  farm: { ...plain, accounts: 8, perAccountPerDay: 60, variants: 2, signUpDays: 3 },
  relay: {
    ...plain,
    accounts: 20,
    perAccountPerDay: 40,
    variants: 5,
    network: 'datacentre',
    relay: true,
    dilution: 0.05,
  },
  sticky: {
    ...spread,
    accounts: 50,
    perAccountPerDay: 50,
    variants: 5,
    schedule: 'clock',
    dilution: 0.1,
    sophistication: 0.4,
    failover: 0.02,
  },
  elicit: {
    ...spread,
    accounts: 50,
    perAccountPerDay: 50,
    variants: 12,
    languages: ['zh', 'ru', 'es', 'en', 'ja', 'pt'],
    dilution: 0.1,
    sophistication: 0.4,
    failover: 0.01,
  },
  grader: {
    ...spread,
    accounts: 20,
    perAccountPerDay: 40,
    variants: 3,
    payload: 'grading',
    dilution: 0.1,
    sophistication: 0.4,
    cover: ['hobbyist', 'app', 'batch', 'prompter'],
  },
  paraphrase: { ...careful, accounts: 100, perAccountPerDay: 20, variants: 0, dilution: 0.25 },
  agentic: {
    ...careful,
    accounts: 100,
    perAccountPerDay: 25,
    payload: 'trajectory',
    dilution: 0.2,
    cover: ['coder', 'coder', 'coder', 'ci'],
  },
  hydra: { ...careful, accounts: 120, perAccountPerDay: 14, dilution: 0.45, lifeDays: 5 },
  takeover: { ...careful, accounts: 60, perAccountPerDay: 12, dilution: 0.3, takenOver: 1 },
  pivot: {
    ...careful,
    accounts: 100,
    perAccountPerDay: 16,
    dilution: 0.5,
    lifeDays: 6,
    pivots: true,
  },
  station: {
    ...careful,
    accounts: 40,
    perAccountPerDay: 50,
    dilution: 1,
    payload: 'organic',
    cover: ['chat', 'chat', 'chat', 'hobbyist', 'coder', 'roamer', 'vpn'],
    relay: true,
    failover: 0.02,
  },
  slow: {
    ...careful,
    sophistication: 1,
    accounts: 150,
    perAccountPerDay: 8,
    seeds: 'matched',
    dilution: 0.92,
    signUpDays: 400,
    failover: 0,
  },
  adaptive: {
    ...careful,
    sophistication: 1,
    accounts: 100,
    perAccountPerDay: 12,
    variants: 0,
    dilution: 0.6,
    cover: [...people, 'viral', 'course', 'coder'],
    joins: true,
    frames: true,
    sacrifices: 0.04,
    failover: 0,
  },
  likelihood: { ...plain, perAccountPerDay: 250, payload: 'likelihood' },
  embedding: { ...plain, accounts: 2, perAccountPerDay: 400, payload: 'embedding' },
  precision: {
    ...careful,
    sophistication: 0.8,
    accounts: 3,
    perAccountPerDay: 10,
    payload: 'precision',
    dilution: 0.2,
    failover: 0,
  },
  membership: {
    ...careful,
    sophistication: 0.6,
    accounts: 6,
    perAccountPerDay: 60,
    payload: 'membership',
    dilution: 0.1,
  },
  instructions: {
    ...careful,
    sophistication: 0.7,
    accounts: 5,
    perAccountPerDay: 14,
    payload: 'instructions',
    cover: ['chat', 'app', 'aggregator', 'hobbyist'],
    dilution: 0.3,
  },
  split: { ...careful, accounts: 25, perAccountPerDay: 12, dilution: 0.4, share: 0.25 },
  insider: {
    ...careful,
    accounts: 4,
    perAccountPerDay: 10,
    sophistication: 1,
    dilution: 0.4,
    cover: ['enterprise'],
    joins: true,
    failover: 0,
  },
}

/** What the demonstration runs: campaigns of modest care, as they were when its figures were taken. */
export const demoStyles = {
  hydra: {
    ...spread,
    accounts: 42,
    perAccountPerDay: 12,
    variants: 6,
    dilution: 0.3,
  },
  slow: {
    ...spread,
    accounts: 60,
    perAccountPerDay: 1.5,
    variants: 10,
    dilution: 0.25,
    signUpDays: 90,
  },
} satisfies Readonly<Record<string, Preset>>

/** A campaign of a style, with what differs from the style's usual. */
export function campaign(
  style: Style,
  name: string,
  startDay: number,
  endDay: number,
  differs: Partial<Preset> = {},
): CampaignConfig {
  return { ...styles[style], ...differs, name, style, startDay, endDay }
}
