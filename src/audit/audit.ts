import { StillwatchError } from '../core/error.ts'
import {
  calibrated,
  campaignsOf,
  detectors,
  emptyWalk,
  falseShareUsual,
  reviewDetectors,
  type Walk,
} from '../detect/index.ts'
import type { Store } from '../engine/store.ts'
import { type IngestOptions, type IngestSummary, ingest } from '../ingest/ingest.ts'
import type { IngestProgress } from '../ingest/progress.ts'
import type { Report } from '../record/index.ts'
import { readReportFacts } from './facts.ts'
import { buildReport } from './build.ts'
import { type Known, resolveStatements, reviewUse, type Statements, vouchUses } from './known.ts'
import { readReviews } from './reviews.ts'
import { readSteps, type StepClock } from './steps.ts'
import { readVouches } from './vouches.ts'

export type AuditOptions = IngestOptions & {
  /** Seconds in a step of the walk; 3,600 unless given. */
  readonly stepSeconds?: number
  /** The share of honest accounts that may ever be flagged, between 0 and 1; one in 10,000 unless given. */
  readonly falseShareMax?: number
  /** Prints pseudonyms instead of account ids. */
  readonly pseudonymous?: boolean
  /** Files of vouches and of reviewed cases (docs/formats/vouches.md, reviews.md). */
  readonly vouches?: readonly string[]
  readonly reviews?: readonly string[]
  /** The version that goes into the report. */
  readonly version: string
}

/** Where an audit stands. */
export type AuditProgress =
  | { readonly stage: 'ingest'; readonly ingest: IngestProgress }
  | { readonly stage: 'fingerprints' }
  | {
      readonly stage: 'walk'
      readonly step: number
      readonly steps: number
      readonly flagged: number
    }
  | { readonly stage: 'report' }

/** Seconds in a step unless told otherwise. */
export const stepSecondsUsual = 3600

/** How long the walk may hold the event loop before it lets others run. */
const holdMillisecondsMax = 50

/**
 * Reads logs, walks them in time, and says what was found. Throws StillwatchError with the codes of
 * `ingest`, `source-is-empty` where nothing could be read, `vouch-file` and `review-file`.
 */
export async function audit(
  store: Store,
  sources: readonly string[],
  options: AuditOptions,
  progress: (now: AuditProgress) => void = () => undefined,
): Promise<Report> {
  const said = readStatements(options)
  const summary = await ingest(store.engine, store.directory, sources, options, (now) =>
    progress({ stage: 'ingest', ingest: now }),
  )
  refuseEmpty(summary)
  progress({ stage: 'fingerprints' })
  const clock = await startClock(store, options.stepSeconds ?? stepSecondsUsual)
  const known = await resolveStatements(store, said, clock)
  const reviewed = reviewDetectors(said.reviews)
  const falseShareMax = options.falseShareMax ?? falseShareUsual
  const walk = emptyWalk(calibrated(detectors, reviewed), {
    stepSeconds: clock.stepSeconds,
    falseShareMax,
    standing: known.standing,
  })
  await walkLog(walk, store, clock, known, progress)
  progress({ stage: 'report' })
  const accounts = walk.accounts()
  const campaigns = campaignsOf(accounts, walk.population)
  const facts = await readReportFacts(store, accounts, campaigns, walk.population, clock)
  const last = facts.log.last_ms / 1000
  return buildReport({
    summary,
    walk,
    accounts,
    campaigns,
    facts,
    clock,
    falseShareMax,
    options,
    vouches: vouchUses(said, known, accounts, walk.population, last),
    reviews: reviewUse(said, known, accounts, walk.population, reviewed),
  })
}

/** Read before the log is, so that an hour's audit is not lost to a typing error. */
function readStatements({ vouches = [], reviews = [] }: AuditOptions): Statements {
  return { vouches: readVouches(vouches), reviews: readReviews(reviews) }
}

function refuseEmpty(summary: IngestSummary): void {
  if (summary.exchanges > 0) return
  throw new StillwatchError(
    'source-is-empty',
    'No exchange could be read from the sources given.',
    {
      fix: 'Check that they are logs in a format that `stillwatch audit --help` lists; see rejected.jsonl in the data directory.',
    },
  )
}

/** The steps of what the store holds, from the hour (or other step) of its first exchange. */
export async function startClock(store: Store, stepSeconds: number): Promise<StepClock> {
  const [row] = await store.engine.rows<{ origin: number }>(
    'SELECT toInt64(intDiv(min(toUnixTimestamp(time)), {step:UInt32}) * {step:UInt32}) AS origin FROM exchange',
    { step: stepSeconds },
  )
  return { originSeconds: row?.origin ?? 0, stepSeconds }
}

/** Who is flagged is no longer compared with; nor is who would be and is vouched for, so then verdicts are counted. */
function flaggedIn(walk: Walk, { vouches }: Known): number {
  return vouches.length === 0
    ? walk.population.size() - walk.population.referenceSize()
    : walk.accounts().filter(({ verdict }) => verdict === 'flagged').length
}

async function walkLog(
  walk: Walk,
  store: Store,
  clock: StepClock,
  known: Known,
  progress: (now: AuditProgress) => void,
): Promise<void> {
  let held = performance.now()
  for await (const { step, steps, rows } of readSteps(store.engine, clock, detectors)) {
    walk.advance(step, rows)
    if (performance.now() - held < holdMillisecondsMax) continue
    progress({ stage: 'walk', step, steps, flagged: flaggedIn(walk, known) })
    await new Promise((resolve) => setImmediate(resolve))
    held = performance.now()
  }
}
