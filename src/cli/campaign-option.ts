import { StillwatchError } from '../core/error.ts'
import { type Preset, type Style, styleNames } from '../sim/campaigns/styles.ts'

/** What may be changed of a style, by the name it has on the command line. */
const settings = {
  accounts: { field: 'accounts', most: 1_000_000, whole: true },
  'per-day': { field: 'perAccountPerDay', most: 100_000, whole: false },
  dilution: { field: 'dilution', most: 1, whole: false },
  sophistication: { field: 'sophistication', most: 1, whole: false },
} as const
type Setting = keyof typeof settings

export const settingNames = Object.keys(settings) as readonly Setting[]

export type CampaignGiven = { readonly style: Style; readonly differs: Partial<Preset> }

/**
 * Campaigns as `--campaigns` names them: `hydra`, or `hydra:accounts=500,dilution=0.5`; `all` for one of
 * each style, `none` for none.
 */
export function campaignsFrom(given: string, flag: string): readonly CampaignGiven[] {
  if (given === 'none') return []
  const colon = given.indexOf(':')
  const name = colon < 0 ? given : given.slice(0, colon)
  const differs = colon < 0 ? {} : differences(given.slice(colon + 1), given, flag)
  if (name === 'all') return styleNames.map((style) => ({ style, differs }))
  const style = styleNames.find((each) => each === name)
  if (style === undefined)
    throw new StillwatchError('usage', `${flag} was given "${name}", which is no style.`, {
      fix: `Use none, all, or some of: ${styleNames.join(', ')}.`,
    })
  return [{ style, differs }]
}

function differences(text: string, given: string, flag: string): Partial<Preset> {
  return Object.fromEntries(text.split(',').map((pair) => difference(pair, given, flag)))
}

function difference(pair: string, given: string, flag: string): readonly [string, number] {
  const [key = '', value = ''] = pair.split('=')
  const setting = settingNames.find((each) => each === key)
  const amount = /^\d+(\.\d+)?$/.test(value) ? Number(value) : -1
  if (setting !== undefined) {
    const { field, most, whole } = settings[setting]
    const least = whole ? 1 : 0
    if (amount >= least && amount <= most && (!whole || Number.isInteger(amount)))
      return [field, amount]
  }
  throw new StillwatchError(
    'usage',
    `${flag} was given "${given}", of which "${pair}" says nothing.`,
    {
      fix: `After the colon: ${settingNames.join('=…, ')}=…, for example hydra:accounts=500,dilution=0.5.`,
    },
  )
}
