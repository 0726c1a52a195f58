import type {
  CampaignKind,
  ExchangeLink,
  Family,
  LogSummary,
  Report,
  Verdict,
} from '../record/report.ts'
import { visible, visibleName } from './text.ts'

/** Each family of evidence as a heading, and what it looks at. */
export const familyWords: Readonly<
  Record<Family, { readonly label: string; readonly asks: string }>
> = {
  content: { label: 'What was asked', asks: 'the wording and subjects of the prompts' },
  elicitation: { label: 'How it was asked', asks: 'what kind of answer the prompts draw out' },
  timing: { label: 'When it was asked', asks: 'hours, pauses and steps taken together' },
  infrastructure: { label: 'Where it came from', asks: 'networks, keys and client software' },
  biography: { label: 'Account history', asks: 'how accounts began, grew and changed' },
  'api-use': { label: 'How the API was used', asks: 'models, settings and parameters' },
  provenance: {
    label: 'Where answers went',
    asks: 'answers given to one account that come back from another',
  },
}

export const kindWords: Readonly<Record<CampaignKind, string>> = {
  'coordinated-accounts': 'coordinated accounts',
  'relay-pool': 'relay pool',
  'single-account': 'single account',
  'likelihood-scraping': 'likelihood scraping',
}

export const kindMeanings: Readonly<Record<CampaignKind, string>> = {
  'coordinated-accounts': 'many accounts that work to one plan',
  'relay-pool': 'one stream of work spread over a pool of accounts, as a reseller or proxy does',
  'single-account': 'one account that does it all',
  'likelihood-scraping': 'accounts that read the token likelihoods the API gives out',
}

export const verdictWords: Readonly<Record<Verdict, string>> = {
  flagged: 'flagged',
  watch: 'on watch',
  clear: 'clear',
}

export const verdictMeanings: Readonly<Record<Verdict, string>> = {
  flagged: 'Independent kinds of evidence point to extraction. A person should look.',
  watch:
    'Evidence of one kind only, or weak, or too little among so many accounts. Nothing was concluded about these accounts.',
  clear: 'Nothing was found that sets the account apart. This is not proof of innocence.',
}

/** A family in the middle of a sentence. */
export const familyInline = (family: Family): string =>
  familyWords[family].label.charAt(0).toLowerCase() + familyWords[family].label.slice(1)

/** A family in a narrow column. */
export const familyShort: Readonly<Record<Family, string>> = {
  content: 'content',
  elicitation: 'elicitation',
  timing: 'timing',
  infrastructure: 'network',
  biography: 'history',
  'api-use': 'API use',
  provenance: 'answers',
}

/** MITRE ATLAS 5.6, the techniques a campaign may name. */
const atlasNames = new Map([
  ['AML.T0024.002', 'Extract AI Model'],
  ['AML.T0024.000', 'Infer Training Data Membership'],
  ['AML.T0024.001', 'Invert AI Model'],
  ['AML.T0008.005', 'Acquire Infrastructure: AI Service Proxies'],
  ['AML.T0021', 'Establish Accounts'],
  ['AML.T0012', 'Valid Accounts'],
  ['AML.T0040', 'AI Model Inference API Access'],
  ['AML.T0065', 'LLM Prompt Crafting'],
  ['AML.T0056', 'Extract LLM System Prompt'],
  ['AML.T0069', 'Discover LLM System Information'],
])

/** The technique's name, or an empty string for one this version does not know. */
export const atlasName = (id: string): string => atlasNames.get(id) ?? ''

/**
 * Words for a likelihood ratio, in the manner of the verbal scales of forensic science (ENFSI
 * guideline for evaluative reporting, 2015). Such scales go on to stronger words; ours stops at "very
 * strong", for no log has enough accounts to measure rarer than that.
 */
const bands = [
  { from: 4, word: 'very strong', means: 'over 10,000 times' },
  { from: 3, word: 'strong', means: '1,000 to 10,000 times' },
  { from: 2, word: 'fairly strong', means: '100 to 1,000 times' },
  { from: 1, word: 'moderate', means: '10 to 100 times' },
  { from: Number.NEGATIVE_INFINITY, word: 'weak', means: 'under 10 times' },
] as const

export const scale: readonly { readonly word: string; readonly means: string }[] = bands

export const sureness = (score: number): string =>
  bands.find((band) => score >= band.from)?.word ?? 'weak'

export const scoreMeaning =
  'A score of x says: the evidence is about 10^x times likelier from extraction than from similar ' +
  'customers, as estimated from this log. It is not the chance that the account is guilty.'

export const caution =
  'This report names alleged conduct, inferred from a log by statistics. Honest customers can look ' +
  'alike. A person must review the evidence before anything is done to an account.'

export const count = (value: number): string => value.toLocaleString('en-US')

/** `1 account`, `2 accounts`. */
export const counted = (value: number, one: string, many: string = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

export const share = (part: number, whole: number): string => {
  const percent = whole === 0 ? 0 : (100 * part) / whole
  if (percent > 0 && percent < 0.1) return 'under 0.1%'
  return `${percent >= 10 || Number.isInteger(percent) ? Math.round(percent) : percent.toFixed(1)}%`
}

/** A class of customers as tables name it. */
export const className = (cls: string, label: string): string =>
  visible(label === 'grey' ? `${cls} (not counted)` : cls)

/** `3–56%`. */
export const percentRange = (low: number, high: number): string =>
  `${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)}%`

export const decimal = (value: number): string => (Object.is(value, -0) ? 0 : value).toFixed(1)

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `2 May 2026`; a time that is none is shown as it stands. */
export function day(time: string): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return visible(time)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** `2 May 2026, 10:00`, in UTC. */
export function moment(time: string): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return visible(time)
  return `${day(time)}, ${date.toISOString().slice(11, 16)}`
}

export function period(log: LogSummary): string {
  if (log.first === null || log.last === null) return 'no dated exchanges'
  return day(log.first) === day(log.last) ? day(log.first) : `${day(log.first)} to ${day(log.last)}`
}

/** Where exchanges are, in a line: `may.jsonl, line 12, 40; x-1k9fz3q0a7b`. */
export function placesOf(exchanges: readonly ExchangeLink[]): string {
  const lines = new Map<string, number[]>()
  const hidden: string[] = []
  for (const { exchange, file, line } of exchanges)
    if (file === null || line === null) hidden.push(exchange)
    else lines.set(file, [...(lines.get(file) ?? []), line])
  const told = [...lines].map(([file, all]) => `${visibleName(file)}, line ${all.join(', ')}`)
  return [...told, ...hidden.map(visibleName)].join('; ')
}

export type Tally = Readonly<Record<Verdict, number>>

export function tally(report: Report): Tally {
  const counts = { flagged: 0, watch: 0, clear: 0 }
  for (const account of report.accounts) counts[account.verdict]++
  return counts
}

/** What the audit comes to: what was found, how many of them should be honest, and who is watched. */
export function verdictSentences(report: Report): readonly string[] {
  if (report.log.exchanges === 0) return ['No exchange could be read, so nothing was audited.']
  const { flagged, watch } = tally(report)
  return [
    found(report, flagged),
    ...(flagged === 0 ? [] : [expectedHonest(report)]),
    ...(watch === 0 ? [] : [watching(watch, flagged > 0)]),
  ]
}

/** How many honest accounts a reviewer should expect among the flagged, and by what. */
function expectedHonest(report: Report): string {
  const most = report.expected_false
  // Rounded up, for it is a bound.
  const number = most >= 10 ? count(Math.ceil(most)) : Math.ceil(most * 100 - 1e-9) / 100
  const [all, flagged] = [oneIn(report.false_accusations), oneIn(report.false_discoveries)]
  return (
    `At most ${number} honest ones should be among the flagged: ${all} accounts, or ${flagged} flagged, ` +
    'whichever is fewer.'
  )
}

/** `1 in 10,000`, of a small share. */
const oneIn = (part: number): string => `1 in ${count(Math.round(1 / part))}`

function found(report: Report, flagged: number): string {
  const campaigns = report.campaigns.length
  const whole = counted(report.log.accounts, 'account')
  if (campaigns === 0 && flagged === 0)
    return `Nothing here points to model extraction: none of ${whole} was flagged.`
  if (campaigns === 0)
    return `No campaign was made out, but ${count(flagged)} of ${whole} ${were(flagged)} flagged.`
  const inside = new Set(report.campaigns.flatMap((campaign) => campaign.accounts)).size
  const what = counted(campaigns, 'campaign')
  return `The evidence points to ${what} of model extraction, run through ${count(inside)} of ${whole}.`
}

const were = (value: number): string => (value === 1 ? 'was' : 'were')

function watching(watch: number, others: boolean): string {
  const these = others ? `${count(watch)} more` : counted(watch, 'account')
  const it = watch === 1 ? 'it' : 'them'
  return `${these} ${were(watch)} put on watch: nothing was concluded about ${it}.`
}

/** The families in reasons, strongest first, each once. What people said weighs nothing and is no evidence. */
export function familiesOf(
  reasons: readonly { readonly family: Family; readonly weight: number }[],
): readonly Family[] {
  const sorted = reasons.filter(({ weight }) => weight !== 0).sort((a, b) => b.weight - a.weight)
  return [...new Set(sorted.map((reason) => reason.family))]
}

/** Rejected lines by reason, most first. */
export const rejections = (log: LogSummary): readonly (readonly [string, number])[] =>
  Object.entries(log.rejected.reasons).sort((a, b) => b[1] - a[1])
