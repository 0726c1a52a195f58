import { audit, type AuditOptions, type AuditProgress, stepSecondsUsual } from '../audit/audit.ts'
import { readAccountNames } from '../audit/names.ts'
import { StillwatchError } from '../core/error.ts'
import { falseShareUsual } from '../detect/index.ts'
import { readSql } from '../engine/sql.ts'
import type { Store } from '../engine/store.ts'
import type { Evaluation, Exchange, Report, WorldEvaluation } from '../record/index.ts'
import { score } from '../sim/score.ts'
import { ablate } from './ablation.ts'
import { scoreBaselines } from './baselines/catalogue.ts'
import {
  campaignsOf,
  classesOf,
  countsOf,
  oracleMethod,
  oracleShare,
  totalOf,
  totalsOf,
} from './figures.ts'
import { rocOf, type Scores } from './roc.ts'
import type { World } from './world.ts'

const attackExchangesSql = readSql(new URL('attack-exchanges.sql', import.meta.url))

export type EvaluateOptions = Pick<
  AuditOptions,
  'version' | 'now' | 'stepSeconds' | 'falseShareMax'
> & {
  /** The share of accounts that is taken to belong to extraction. */
  readonly baseRate: number
  /** Whether each detector and each family of evidence is switched off in turn. */
  readonly ablation: boolean
}

/** Where an evaluation stands. */
export type EvaluateProgress = { readonly world: string } & (
  | { readonly stage: 'audit'; readonly audit: AuditProgress }
  | { readonly stage: 'sketches' }
  | { readonly stage: 'baseline'; readonly title: string }
  | { readonly stage: 'ablation'; readonly step: number; readonly steps: number }
)

type Tell = (now: EvaluateProgress) => void

/**
 * Audits worlds whose truth is known and says how well that went, beside other methods. The store is
 * emptied for each world. Throws the codes of `audit`, and `truth-unusable`.
 */
export async function evaluate(
  store: Store,
  worlds: readonly World[],
  options: EvaluateOptions,
  progress: Tell = () => undefined,
): Promise<Evaluation> {
  const done: WorldEvaluation[] = []
  for (const world of worlds) done.push(await evaluateWorld(store, world, options, progress))
  return {
    stillwatch: options.version,
    step_seconds: options.stepSeconds ?? stepSecondsUsual,
    false_accusations: options.falseShareMax ?? falseShareUsual,
    base_rate: options.baseRate,
    oracle_share: oracleShare,
    worlds: done,
    total: totalOf(done, options.baseRate),
  }
}

async function evaluateWorld(
  store: Store,
  world: World,
  options: EvaluateOptions,
  progress: Tell,
): Promise<WorldEvaluation> {
  const { name, truth, sources } = world
  const { baseRate } = options
  const report = await audit(store, sources, options, (now) =>
    progress({ world: name, stage: 'audit', audit: now }),
  )
  checkNamed(report, world)
  const names = await readAccountNames(store)
  const exchanges = await attackExchanges(store, world, names)
  const scored = score(report, truth, exchanges)
  const own = ownScores(report)
  const flagged = flaggedIn(report)
  const baselines = await scoreBaselines(store, sources, options, names, (now) =>
    progress({ world: name, ...now }),
  )
  const ranked = [
    { id: 'stillwatch-score', title: 'Stillwatch, by score', scores: own },
    ...baselines,
  ]
  return {
    name,
    days: report.log.days.length,
    exchanges: report.log.exchanges,
    accounts: report.log.accounts,
    classes: classesOf(scored),
    campaigns: campaignsOf(scored, truth),
    totals: totalsOf(scored, baseRate),
    methods: [
      {
        id: 'stillwatch',
        title: 'Stillwatch',
        oracle: false,
        threshold: null,
        ...countsOf((account) => flagged.has(account), truth, baseRate),
      },
      ...ranked.map((each) => oracleMethod(each, each.scores, truth, baseRate)),
    ],
    roc: ranked.map(({ id, title, scores }) => ({
      id,
      title,
      points: rocOf(scores, truth.accounts),
    })),
    ablation: options.ablation
      ? await ablate(store, options, { truth, names, exchanges }, (step, steps) =>
          progress({ world: name, stage: 'ablation', step, steps }),
        )
      : null,
  }
}

function checkNamed(report: Report, { name, truth }: World): void {
  const strangers = report.accounts.filter(({ account }) => truth.accounts[account] === undefined)
  const [first] = strangers
  if (first === undefined) return
  throw new StillwatchError(
    'truth-unusable',
    `The truth of ${name} does not name ${strangers.length} accounts of its log, such as ${first.account}.`,
    { fix: 'Put the log and the truth of one world, and nothing else, into the folder.' },
  )
}

/** Flagged accounts before all others, and both by score: the order in which a reviewer would go. */
function ownScores(report: Report): Scores {
  const most = Math.max(0, ...report.accounts.map((each) => each.score))
  return new Map(
    report.accounts.map((each) => [
      each.account,
      each.score + (each.verdict === 'flagged' ? most + 1 : 0),
    ]),
  )
}

function flaggedIn(report: Report): ReadonlySet<string> {
  return new Set(
    report.accounts.filter(({ verdict }) => verdict === 'flagged').map(({ account }) => account),
  )
}

async function attackExchanges(
  { engine }: Store,
  { truth }: World,
  names: ReadonlyMap<number, string>,
): Promise<readonly Pick<Exchange, 'account' | 'time'>[]> {
  const accounts = [...names]
    .filter(([, name]) => truth.accounts[name]?.label === 'attack')
    .map(([hash]) => hash)
  if (accounts.length === 0) return []
  const columns = await engine.columns(attackExchangesSql, { accounts })
  const times = columns['time_ms'] ?? []
  return (columns['account'] ?? []).map((account, row) => ({
    account: names.get(Number(account)) ?? '',
    time: new Date(Number(times[row])).toISOString(),
  }))
}
