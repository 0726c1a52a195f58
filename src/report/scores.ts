import { type Column, table } from './columns.ts'
import { heading, sheet, type TerminalOptions } from './terminal.ts'
import { visible, wrap } from './text.ts'
import { className, count, share } from './words.ts'

/** An audit held against the truth of a simulated world. */
export type Scored = {
  readonly classes: readonly {
    readonly cls: string
    /** `benign`, `attack`, or `grey`, which is counted neither way. */
    readonly label: string
    readonly accounts: number
    readonly flagged: number
    readonly watch: number
  }[]
  readonly campaigns: readonly {
    readonly name: string
    readonly accounts: number
    /** Of its accounts, the part that was flagged, in any campaign. */
    readonly flaggedShare: number
    /** Of its accounts, the part in the one reported campaign that holds most of them. */
    readonly recall: number
    /** Of that reported campaign, the part that belongs to this one. */
    readonly purity: number
    /** Of its exchanges, the part answered before detection. */
    readonly exposed: number | null
  }[]
}

const classColumns: readonly Column[] = [
  { title: 'Who they really were', kind: 'prose', columnsMax: 34 },
  { title: 'Accounts', kind: 'number' },
  { title: 'Flagged', kind: 'number' },
  { title: 'On watch', kind: 'number' },
]

const campaignColumns: readonly Column[] = [
  { title: 'Campaign', kind: 'prose', columnsMax: 30 },
  { title: 'Accounts', kind: 'number' },
  { title: 'Flagged', kind: 'number' },
  { title: 'In one', kind: 'number' },
  { title: 'Purity', kind: 'number' },
  { title: 'Lost before', kind: 'number' },
]

/** How well an audit did in a world whose truth is known: honest accounts first, then campaigns. */
export function scoreReport(scored: Scored, options: TerminalOptions): string {
  const page = sheet(options)
  const honest = scored.classes.filter((one) => one.label !== 'attack')
  const classes = honest.map((one) => [
    className(one.cls, one.label),
    count(one.accounts),
    count(one.flagged),
    count(one.watch),
  ])
  const campaigns = scored.campaigns.map((one) => [
    visible(one.name),
    count(one.accounts),
    share(one.flaggedShare, 1),
    share(one.recall, 1),
    share(one.purity, 1),
    one.exposed === null ? 'unknown' : share(one.exposed, 1),
  ])
  const blocks = [
    wrap(conclusion(scored), page.columns).map(page.colors.bold),
    [
      heading('Honest accounts', page),
      ...table(classColumns, classes, page.columns, page.colors.dim),
    ],
    [
      heading('Campaigns', page),
      ...table(campaignColumns, campaigns, page.columns, page.colors.dim),
      ...wrap(legend, page.columns).map(page.colors.dim),
    ],
  ]
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`
}

const legend =
  'In one: its accounts that one reported campaign holds. Purity: how much of that campaign is ' +
  'this one. Lost before: its exchanges answered before the account was flagged.'

function conclusion({ classes, campaigns }: Scored): string {
  const benign = sum(classes.filter((one) => one.label === 'benign'))
  const attack = sum(classes.filter((one) => one.label === 'attack'))
  const found = campaigns.filter((one) => one.flaggedShare >= 0.5).length
  return (
    `Against the truth: ${count(attack.flagged)} of ${count(attack.accounts)} extraction accounts ` +
    `were flagged (${share(attack.flagged, attack.accounts)}), and ${count(benign.flagged)} of ` +
    `${count(benign.accounts)} honest ones (${share(benign.flagged, benign.accounts)}). In ` +
    `${count(found)} of ${count(campaigns.length)} campaigns at least half the accounts were flagged.`
  )
}

const sum = (
  classes: Scored['classes'],
): { readonly accounts: number; readonly flagged: number } => ({
  accounts: classes.reduce((total, one) => total + one.accounts, 0),
  flagged: classes.reduce((total, one) => total + one.flagged, 0),
})
