import pico from 'picocolors'
import type { AccountVerdict, Campaign, Reason, Report } from '../record/report.ts'
import { type Column, table } from './columns.ts'
import { detectorSentence, reviewSentence, vouchSentences } from './statements.ts'
import { cut, cutMiddle, pad, visible, visibleName, wrap } from './text.ts'
import {
  atlasName,
  caution,
  count,
  counted,
  day,
  decimal,
  familiesOf,
  familyInline,
  familyShort,
  familyWords,
  kindWords,
  moment,
  period,
  rejections,
  scoreMeaning,
  share,
  sureness,
  tally,
  verdictSentences,
} from './words.ts'

export type TerminalOptions = {
  readonly color: boolean
  /** No line is wider, down to 60; below that lines break where the terminal breaks them. */
  readonly widthColumnsMax: number
}

const campaignsShownMax = 25
const campaignsExplainedMax = 8
const accountsShownMax = 15
const watchedShownMax = 5
const reasonsShownMax = 5

/** What a painter needs to know: colours that may be off, and the columns it has. */
export type Sheet = {
  readonly colors: ReturnType<typeof pico.createColors>
  readonly columns: number
}

export const sheet = (options: TerminalOptions): Sheet => ({
  colors: pico.createColors(options.color),
  columns: Math.max(60, options.widthColumnsMax),
})

/** The summary for a terminal, at most a few screens; everything from the log in it is made visible. */
export function terminalReport(report: Report, options: TerminalOptions): string {
  const page = sheet(options)
  const blocks = [
    opening(report, page),
    ...campaignTable(report, page),
    ...report.campaigns.slice(0, campaignsExplainedMax).map((one) => campaignBlock(one, page)),
    ...accountTable(report, page),
    ...statements(report, page),
    notLookedAt(report, page),
    closing(page),
  ]
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`
}

function opening(report: Report, page: Sheet): readonly string[] {
  const { log } = report
  const { flagged, watch } = tally(report)
  const campaigns = report.campaigns.length
  const figures = [
    counted(log.exchanges, 'exchange'),
    counted(log.accounts, 'account'),
    counted(campaigns, 'campaign'),
    `${count(flagged)} flagged`,
    `${count(watch)} on watch`,
    `${counted(log.rejected.lines, 'line')} rejected`,
  ]
  const title = `Stillwatch ${visible(report.stillwatch)} · ${period(log)}`
  const sentence = wrap(verdictSentences(report).join(' '), page.columns)
  const paint = flagged + campaigns > 0 ? page.colors.red : page.colors.green
  return [
    page.colors.dim(cut(title, page.columns)),
    '',
    ...sentence.map((line) => page.colors.bold(paint(line))),
    '',
    ...wrap(figures.join(' · '), page.columns),
  ]
}

// Narrower than this, what and why are left to the block of each campaign.
const narrowColumns = 80
const keptWhenNarrow: readonly number[] = [0, 1, 3, 5]

const campaignColumns: readonly Column[] = [
  { title: 'Campaign', kind: 'name', columnsMax: 12 },
  { title: 'Who', kind: 'prose', columnsMax: 26 },
  { title: 'What', kind: 'prose', columnsMax: 24 },
  { title: 'Since', kind: 'name' },
  { title: 'Why', kind: 'prose', columnsMax: 26 },
  { title: 'How sure', kind: 'name' },
]

function campaignTable(report: Report, page: Sheet): readonly (readonly string[])[] {
  if (report.campaigns.length === 0) return []
  const shown = report.campaigns.slice(0, campaignsShownMax)
  const rows = shown.map((campaign) => [
    visibleName(campaign.id),
    `${kindWords[campaign.kind]} (${count(campaign.accounts.length)})`,
    campaign.targets.map(visible).join(', '),
    day(campaign.first_seen),
    familiesOf(campaign.reasons)
      .map((family) => familyShort[family])
      .join(', '),
    `${sureness(campaign.score)} (${decimal(campaign.score)})`,
  ])
  const kept = page.columns < narrowColumns ? keptWhenNarrow : campaignColumns.map((_, at) => at)
  const only = <T>(all: readonly T[]): readonly T[] => all.filter((_, at) => kept.includes(at))
  return [
    [
      heading('Campaigns', page),
      ...table(only(campaignColumns), rows.map(only), page.columns, page.colors.dim),
      ...more(report.campaigns.length - shown.length, 'campaign', page),
    ],
  ]
}

function campaignBlock(campaign: Campaign, page: Sheet): readonly string[] {
  const strongest = [...campaign.reasons].sort((a, b) => b.weight - a.weight)
  const hidden = strongest.length - reasonsShownMax
  const why = strongest.slice(0, reasonsShownMax).map((reason) => reasonLine(reason))
  return [
    page.colors.bold(cutMiddle(visibleName(campaign.id), 32)) +
      page.colors.dim(`  ${kindWords[campaign.kind]}`),
    ...field('Who', who(campaign), page),
    ...field('What', what(campaign), page),
    ...field('Since', since(campaign), page),
    ...field('Why', why[0] ?? 'No reasons were recorded.', page),
    ...why.slice(1).flatMap((line) => field('', line, page)),
    ...(hidden > 0 ? field('', `and ${counted(hidden, 'weaker reason')}`, page) : []),
    ...field('Sure', surely(campaign), page),
    ...field('ATLAS', campaign.atlas.map(atlas).join('; ') || 'none named', page),
  ]
}

const who = (campaign: Campaign): string => {
  const named = campaign.accounts.slice(0, 3).map((name) => cutMiddle(visibleName(name), 24))
  const rest = campaign.accounts.length - named.length
  return named.join(', ') + (rest > 0 ? ` and ${count(rest)} more` : '')
}

function what(campaign: Campaign): string {
  const targets = campaign.targets.map(visible).join(', ') || 'no one target'
  const exchanges = counted(campaign.exchanges, 'exchange')
  const lost = campaign.exchanges_before_detection
  return `${targets}; ${exchanges}, ${count(lost)} (${share(lost, campaign.exchanges)}) before detection`
}

const since = (campaign: Campaign): string =>
  `${moment(campaign.first_seen)}; detected ${moment(campaign.detected_at)}; ` +
  `last seen ${moment(campaign.last_seen)} (UTC)`

const surely = (campaign: Campaign): string =>
  `${sureness(campaign.score)}, score ${decimal(campaign.score)} from ` +
  `${counted(familiesOf(campaign.reasons).length, 'kind')} of evidence`

const reasonLine = (reason: Reason): string =>
  `${signed(reason.weight)}  ${visible(reason.text)} [${familyInline(reason.family)}]`

const signed = (weight: number): string => `${weight < 0 ? '−' : '+'}${decimal(Math.abs(weight))}`

const atlas = (id: string): string => `${visibleName(id)} ${atlasName(id)}`.trimEnd()

const labelColumns = 9

function field(label: string, text: string, page: Sheet): readonly string[] {
  // A weight before the text stays in its own column when the text wraps.
  const hang = /^[+−]\d+\.\d {2}/.test(text) ? 6 : 0
  const [first = '', ...rest] = wrap(text, page.columns - labelColumns - hang)
  const start = page.colors.dim(pad(`  ${label}`, labelColumns))
  const indent = ' '.repeat(labelColumns + hang)
  const tail = wrap(rest.join(' '), page.columns - labelColumns - hang)
  return [start + first, ...(rest.length > 0 ? tail.map((line) => indent + line) : [])]
}

const accountColumns: readonly Column[] = [
  { title: 'Account', kind: 'name', columnsMax: 24 },
  { title: 'Score', kind: 'number' },
  { title: 'Detected', kind: 'name' },
  { title: 'Exchanges', kind: 'number' },
  { title: 'Strongest reason', kind: 'prose' },
]

function accountTable(report: Report, page: Sheet): readonly (readonly string[])[] {
  const alone = report.accounts.filter((one) => one.verdict === 'flagged' && one.campaign === null)
  const watched = report.accounts.filter((one) => one.verdict === 'watch')
  return [
    ...accountBlock('Flagged outside campaigns', 'flagged account', alone, accountsShownMax, page),
    ...accountBlock(
      'On watch, nothing concluded',
      'watched account',
      watched,
      watchedShownMax,
      page,
    ),
  ]
}

function accountBlock(
  title: string,
  one: string,
  accounts: readonly AccountVerdict[],
  shownMax: number,
  page: Sheet,
): readonly (readonly string[])[] {
  if (accounts.length === 0) return []
  const shown = accounts.slice(0, shownMax)
  return [
    [
      heading(title, page),
      ...table(accountColumns, shown.map(accountRow), page.columns, page.colors.dim),
      ...more(accounts.length - shown.length, one, page),
    ],
  ]
}

function accountRow(account: AccountVerdict): readonly string[] {
  const [strongest] = [...account.reasons].sort((a, b) => b.weight - a.weight)
  return [
    visibleName(account.account),
    decimal(account.score),
    account.detected_at === null ? '' : day(account.detected_at),
    count(account.exchanges),
    strongest === undefined ? '' : visible(strongest.text),
  ]
}

const statementsShownMax = 20

/** What people said before the audit, and what became of it. */
function statements(report: Report, page: Sheet): readonly (readonly string[])[] {
  const vouches = vouchSentences(report)
  const { reviews } = report
  const lines = [
    ...vouches.slice(0, statementsShownMax),
    ...(vouches.length > statementsShownMax
      ? [
          `and ${counted(vouches.length - statementsShownMax, 'more vouch', 'more vouches')}, in --json`,
        ]
      : []),
    ...(reviews === null ? [] : [reviewSentence(reviews)]),
    ...(reviews?.detectors ?? []).map(detectorSentence),
  ]
  if (lines.length === 0) return []
  return [[heading('What people said', page), ...lines.flatMap((line) => bullet(line, page))]]
}

function notLookedAt({ log }: Report, page: Sheet): readonly string[] {
  const off = log.families.filter((family) => !family.available)
  const rejected = rejections(log)
  return [
    heading('What was not looked at', page),
    ...off.flatMap((family) =>
      bullet(`${familyWords[family.family].label}: ${visible(family.note)}`, page),
    ),
    ...(off.length === 0 ? bullet('Every kind of evidence could be looked at.', page) : []),
    ...rejected
      .slice(0, reasonsShownMax)
      .flatMap(([reason, lines]) =>
        bullet(`${counted(lines, 'line')} rejected: ${visible(reason)}`, page),
      ),
    ...more(rejected.length - reasonsShownMax, 'reason for rejection', page),
    ...(log.duplicates > 0
      ? bullet(`${counted(log.duplicates, 'duplicate')} counted once`, page)
      : []),
  ]
}

const bullet = (text: string, page: Sheet): readonly string[] =>
  wrap(text, page.columns - 4).map((line, at) => (at === 0 ? '  · ' : '    ') + line)

const closing = (page: Sheet): readonly string[] =>
  [scoreMeaning, caution].flatMap((text) => wrap(text, page.columns)).map(page.colors.dim)

export const heading = (title: string, page: Sheet): string => page.colors.bold(title.toUpperCase())

const more = (hidden: number, one: string, page: Sheet): readonly string[] =>
  hidden > 0
    ? wrap(`and ${counted(hidden, `more ${one}`)}; see --html or --csv`, page.columns).map(
        page.colors.dim,
      )
    : []
