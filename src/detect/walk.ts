import type { CampaignKind, Verdict } from '../record/report.ts'
import type { Detector } from './detector.ts'
import { emptyGrouping, type Group, type Grouping } from './group.ts'
import { emptyPopulation, type Population, type PopulationState } from './population.ts'
import { type Judgement, judgeAccount, judgeGroup, type WeighedReason } from './verdict.ts'

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
  /** The step at whose end the verdict was reached; null while clear. */
  readonly step: number | null
  readonly campaign: number | null
  readonly reasons: readonly WeighedReason[]
}

export type CampaignState = {
  /** Counted from 1 in the order of detection, so that a campaign keeps its name as the log grows. */
  readonly number: number
  readonly kind: CampaignKind
  readonly step: number
  readonly score: number
  readonly members: readonly number[]
  readonly reasons: readonly WeighedReason[]
}

/** The walk through a log in time; the gateway drives the same one with live steps. */
export type Walk = {
  readonly population: Population
  /** Folds the next step in and, when it is due, judges everybody that changed. */
  readonly advance: (step: number, rows: StepRows) => void
  readonly accounts: () => readonly AccountState[]
  readonly campaigns: () => readonly CampaignState[]
}

/**
 * Judging again is due when the log has grown by this share since the last time, or a day has gone by:
 * the number of judgements then grows with the logarithm of the log and with its days, and a verdict
 * is late by at most this share of what was seen.
 */
const growthShareDue = 0.005
const secondsDue = 86_400

export function emptyWalk(detectors: readonly Detector[], stepSeconds: number): Walk {
  const population = emptyPopulation(stepSeconds)
  const grouping = emptyGrouping()
  const docket = emptyDocket()
  let judgedExchanges = 0
  let judgedStep = -1
  return {
    population,
    advance: (step, rows) => {
      population.beginStep(step)
      fold(population, rows)
      const grown = population.exchanges() - judgedExchanges
      const waited = (step - judgedStep) * stepSeconds
      if (grown === 0 || (grown < growthShareDue * population.exchanges() && waited < secondsDue))
        return
      judgedExchanges = population.exchanges()
      judgedStep = step
      judge(population, grouping, detectors, docket)
      population.clearChanged()
    },
    accounts: () => docket.accounts(population),
    campaigns: docket.campaigns,
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
  population: Population,
  grouping: Grouping,
  detectors: readonly Detector[],
  docket: Docket,
): void {
  grouping.update(population)
  const touched = new Set<Group>()
  for (const account of [...population.changed()].sort((a, b) => a - b)) {
    docket.note(account, judgeAccount(account, population, detectors), null, population)
    const group = grouping.groupOf(account)
    if (group !== undefined && group.members.size >= 2) touched.add(group)
  }
  for (const group of [...touched].sort((a, b) => a.id - b.id)) {
    const judgement = judgeGroup(group, population, detectors)
    for (const account of [...group.members].sort((a, b) => a - b))
      if (judgement.outcome !== 'flagged' || grouping.belongs(account, population))
        docket.note(account, judgement, group, population)
  }
}

type Docket = {
  readonly note: (
    account: number,
    judgement: Judgement,
    group: Group | null,
    population: Population,
  ) => void
  readonly accounts: (population: Population) => readonly AccountState[]
  readonly campaigns: () => readonly CampaignState[]
}
type OpenCampaign = {
  number: number
  kind: CampaignKind
  step: number
  score: number
  members: number[]
  reasons: readonly WeighedReason[]
}

/** Keeps what was concluded. `flagged` latches: an accusation made is one that was made. */
function emptyDocket(): Docket {
  const states = new Map<number, AccountState>()
  const campaigns: OpenCampaign[] = []
  const campaignOfGroup = new Map<number, OpenCampaign>()

  const openFor = (judgement: Judgement, group: Group | null, step: number): OpenCampaign => {
    const known = group === null ? undefined : (campaignOfGroup.get(group.id) ?? majority(group))
    const campaign = known ?? {
      number: campaigns.length + 1,
      kind: judgement.kind,
      step,
      score: 0,
      members: [],
      reasons: [],
    }
    if (known === undefined) campaigns.push(campaign)
    if (group !== null) campaignOfGroup.set(group.id, campaign)
    return campaign
  }
  /** A group most of whose accused members are in one campaign already is that campaign under a new number. */
  const majority = (group: Group): OpenCampaign | undefined => {
    const counts = new Map<number, number>()
    for (const account of group.members) {
      const number = states.get(account)?.campaign
      if (number !== null && number !== undefined) counts.set(number, (counts.get(number) ?? 0) + 1)
    }
    for (const [number, count] of counts)
      if (count * 2 > group.members.size) return campaigns[number - 1]
    return undefined
  }
  return {
    note: (account, judgement, group, population) => {
      const before = states.get(account)
      const step = population.step()
      if (judgement.outcome === 'flagged') {
        const campaign =
          before?.verdict === 'flagged'
            ? campaigns[(before.campaign ?? 0) - 1]
            : openFor(judgement, group, step)
        if (campaign === undefined) return
        if (judgement.score >= campaign.score)
          Object.assign(campaign, {
            score: judgement.score,
            reasons: judgement.reasons,
            kind: judgement.kind,
          })
        if (before?.verdict !== 'flagged') campaign.members.push(account)
        states.set(account, {
          account,
          verdict: 'flagged',
          score: judgement.score,
          step: before?.verdict === 'flagged' ? before.step : step,
          campaign: campaign.number,
          reasons: judgement.reasons,
        })
        return
      }
      if (before?.verdict === 'flagged') return
      // An account is judged alone and then with its group in the same step: the graver view stands.
      if (group !== null && before !== undefined && before.score > judgement.score) return
      states.set(account, {
        account,
        verdict: judgement.outcome,
        score: judgement.score,
        step:
          judgement.outcome === 'clear' ? null : before?.verdict === 'watch' ? before.step : step,
        campaign: null,
        reasons: judgement.reasons,
      })
    },
    accounts: (population) =>
      Array.from(
        { length: population.size() },
        (_, account) => states.get(account) ?? unseen(account),
      ),
    campaigns: () => campaigns,
  }
}

function unseen(account: number): AccountState {
  return { account, verdict: 'clear', score: 0, step: null, campaign: null, reasons: [] }
}
