import type { CampaignConfig } from '../config.ts'

/** The campaign types of the threat taxonomy that can be simulated; the comment gives its number. */
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
  'pivot', // T11
  'slow', // T13
  'likelihood', // T15
] as const
export type Style = (typeof styleNames)[number]

type Preset = Omit<CampaignConfig, 'name' | 'style' | 'startDay' | 'endDay'>

const plain: Preset = {
  accounts: 1,
  perAccountPerDay: 700,
  dilution: 0,
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
}

const spread: Preset = { ...plain, network: 'residential', userAgents: 'varied', schedule: 'human' }

export const styles: Readonly<Record<Style, Preset>> = {
  bulk: { ...plain, payload: 'answer' },
  sweep: { ...plain, perAccountPerDay: 250, seeds: 'benchmark' },
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
  },
  elicit: {
    ...spread,
    accounts: 50,
    perAccountPerDay: 50,
    variants: 12,
    languages: ['zh', 'ru', 'es', 'en'],
    dilution: 0.1,
  },
  grader: {
    ...spread,
    accounts: 20,
    perAccountPerDay: 40,
    variants: 3,
    payload: 'grading',
    dilution: 0.1,
  },
  paraphrase: {
    ...spread,
    accounts: 60,
    perAccountPerDay: 20,
    variants: 0,
    languages: ['en', 'en', 'zh', 'es', 'ru'],
    dilution: 0.2,
  },
  agentic: { ...spread, accounts: 60, perAccountPerDay: 20, payload: 'trajectory', dilution: 0.2 },
  hydra: { ...spread, accounts: 80, perAccountPerDay: 14, variants: 8, dilution: 0.4, lifeDays: 5 },
  pivot: {
    ...spread,
    accounts: 60,
    perAccountPerDay: 16,
    variants: 8,
    dilution: 0.5,
    lifeDays: 6,
    pivots: true,
  },
  slow: {
    ...spread,
    accounts: 60,
    perAccountPerDay: 1.5,
    variants: 10,
    dilution: 0.25,
    signUpDays: 90,
  },
  likelihood: { ...plain, perAccountPerDay: 250, payload: 'likelihood' },
}

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
