import { type Bar, barOf } from './calibration.ts'
import type { Detector } from './detector.ts'
import { type AccountState, type Docket, emptyDocket } from './docket.ts'
import { emptyGrouping, type Group, type Grouping } from './group.ts'
import { emptyPools, type Pools } from './pools.ts'
import { emptyPopulation, type Population, type PopulationState } from './population.ts'
import { noStanding, noteOf, type Standing } from './standing.ts'
import { judgeAccount, judgeMember, shapeOf, weighAccount, weighGroup } from './verdict.ts'

/** Some rows of a result by column: those from `from` up to, not including, `to`. */
export type Rows = {
  readonly columns: Readonly<Record<string, readonly number[]>>
  readonly from: number
  readonly to: number
}

/** What one step of the log adds, in the engine's fingerprints and by the shapes of `Detector`. */
export type StepRows = {
  readonly activity: readonly Rows[]
  readonly facts: readonly Rows[]
  /** First uses (`habit` 0) and habits (`habit` 1) of shared traits; uses first. */
  readonly traits: readonly Rows[]
  readonly links: readonly Rows[]
}

/** What a walk is told before it begins. */
export type WalkSettings = {
  readonly stepSeconds: number
  /** The share of honest accounts that may ever be flagged, between 0 and 1. */
  readonly falseShareMax: number
  /** What people have said of accounts; nothing unless given. */
  readonly standing?: Standing
}

/** The walk through a log in time; src/live drives the same one with live steps. */
export type Walk = {
  readonly population: Population
  /** Folds the next step in and, when it is due, judges everybody that changed. */
  readonly advance: (step: number, rows: StepRows) => void
  /** Every account seen, in order of first appearance. */
  readonly accounts: () => readonly AccountState[]
}

/**
 * Judging again is due when the log has grown by this share since the last time, or a day has gone by:
 * the number of judgements then grows with the logarithm of the log and with its days, and a verdict
 * is late by at most this share of what was seen.
 */
const growthShareDue = 0.01
const secondsDue = 86_400

export function emptyWalk(detectors: readonly Detector[], settings: WalkSettings): Walk {
  const { stepSeconds, standing = noStanding } = settings
  const bench: Bench = { detectors, bar: barOf(settings.falseShareMax), standing }
  const population = emptyPopulation(stepSeconds)
  const grouping = emptyGrouping()
  const pools = emptyPools()
  const docket = emptyDocket(population, bench.bar)
  let judgedExchanges = 0
  let judgedStep = -1
  return {
    population,
    advance: (step, rows) => {
      population.beginStep(step)
      fold(population, rows)
      const grown = population.exchanges() - judgedExchanges
      const waited = (step - judgedStep) * stepSeconds
      if (grown === 0) return
      if (grown < growthShareDue * population.exchanges() && waited < secondsDue) return
      judgedExchanges = population.exchanges()
      judgedStep = step
      judge(population, grouping, pools, bench, docket)
      population.clearChanged()
    },
    accounts: () => docket.accounts().map((state) => confirmed(state, population, standing)),
  }
}

/** Columns of a facts table that are no facts. */
const keys = new Set(['account', 'step', 'exchanges', 'created_day', 'org', 'hours'])

function fold(population: PopulationState, rows: StepRows): void {
  for (const part of rows.activity)
    each(part, (account, value) =>
      population.foldActivity(account, {
        exchanges: value('exchanges'),
        createdDay: value('created_day'),
        org: value('org'),
        hours: value('hours'),
      }),
    )
  for (const part of rows.facts) foldFacts(population, part)
  for (const part of rows.traits)
    each(part, (account, value) => {
      if (value('habit') === 0) population.foldUse(account, value('trait'), value('kind'))
      else population.foldHabit(account, value('trait'))
    })
  for (const part of rows.links)
    each(part, (account, value) => population.foldLink(account, value('other'), value('n')))
}

function foldFacts(population: PopulationState, { columns, from, to }: Rows): void {
  const facts = Object.entries(columns).filter(([name]) => !keys.has(name))
  for (let row = from; row < to; row++) {
    const account = population.accountOf(columns['account']?.[row] ?? 0)
    for (const [name, values] of facts) {
      const value = values[row] ?? 0
      if (value !== 0) population.foldFact(account, name, value)
    }
  }
}

function each(part: Rows, visit: (account: number, value: (name: string) => number) => void): void {
  for (let row = part.from; row < part.to; row++)
    visit(part.columns['account']?.[row] ?? 0, (name) => part.columns[name]?.[row] ?? 0)
}

/** From so many members on a group is judged, and so might be a campaign. */
const membersMin = 2

/** By what accounts are judged. */
type Bench = {
  readonly detectors: readonly Detector[]
  readonly bar: Bar
  readonly standing: Standing
}

function judge(
  population: PopulationState,
  grouping: Grouping,
  pools: Pools,
  { detectors, bar, standing }: Bench,
  docket: Docket,
): void {
  grouping.update(population.retraited(), population)
  pools.update(population.retraited(), population)
  const touched = new Set<Group>()
  for (const account of [...population.changed()].sort((a, b) => a - b)) {
    // A campaign that a person confirmed is no more the norm than one that was flagged.
    if (standing.upheld(account, population) !== undefined) population.exclude(account)
    const reasons = weighAccount(account, population, detectors)
    const settled = standing.settle(account, population, judgeAccount(reasons, bar), (counts) =>
      judgeAccount(reasons.filter(counts), bar),
    )
    docket.alone(account, settled)
    const group = grouping.groupOf(account)
    if (group !== undefined && group.members.size >= membersMin) touched.add(group)
  }
  const grouped = [...touched].sort((a, b) => a.id - b.id)
  for (const group of [...grouped, ...pools.among(population.changed(), population)]) {
    const reasons = weighGroup(group, population, detectors)
    const shape = shapeOf(group, reasons, population, bar)
    for (const account of [...group.members].sort((a, b) => a - b))
      docket.inGroup(
        account,
        standing.settle(account, population, judgeMember(account, reasons, shape, bar), (counts) =>
          judgeMember(account, reasons.filter(counts), shape, bar),
        ),
        group.id,
      )
  }
  const judged = grouping.groups().filter(({ members }) => members.size >= membersMin).length
  // Who was moved since, and has not asked for anything, is not accused with those it was among.
  docket.accuse(
    judged + pools.count(),
    (account, group) => grouping.groupOf(account)?.id === group || pools.idOf(account) === group,
  )
}

/** An account that a person found to extract is flagged whatever is left of the evidence, from the review at the latest. */
function confirmed(state: AccountState, population: Population, standing: Standing): AccountState {
  const review = standing.upheld(state.account, population)
  if (review === undefined) return state
  const reasons = [
    ...state.reasons.filter(({ detector }) => detector !== 'false-discovery'),
    noteOf('review', state.reasons[0]?.family, review.words),
  ]
  if (state.verdict === 'flagged') return { ...state, reasons }
  const step = Math.max(
    population.firstStep(state.account),
    Math.min(review.step, population.step()),
  )
  return { ...state, verdict: 'flagged', step, reasons }
}
