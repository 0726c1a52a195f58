import type {
  AblationEvaluation,
  CampaignEvaluation,
  ClassEvaluation,
  Evaluation,
  MethodEvaluation,
  Share,
  StyleEvaluation,
  Totals,
  WorldEvaluation,
} from '../record/evaluation.ts'
import { type Column, table } from './columns.ts'
import { heading, type Sheet, sheet, type TerminalOptions } from './terminal.ts'
import { visible, wrap } from './text.ts'
import { className, count, counted, familyInline, share } from './words.ts'

/** An evaluation for a terminal: a section for each world, then all of them together. */
export function evaluationReport(evaluation: Evaluation, options: TerminalOptions): string {
  const page = sheet(options)
  const { worlds, total } = evaluation
  const sections = worlds.flatMap((world) => worldBlocks(world, evaluation, page))
  const together =
    worlds.length < 2
      ? []
      : [
          title(`All ${count(worlds.length)} worlds`, page),
          wrap(conclusion(total.totals, evaluation), page.columns).map(page.colors.bold),
          classBlock(total.classes, page),
          styleBlock(total.styles, page),
          methodBlock(total.methods, evaluation, page),
          ...ablationBlock(total.ablation, page),
        ]
  const blocks = [...sections, ...together, legend(evaluation, page)]
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`
}

type Block = readonly string[]

/** Narrower than this, tables leave out what the JSON has too. */
const narrowColumns = 96

/** A table, without the columns named when it is narrow. */
function fitted(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  page: Sheet,
  wideOnly: readonly number[] = [],
): Block {
  const left = page.columns < narrowColumns ? wideOnly : []
  const kept = <T>(all: readonly T[]): readonly T[] => all.filter((_, at) => !left.includes(at))
  return table(kept(columns), rows.map(kept), page.columns, page.colors.dim)
}

function worldBlocks(
  world: WorldEvaluation,
  evaluation: Evaluation,
  page: Sheet,
): readonly Block[] {
  const { name, exchanges, accounts, days } = world
  const size = `${counted(exchanges, 'exchange')}, ${counted(accounts, 'account')}, ${counted(days, 'day')}`
  return [
    title(`${visible(name)}: ${size}`, page),
    wrap(conclusion(world.totals, evaluation), page.columns).map(page.colors.bold),
    classBlock(world.classes, page),
    campaignBlock(world.campaigns, page),
    methodBlock(world.methods, evaluation, page),
    ...ablationBlock(world.ablation, page),
  ]
}

const title = (text: string, page: Sheet): Block => [
  page.colors.cyan(text),
  page.colors.dim('─'.repeat(Math.min(page.columns, text.length))),
]

function conclusion(totals: Totals, { base_rate }: Evaluation): string {
  const { true_positives: right, false_positives: wrong } = totals
  if (right.of === 0)
    return `${outOf(wrong)} honest accounts were flagged (${percents(wrong)}); there are no others in this world.`
  return (
    `${outOf(right)} extraction accounts were flagged (${percents(right)}), ` +
    `and ${outOf(wrong)} honest ones (${percents(wrong)}). ` +
    `${count(totals.campaigns_found)} of ${counted(totals.campaigns, 'campaign')} ${totals.campaigns_found === 1 ? 'was' : 'were'} found. ` +
    `Of their exchanges ${share(totals.exposed, totals.exchanges)} were answered before the account was flagged. ` +
    `Where ${percent(base_rate)}% of accounts extract, ${percent(totals.precision)}% of those flagged would, ` +
    'supposing the upper end of the second interval.'
  )
}

/** `2%`, `0.84%`: what is small keeps its digits, and what is nearly all is not rounded to all. */
function percent(part: number): string {
  const value = 100 * part
  if (value === 0 || value === 100) return String(value)
  const digits = value < 1 ? 2 : value < 10 || value > 99 ? 1 : 0
  return String(Number(Math.min(value > 99 ? 99.9 : 100, value).toFixed(digits)))
}

const interval = ({ low, high }: Share): string => `${percent(low)}–${percent(high)}%`

const percents = (part: Share): string => `${share(part.count, part.of)}; ${interval(part)}`

const outOf = ({ count: part, of }: Share): string => `${count(part)} of ${count(of)}`

const classColumns: readonly Column[] = [
  { title: 'Honest accounts', kind: 'prose', columnsMax: 26 },
  { title: 'Accounts', kind: 'number' },
  { title: 'Flagged', kind: 'number' },
  { title: 'share, 95%', kind: 'number' },
  { title: 'On watch', kind: 'number' },
  { title: 'share, 95%', kind: 'number' },
]

function classBlock(classes: readonly ClassEvaluation[], page: Sheet): Block {
  const rows = classes.map(({ cls, label, flagged, watched }) => [
    className(cls, label),
    count(flagged.of),
    count(flagged.count),
    percents(flagged),
    count(watched.count),
    percents(watched),
  ])
  return [heading('Honest accounts, by class', page), ...fitted(classColumns, rows, page, [5])]
}

const campaignColumns: readonly Column[] = [
  { title: 'Campaign', kind: 'prose', columnsMax: 21 },
  { title: 'Type', kind: 'prose', columnsMax: 14 },
  { title: 'Flagged', kind: 'number' },
  { title: '95%', kind: 'number' },
  { title: 'In one', kind: 'number' },
  { title: 'Purity', kind: 'number' },
  { title: 'Lost', kind: 'number' },
  { title: 'First flag', kind: 'number' },
  { title: 'By then', kind: 'number' },
]

function campaignBlock(campaigns: readonly CampaignEvaluation[], page: Sheet): Block {
  const rows = campaigns.map((one) => [
    visible(one.name),
    visible(one.style),
    outOf(one.flagged),
    interval(one.flagged),
    share(one.recall, 1),
    share(one.purity, 1),
    share(one.exposed, one.exchanges),
    one.first_flag_seconds === null ? 'never' : duration(one.first_flag_seconds),
    one.first_flag_seconds === null ? '' : share(one.before_first_flag, one.exchanges),
  ])
  if (rows.length === 0) return [heading('Campaigns', page), 'There is none in this world.']
  return [heading('Campaigns', page), ...fitted(campaignColumns, rows, page, [3, 8])]
}

/** `40 min`, `14 h`, `3.2 d`. */
function duration(seconds: number): string {
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${(seconds / 86_400).toFixed(1)} d`
}

const styleColumns: readonly Column[] = [
  { title: 'Type', kind: 'prose', columnsMax: 24 },
  { title: 'Campaigns', kind: 'number' },
  { title: 'Found', kind: 'number' },
  { title: 'Flagged', kind: 'number' },
  { title: '95%', kind: 'number' },
  { title: 'Lost', kind: 'number' },
]

function styleBlock(styles: readonly StyleEvaluation[], page: Sheet): Block {
  const rows = styles.map((one) => [
    visible(one.style),
    count(one.campaigns),
    count(one.found),
    outOf(one.flagged),
    interval(one.flagged),
    share(one.exposed, one.exchanges),
  ])
  return [heading('Campaigns, by type', page), ...fitted(styleColumns, rows, page)]
}

const methodColumns = (baseRate: number): readonly Column[] => [
  { title: 'Method', kind: 'prose', columnsMax: 28 },
  { title: 'Honest', kind: 'number' },
  { title: '95%', kind: 'number' },
  { title: 'Extraction', kind: 'number' },
  { title: '95%', kind: 'number' },
  { title: 'Campaigns', kind: 'number' },
  { title: `Right at ${percent(baseRate)}%`, kind: 'number' },
]

type Method = Omit<MethodEvaluation, 'threshold'>

function methodBlock(
  methods: readonly Method[],
  { base_rate, oracle_share }: Evaluation,
  page: Sheet,
): Block {
  const rows = methods.map((one) => [
    one.title,
    outOf(one.false_positives),
    interval(one.false_positives),
    outOf(one.true_positives),
    interval(one.true_positives),
    count(one.campaigns),
    `${percent(one.precision)}%`,
  ])
  const note =
    'Flagged accounts of either kind. All but the first are cut by an oracle that knows the truth, at ' +
    `${percent(oracle_share)}% of honest accounts; campaigns are those with half of their accounts flagged.`
  return [
    heading('Beside other methods', page),
    ...fitted(methodColumns(base_rate), rows, page, [2, 4]),
    ...wrap(note, page.columns).map(page.colors.dim),
  ]
}

const ablationColumns: readonly Column[] = [
  { title: 'Switched off', kind: 'prose', columnsMax: 40 },
  { title: 'Honest', kind: 'number' },
  { title: 'Extraction', kind: 'number' },
  { title: 'Difference', kind: 'number' },
  { title: 'Found', kind: 'number' },
  { title: 'Lost', kind: 'number' },
]

function ablationBlock(
  ablation: readonly AblationEvaluation[] | null,
  page: Sheet,
): readonly Block[] {
  if (ablation === null) return []
  const whole = ablation.find(({ kind }) => kind === 'nothing')
  const rows = ablation.map((one) => [
    switchedOff(one),
    count(one.false_positives.count),
    count(one.true_positives.count),
    one === whole ? '' : signed(one.true_positives.count - (whole?.true_positives.count ?? 0)),
    count(one.campaigns_found),
    share(one.exposed, one.exchanges),
  ])
  return [
    [
      heading('With a part of the evidence switched off', page),
      ...fitted(ablationColumns, rows, page),
    ],
  ]
}

function switchedOff({ kind, off }: AblationEvaluation): string {
  if (kind === 'nothing') return 'nothing'
  return kind === 'detector' ? off : `all of “${familyInline(off)}” (${off})`
}

const signed = (value: number): string =>
  value === 0 ? '0' : `${value > 0 ? '+' : '−'}${count(Math.abs(value))}`

function legend({ base_rate }: Evaluation, page: Sheet): Block {
  const text =
    'In one: its accounts that one reported campaign holds. Purity: how much of that campaign is this ' +
    'one. Lost: its exchanges answered before the account was flagged. First flag: of any of its accounts, ' +
    'since its first exchange; by then: its exchanges answered until that moment. Right at: of accounts ' +
    `flagged, the share that extracts if ${percent(base_rate)}% of accounts do and honest ones are flagged as ` +
    'often as the upper end of the interval has it. Intervals are Wilson’s.'
  return wrap(text, page.columns).map(page.colors.dim)
}
