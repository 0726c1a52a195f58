import { wilson } from '../core/statistics.ts'
import type {
  AblationEvaluation,
  CampaignEvaluation,
  ClassEvaluation,
  MethodEvaluation,
  Share,
  StyleEvaluation,
  TotalEvaluation,
  Totals,
  WorldEvaluation,
} from '../record/index.ts'
import type { Score } from '../sim/score.ts'
import { oracleThreshold, type Scores } from './roc.ts'
import type { WorldTruth } from './world.ts'

/** The share of benign accounts that an oracle's threshold may flag. */
export const oracleShare = 0.001

export function shareOf(count: number, of: number): Share {
  return { count, of, ...wilson(count, of) }
}

/**
 * Of the accounts flagged, the share that extracts where `baseRate` of all accounts do. The false
 * positive rate is taken at the upper end of its interval, for 0 of 465 is not never.
 */
export function precisionAt(baseRate: number, truePositives: Share, falsePositives: Share): number {
  if (truePositives.count === 0) return 0
  const right = baseRate * (truePositives.count / truePositives.of)
  return right / (right + (1 - baseRate) * falsePositives.high)
}

export function classesOf(score: Score): readonly ClassEvaluation[] {
  return score.classes.flatMap(({ cls, label, accounts, flagged, watch }) =>
    label === 'attack'
      ? []
      : [{ cls, label, flagged: shareOf(flagged, accounts), watched: shareOf(watch, accounts) }],
  )
}

export function campaignsOf(score: Score, truth: WorldTruth): readonly CampaignEvaluation[] {
  return score.campaigns.map(({ accounts, flagged, name, ...rest }) => ({
    name,
    style: truth.campaigns[name]?.style ?? name,
    flagged: shareOf(Math.round(flagged * accounts), accounts),
    ...rest,
  }))
}

export function totalsOf(score: Score, baseRate: number): Totals {
  const false_positives = shareOf(score.false_positives, score.benign)
  const true_positives = shareOf(score.true_positives, score.attack)
  return {
    false_positives,
    true_positives,
    campaigns: score.campaigns.length,
    campaigns_found: score.campaigns_found,
    exchanges: score.exchanges,
    exposed: score.exposed,
    precision: precisionAt(baseRate, true_positives, false_positives),
  }
}

/** A score cut by an oracle at `oracleShare`. */
export function oracleMethod(
  { id, title }: { readonly id: string; readonly title: string },
  scores: Scores,
  truth: WorldTruth,
  baseRate: number,
): MethodEvaluation {
  const threshold = oracleThreshold(scores, truth.accounts, oracleShare)
  const isFlagged = (account: string): boolean =>
    threshold !== null && (scores.get(account) ?? -Infinity) >= threshold
  return { id, title, oracle: true, threshold, ...countsOf(isFlagged, truth, baseRate) }
}

/** What flagging these accounts comes to. */
export function countsOf(
  isFlagged: (account: string) => boolean,
  { accounts, campaigns }: WorldTruth,
  baseRate: number,
): Pick<MethodEvaluation, 'false_positives' | 'true_positives' | 'campaigns' | 'precision'> {
  const known = Object.entries(accounts).map(([id, truth]) => ({ ...truth, hit: isFlagged(id) }))
  const rate = (kept: typeof known): Share =>
    shareOf(kept.filter(({ hit }) => hit).length, kept.length)
  const false_positives = rate(known.filter(({ label }) => label === 'benign'))
  const true_positives = rate(known.filter(({ label }) => label === 'attack'))
  const alleged = Object.keys(campaigns).filter((name) => campaigns[name]?.label !== 'grey')
  const halves = alleged.filter((name) => {
    const { count, of } = rate(known.filter(({ campaign }) => campaign === name))
    return of > 0 && count >= of / 2
  })
  return {
    false_positives,
    true_positives,
    campaigns: halves.length,
    precision: precisionAt(baseRate, true_positives, false_positives),
  }
}

/** All worlds together. */
export function totalOf(worlds: readonly WorldEvaluation[], baseRate: number): TotalEvaluation {
  const totals = worlds.map((world) => world.totals)
  const false_positives = added(totals.map((each) => each.false_positives))
  const true_positives = added(totals.map((each) => each.true_positives))
  return {
    classes: classesTogether(worlds.flatMap((world) => world.classes)),
    styles: stylesTogether(worlds.flatMap((world) => world.campaigns)),
    totals: {
      false_positives,
      true_positives,
      campaigns: sum(totals, (each) => each.campaigns),
      campaigns_found: sum(totals, (each) => each.campaigns_found),
      exchanges: sum(totals, (each) => each.exchanges),
      exposed: sum(totals, (each) => each.exposed),
      precision: precisionAt(baseRate, true_positives, false_positives),
    },
    methods: methodsTogether(worlds, baseRate),
    ablation: ablationTogether(worlds),
  }
}

function classesTogether(all: readonly ClassEvaluation[]): readonly ClassEvaluation[] {
  return grouped(all, ({ label, cls }) => `${label} ${cls}`).map(([first, group]) => ({
    cls: first.cls,
    label: first.label,
    flagged: added(group.map((each) => each.flagged)),
    watched: added(group.map((each) => each.watched)),
  }))
}

function stylesTogether(all: readonly CampaignEvaluation[]): readonly StyleEvaluation[] {
  return grouped(all, ({ style }) => style).map(([{ style }, group]) => ({
    style,
    campaigns: group.length,
    found: group.filter(({ found }) => found).length,
    flagged: added(group.map((each) => each.flagged)),
    exchanges: sum(group, (each) => each.exchanges),
    exposed: sum(group, (each) => each.exposed),
  }))
}

function methodsTogether(
  worlds: readonly WorldEvaluation[],
  baseRate: number,
): TotalEvaluation['methods'] {
  return grouped(
    worlds.flatMap((world) => world.methods),
    ({ id }) => id,
  ).map(([{ id, title, oracle }, group]) => {
    const false_positives = added(group.map((each) => each.false_positives))
    const true_positives = added(group.map((each) => each.true_positives))
    return {
      id,
      title,
      oracle,
      false_positives,
      true_positives,
      campaigns: sum(group, (each) => each.campaigns),
      precision: precisionAt(baseRate, true_positives, false_positives),
    }
  })
}

function ablationTogether(worlds: readonly WorldEvaluation[]): TotalEvaluation['ablation'] {
  if (worlds.some((world) => world.ablation === null)) return null
  const all = worlds.flatMap((world) => world.ablation ?? [])
  return grouped(all, ({ kind, off }) => `${kind} ${off}`).map(
    ([first, group]): AblationEvaluation => ({
      ...first,
      false_positives: added(group.map((each) => each.false_positives)),
      true_positives: added(group.map((each) => each.true_positives)),
      campaigns_found: sum(group, (each) => each.campaigns_found),
      exchanges: sum(group, (each) => each.exchanges),
      exposed: sum(group, (each) => each.exposed),
    }),
  )
}

function added(shares: readonly Share[]): Share {
  return shareOf(
    sum(shares, ({ count }) => count),
    sum(shares, ({ of }) => of),
  )
}

function sum<T>(all: readonly T[], read: (one: T) => number): number {
  return all.reduce((total, one) => total + read(one), 0)
}

/** Groups by a key, in order of first appearance, each with its first. */
function grouped<T>(
  all: readonly T[],
  key: (one: T) => string,
): readonly (readonly [T, readonly T[]])[] {
  const groups = new Map<string, [T, T[]]>()
  for (const one of all) {
    const group = groups.get(key(one))
    if (group === undefined) groups.set(key(one), [one, [one]])
    else group[1].push(one)
  }
  return [...groups.values()]
}
