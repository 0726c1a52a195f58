import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StillwatchError } from '../../core/error.ts'
import { readCases } from '../../gateway/cases.ts'
import { loadConfig } from '../../gateway/config-file.ts'
import { policyFiles } from '../../gateway/enforcer.ts'
import { readRulings, rulingOf } from '../../gateway/rulings.ts'
import { type Tier, tiers } from '../../access/tier.ts'
import { type Candidate, type ClassHit, simulate } from '../../policy/index.ts'
import type { AccountVerdict, Report, Ruling, Standing } from '../../record/index.ts'
import { table } from '../../report/columns.ts'
import type { policyDecideOptions, policySimulateOptions } from '../commands/policy.ts'
import { exitCodes } from '../exit.ts'
import { jsonLines } from '../json.ts'
import type { Given } from '../option.ts'
import { targetsOf, writeOut, writeTargets } from '../output.ts'

type DecideGiven = Given<typeof policyDecideOptions>
type SimulateGiven = Given<typeof policySimulateOptions>

const dayMs = 86_400_000

/** Appends a decision to those that a gateway reads. */
export async function policyDecideAction(given: DecideGiven): Promise<number> {
  const subject = needed(given.case, '--case', 'the case decided on')
  const accounts = accountsOf(subject, given)
  const now = Date.now()
  const ruling: Ruling = {
    case: subject,
    accounts,
    decision: needed(given.decision, '--decision', 'uphold or overturn'),
    reviewer: needed(given.reviewer, '--reviewer', 'who decides; the engine never does'),
    why: needed(given.why, '--why', 'what was found'),
    at: new Date(now).toISOString(),
    until: new Date(now + given.days * dayMs).toISOString(),
  }
  const line = JSON.stringify(ruling)
  rulingOf(line, 'what was given')
  const path = policyFiles(given.data).rulings
  append(path, line)
  const many = accounts.length === 1 ? '1 account' : `${accounts.length} accounts`
  await writeOut([
    `${ruling.reviewer}: ${ruling.decision} for ${many} of ${subject}, until ${ruling.until.slice(0, 10)}.\n` +
      `wrote ${path}; a gateway with this directory obeys within a second.\n`,
  ])
  return exitCodes.nothingFlagged
}

function needed<T>(given: T | undefined, flag: string, what: string): T {
  if (given !== undefined) return given
  throw new StillwatchError('usage', `${flag} is needed: ${what}.`, {
    fix: '"stillwatch policy decide --help" shows an example.',
  })
}

/** The accounts of a case, or those given; never ones that nobody could have looked at. */
function accountsOf(subject: string, { account, data }: DecideGiven): readonly string[] {
  const cases = readCases(policyFiles(data).cases).filter(
    ({ id, campaign }) => id === subject || campaign === subject,
  )
  if (account.length > 0) return account
  if (cases.length > 0) return [...new Set(cases.map((each) => each.account))]
  throw new StillwatchError('usage', `${policyFiles(data).cases} has no case ${subject}.`, {
    fix: 'Check the case and --data, or name the accounts with --account.',
  })
}

/** What stands in the file is read first: a line behind one that is wrong would not be obeyed. */
function append(path: string, line: string): void {
  readRulings(path)
  try {
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
    const torn =
      statSync(path, { throwIfNoEntry: false }) && !readFileSync(path, 'utf8').endsWith('\n')
    appendFileSync(path, `${torn ? '\n' : ''}${line}\n`, { mode: 0o600 })
  } catch (cause) {
    throw new StillwatchError('ruling-file', `Cannot write ${path}.`, {
      fix: 'Check that this user may write there.',
      cause,
    })
  }
}

/** What simulate writes with its option for JSON. */
type Simulation = {
  readonly config_version: string
  readonly days: number | null
  readonly log: { readonly first: string | null; readonly last: string | null }
  readonly classes: readonly ClassHit[]
}

/** Says whom a policy would have hit. */
export async function policySimulateAction(path: string, given: SimulateGiven): Promise<number> {
  if (given.config === undefined)
    throw new StillwatchError('usage', '--config is needed: the settings with the policy.', {
      fix: 'For example: stillwatch policy simulate report.json --config stillwatch.yaml.',
    })
  const targets = targetsOf<Simulation>([{ path: given.json, flag: '--json', parts: jsonLines }])
  const { config, version } = loadConfig(given.config, process.env)
  const report = readReport(path)
  const candidates = candidatesOf(report, given)
  const simulation: Simulation = {
    config_version: version,
    days: given.days ?? null,
    log: { first: report.log.first, last: report.log.last },
    classes: simulate(config.policy, candidates),
  }
  await writeTargets(targets, simulation, {
    quiet: false,
    summary: () => summary(simulation),
  })
  return exitCodes.nothingFlagged
}

function readReport(path: string): Report {
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? join(path, 'last-report.json')
    : path
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Partial<Report>
    if (Array.isArray(report.accounts) && report.log && report.campaigns) return report as Report
  } catch (cause) {
    throw new StillwatchError('not-in-report', `Cannot read a report from ${file}.`, {
      fix: 'Give what `stillwatch audit` wrote with --json, or its --data directory.',
      cause,
    })
  }
  throw new StillwatchError('not-in-report', `${file} is no report of an audit.`, {
    fix: 'Give what `stillwatch audit` wrote with --json, or its --data directory.',
  })
}

function candidatesOf(report: Report, given: SimulateGiven): readonly Candidate[] {
  const known = given.tiers === undefined ? new Map<string, Tier>() : readTiers(given.tiers)
  const kinds = new Map(report.campaigns.map(({ id, kind }) => [id, kind]))
  const end = Date.parse(report.log.last ?? '')
  const from = given.days === undefined ? -Infinity : end - given.days * dayMs
  return report.accounts.map((each) => {
    const when = each.detected_at === null ? null : Date.parse(each.detected_at)
    const counts = when !== null && when >= from
    const kind = kinds.get(each.campaign ?? '') ?? 'single-account'
    return {
      standing: counts ? standingOf(each, kind, when) : null,
      tier: known.get(each.account) ?? given.tier,
      exchanges: each.exchanges,
    }
  })
}

function standingOf(each: AccountVerdict, kind: Standing['kind'], whenMs: number): Standing {
  return {
    verdict: each.verdict,
    bucket: Math.max(0, Math.floor(each.score)),
    kind,
    case: each.campaign,
    families: familiesOf(each),
    since: whenMs / 1000,
  }
}

/** A family counts from this weight on, as in a verdict. */
const familyWeightMin = 0.5

/** As far as a report tells: what an honest explanation merges it does not say, so these are at most too many. */
function familiesOf({ reasons }: AccountVerdict): number {
  const heavy = reasons.filter(({ weight }) => weight >= familyWeightMin)
  // Content and elicitation read the same text.
  return new Set(heavy.map(({ family }) => (family === 'elicitation' ? 'content' : family))).size
}

function readTiers(path: string): ReadonlyMap<string, Tier> {
  const wrong = (what: string): StillwatchError =>
    new StillwatchError('usage', `Cannot use ${path}: ${what}.`, {
      fix: `A CSV file with the header account,tier, and tiers of ${tiers.join(', ')}.`,
    })
  let text = ''
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw wrong('it cannot be read')
  }
  const [head = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/)
  if (head.trim() !== 'account,tier') throw wrong('its first line is not account,tier')
  return new Map(
    lines.flatMap((line, at) => {
      if (line.trim() === '') return []
      const cut = line.lastIndexOf(',')
      const tier = tiers.find((each) => each === line.slice(cut + 1).trim())
      if (cut < 1 || tier === undefined) throw wrong(`line ${at + 2} names no tier`)
      return [[line.slice(0, cut).trim(), tier] as const]
    }),
  )
}

const screenColumnsMax = 100

function summary({ classes, days, log, config_version: version }: Simulation): string {
  const span = days === null ? `${day(log.first)} to ${day(log.last)}` : `the last ${days} days`
  const titles = [
    'tier',
    'exchanges',
    'accounts',
    'slow',
    'withhold',
    'challenge',
    'refuse',
    'if upheld',
  ]
  const rows = classes.map(({ tier, exchanges, accounts, hit, upheld }) => [
    tier,
    exchanges.below === null
      ? `from ${exchanges.from}`
      : `${exchanges.from} to ${exchanges.below - 1}`,
    ...[accounts, hit.slow, hit.withhold, hit.challenge, hit.refuse, upheld.refuse].map(String),
  ])
  const lines = table(
    titles.map((title, at) => ({ title, kind: at < 2 ? ('name' as const) : ('number' as const) })),
    rows,
    screenColumnsMax,
  )
  return `Simulated: the policy of version ${version}, enforced over ${span}. Nothing was done.

${lines.join('\n')}

"if upheld" is how many would be refused if a reviewer upheld every case. Rules about some routes, models
or countries count as if they were about all, so these are at most.
`
}

function day(moment: string | null): string {
  return moment?.slice(0, 10) ?? 'unknown'
}
