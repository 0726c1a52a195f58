import type { ExchangeLink, Reason } from '../record/report.ts'
import { heading, type Sheet, sheet, type TerminalOptions } from './terminal.ts'
import { cut, pad, visible, visibleLines, visibleName, widthOf, wrap } from './text.ts'
import { caution, counted, decimal, familyInline, moment } from './words.ts'

/** One exchange as a reviewer reads it. */
export type Example = {
  /** RFC 3339. */
  readonly time: string
  readonly account: string
  readonly campaign: string | null
  readonly messages: readonly { readonly role: string; readonly text: string }[]
  /** What the model answered, or as much as the log kept; null where it kept nothing. */
  readonly output: string | null
}

/** A linked exchange, with the id that the log itself gives it; null where it was not found there. */
export type Place = ExchangeLink & { readonly logId: string | null }

/** What speaks for a finding, to be read beside honest customers that resemble it. */
export type Explanation = {
  /** `account acct_1` or `campaign c-1`. */
  readonly subject: { readonly kind: 'account' | 'campaign'; readonly name: string }
  readonly reasons: readonly (Reason & { readonly places: readonly Place[] })[]
  readonly examples: readonly Example[]
  /** Exchanges of the nearest accounts that are clear. */
  readonly neighbours: readonly Example[]
}

export type ExplainOptions = TerminalOptions & {
  /** Lines shown of one message or answer; the rest is counted. Default 12. */
  readonly textLinesMax?: number
}

const sideBySideColumnsMin = 90
const messagesShownMax = 6
const gutter = ' │ '

/** Examples and honest near neighbours, side by side where there is room, else one after another. */
export function explainReport(explanation: Explanation, options: ExplainOptions): string {
  const page = sheet(options)
  const linesMax = options.textLinesMax ?? 12
  const { kind, name } = explanation.subject
  const blocks = [
    [
      heading(`Why this ${kind}`, page),
      page.colors.bold(cut(visibleName(name), page.columns)),
      ...reasons(explanation.reasons, page),
    ],
    ...(page.columns >= sideBySideColumnsMin
      ? sideBySide(explanation, page, linesMax)
      : inTurn(explanation, page, linesMax)),
    wrap(`${comparison(explanation)} ${caution}`, page.columns).map(page.colors.dim),
  ]
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`
}

const comparison = ({ neighbours }: Explanation): string =>
  neighbours.length === 0
    ? 'No honest account resembles this one closely enough to compare.'
    : 'The neighbours are clear accounts that resemble this one most. If the examples read like theirs, doubt the finding.'

function reasons(all: Explanation['reasons'], page: Sheet): readonly string[] {
  const sorted = [...all].sort((a, b) => b.weight - a.weight)
  return sorted.flatMap((reason) => {
    const text = `${visible(reason.text)} [${familyInline(reason.family)}]`
    const sign = reason.weight < 0 ? '−' : '+'
    const under = [
      ...(reason.would_clear === '' ? [] : [`Would clear it: ${visible(reason.would_clear)}`]),
      ...(reason.places.length === 0 ? [] : [`Read: ${reason.places.map(placeWords).join('; ')}`]),
    ]
    return [
      ...wrap(text, page.columns - 8).map((line, at) =>
        at === 0 ? `  ${sign}${decimal(Math.abs(reason.weight))}  ${line}` : `        ${line}`,
      ),
      ...under.flatMap((each) =>
        wrap(each, page.columns - 10).map((line, at) =>
          page.colors.dim(at === 0 ? `        ${line}` : `          ${line}`),
        ),
      ),
    ]
  })
}

/** The log's own id first, for that is what other tools know; the place beside it. */
function placeWords({ exchange, logId, file, line }: Place): string {
  const name = logId === null || logId === '' ? exchange : visibleName(logId)
  if (file === null) return name
  return `${name} (${visibleName(file)}${line === null ? '' : `, line ${line}`})`
}

function sideBySide(
  { examples, neighbours }: Explanation,
  page: Sheet,
  linesMax: number,
): readonly (readonly string[])[] {
  const half = Math.floor((page.columns - widthOf(gutter)) / 2)
  const pairs = Array.from({ length: Math.max(examples.length, neighbours.length) }, (_, at) => at)
  const title = `${pad(heading('Examples', page), half)}${gutter}${heading('Honest near neighbours', page)}`
  return pairs.map((at) => {
    const left = exampleLines(examples[at], page, half, linesMax)
    const right = exampleLines(neighbours[at], page, half, linesMax)
    const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, row) =>
      `${pad(left[row] ?? '', half)}${page.colors.dim(gutter)}${right[row] ?? ''}`.trimEnd(),
    )
    return at === 0 ? [title, ...rows] : rows
  })
}

function inTurn(
  { examples, neighbours }: Explanation,
  page: Sheet,
  linesMax: number,
): readonly (readonly string[])[] {
  const print = (title: string, shown: readonly Example[]): readonly (readonly string[])[] =>
    shown.map((example, at) => [
      ...(at === 0 ? [heading(title, page)] : []),
      ...exampleLines(example, page, page.columns, linesMax),
    ])
  return [...print('Examples', examples), ...print('Honest near neighbours', neighbours)]
}

function exampleLines(
  example: Example | undefined,
  page: Sheet,
  columns: number,
  linesMax: number,
): readonly string[] {
  if (example === undefined) return []
  const { bold, dim } = page.colors
  const hidden = example.messages.length - messagesShownMax
  const campaign = example.campaign === null ? '' : `, ${visibleName(example.campaign)}`
  return [
    dim(cut(`${moment(example.time)} UTC${campaign}`, columns)),
    bold(cut(visibleName(example.account), columns)),
    ...example.messages
      .slice(0, messagesShownMax)
      .flatMap(({ role, text }) => said(role, text, page, columns, linesMax)),
    ...(hidden > 0 ? [dim(`and ${counted(hidden, 'more message')}`)] : []),
    ...(example.output === null
      ? [dim('answer not in the log')]
      : said('answer', example.output, page, columns, linesMax)),
  ]
}

/** Every line of quoted text begins with a bar, so that text in a log cannot pass for ours. */
function said(
  role: string,
  text: string,
  page: Sheet,
  columns: number,
  linesMax: number,
): readonly string[] {
  const bar = '  ┆ '
  const room = columns - widthOf(bar)
  // A prompt can be a book; what cannot be shown is not wrapped either.
  const lines = visibleLines(text.slice(0, linesMax * room * 4)).flatMap((line) => wrap(line, room))
  const end = `  … cut here; ${counted(text.length, 'character')} in all`
  return [
    page.colors.cyan(cut(visibleName(role), columns)),
    ...lines.slice(0, linesMax).map((line) => page.colors.dim(bar) + line),
    ...(lines.length > linesMax ? [page.colors.dim(cut(end, columns))] : []),
  ]
}
