import type { CampaignKind, Verdict } from '../record/report.ts'
import type { Detector } from './detector.ts'
import { emptyGrouping, type Group, type Grouping } from './group.ts'
import { medianPace } from './pace.ts'
import { emptyPopulation, type Population, type PopulationState } from './population.ts'
import {
  type Judgement,
  judgeAccount,
  judgeMember,
  type WeighedReason,
  weighGroup,
} from './verdict.ts'

/** What one step of the log adds, in the engine's fingerprints. */
export type StepRows = {
  readonly activity: readonly ActivityRow[]
  readonly facts: readonly {
    readonly account: number
    readonly name: string
    readonly value: number
  }[]
  readonly uses: readonly {
    readonly account: number
    readonly trait: number
    readonly kind: number
  }[]
  readonly habits: readonly { readonly account: number; readonly trait: number }[]
  readonly links: readonly {
    readonly account: number
    readonly other: number
    readonly count: number
  }[]
}
export type ActivityRow = {
  readonly account: number
  readonly exchanges: number
  readonly createdDay: number
  readonly org: number
  readonly hours: number
}

/** What stands about one account after the steps so far. */
export type AccountState = {
  readonly account: number
  readonly verdict: Verdict
  readonly score: number
  readonly kind: CampaignKind
  /** The step at whose end the verdict was reached; null while clear. */
  readonly step: number | null
  readonly reasons: readonly WeighedReason[]
  /** The group it was judged with; null if alone. */
  readonly group: number | null
}

/** The walk through a log in time; the gateway drives the same one with live steps. */
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

export function emptyWalk(detectors: readonly Detector[], stepSeconds: number): Walk {
  const population = emptyPopulation(stepSeconds)
  const grouping = emptyGrouping('traits')
  const docket = emptyDocket(population)
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
      judge(population, grouping, detectors, docket)
      population.clearChanged()
    },
    accounts: docket.accounts,
  }
}

function fold(population: PopulationState, rows: StepRows): void {
  for (const row of rows.activity) population.foldActivity(row.account, row)
  for (const row of rows.facts) population.foldFact(row.account, row.name, row.value)
  for (const row of rows.uses) population.foldUse(row.account, row.trait, row.kind)
  for (const row of rows.habits) population.foldHabit(row.account, row.trait)
  for (const row of rows.links) population.foldLink(row.account, row.other, row.count)
}

function judge(
  population: PopulationState,
  grouping: Grouping,
  detectors: readonly Detector[],
  docket: Docket,
): void {
  grouping.update(population.retraited(), population)
  const touched = new Set<Group>()
  for (const account of [...population.changed()].sort((a, b) => a - b)) {
    docket.alone(account, judgeAccount(account, population, detectors))
    const group = grouping.groupOf(account)
    if (group !== undefined && group.members.size >= 2) touched.add(group)
  }
  for (const group of [...touched].sort((a, b) => a.id - b.id)) {
    const reasons = weighGroup(group, population, detectors)
    const pace = medianPace(group, population)
    for (const account of [...group.members].sort((a, b) => a - b))
      docket.inGroup(account, judgeMember(account, reasons, pace), group.id)
  }
}

type Docket = {
  readonly alone: (account: number, judgement: Judgement) => void
  readonly inGroup: (account: number, judgement: Judgement, group: number) => void
  readonly accounts: () => readonly AccountState[]
}

/** Keeps what was concluded. `flagged` latches: an accusation made is one that was made. */
function emptyDocket(population: PopulationState): Docket {
  const states = new Map<number, AccountState>()
  const note = (account: number, judgement: Judgement, group: number | null): void => {
    const before = states.get(account)
    const flagged = before?.verdict === 'flagged' || judgement.outcome === 'flagged'
    // Of a flagged account the strongest grounds so far are kept; they are what it was accused of.
    if (before?.verdict === 'flagged' && before.score >= judgement.score) return
    if (judgement.outcome === 'flagged') population.exclude(account)
    const verdict = flagged ? 'flagged' : judgement.outcome
    const step =
      verdict === 'clear' ? null : before?.verdict === verdict ? before.step : population.step()
    states.set(account, {
      account,
      verdict,
      step,
      score: judgement.score,
      kind: judgement.kind,
      reasons: judgement.reasons,
      group,
    })
  }
  return {
    alone: (account, judgement) => note(account, judgement, null),
    // An account is judged alone first and then with its group: the graver view stands.
    inGroup: (account, judgement, group) => {
      if (judgement.score >= (states.get(account)?.score ?? 0)) note(account, judgement, group)
    },
    accounts: () =>
      Array.from(
        { length: population.size() },
        (_, account) => states.get(account) ?? unseen(account),
      ),
  }
}

function unseen(account: number): AccountState {
  return {
    account,
    verdict: 'clear',
    score: 0,
    kind: 'single-account',
    step: null,
    reasons: [],
    group: null,
  }
}
