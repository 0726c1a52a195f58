import { readSteps, type StepClock } from '../audit/steps.ts'
import { assert } from '../core/assert.ts'
import {
  type AccountState,
  type Detector,
  detectors as catalogue,
  emptyWalk,
  type Population,
  type StepRows,
  type Walk,
  type WalkSettings,
} from '../detect/index.ts'
import type { Engine } from '../engine/engine.ts'
import { emptyLives, type Lives } from './lives.ts'
import { isLive, makeTables, readStep, recall, type Slice } from './slices.ts'
import { type Change, emptySnapshot, type Snapshot, takeSnapshot } from './snapshot.ts'

export type LiveSettings = Omit<WalkSettings, 'stepSeconds'> & {
  /** A step is closed when its end is so long past: what comes later counts in the step that is open then. */
  readonly closeDelaySeconds: number
  /** By which accounts are judged, as `calibrated` gives them; all of the catalogue unless given. */
  readonly detectors?: readonly Detector[]
}

/** What became known since the last time. */
export type Advance = {
  /** How many steps were closed. */
  readonly steps: number
  /** Exchanges folded in, and how many of them came after their own step was closed. */
  readonly exchanges: number
  readonly late: number
  readonly changes: readonly Change[]
}

/** Detection while the log grows. One per store; ingests and `advance` take turns. */
export type LiveWalk = {
  /**
   * Folds in every step that is past at `now`, in Unix seconds. Where it fails, the next one begins again
   * with the whole log, for what the engine remembers may be half a step's.
   */
  readonly advance: (now: number) => Promise<Advance>
  readonly snapshot: () => Snapshot
  readonly accounts: () => readonly AccountState[]
  readonly population: () => Population
  /** Detectors that were left out, because a slice of the log does not give what they read. */
  readonly off: readonly string[]
}

/**
 * The walk of an audit over a log that grows: at equal steps and equal order of events the two come to equal
 * verdicts. Begins with the steps of the store that are past at `now`, which costs what an audit of them does
 * without reading logs. The clock's origin must be no later than the first exchange (`startClock`).
 */
export async function openLive(
  engine: Engine,
  clock: StepClock,
  settings: LiveSettings,
  now: number,
): Promise<LiveWalk> {
  const { closeDelaySeconds, detectors = catalogue, ...rest } = settings
  const heard = detectors.filter(isLive)
  const begin = (): Folded => ({
    walk: emptyWalk(heard, { ...rest, stepSeconds: clock.stepSeconds }),
    lives: emptyLives(),
    next: 0,
    file: 0,
  })
  const live = { engine, clock, detectors: heard }
  let folded: Folded | null = null
  let snapshot = emptySnapshot
  let busy = false
  const fold = async (until: number): Promise<Omit<Advance, 'changes'>> => {
    if (folded !== null) return await foldNew(live, folded, until)
    await makeTables(engine)
    const whole = begin()
    const found = await foldWhole(live, whole, until)
    folded = whole
    return found
  }
  const advance = async (at: number): Promise<Advance> => {
    assert(!busy, 'a live walk advances one call at a time')
    busy = true
    try {
      const past = (at - closeDelaySeconds - clock.originSeconds) / clock.stepSeconds
      const done = await fold(Math.max(0, Math.floor(past)))
      const { walk } = folded ?? begin()
      const taken = takeSnapshot(walk.accounts(), walk.population.hash, ends(clock), snapshot)
      snapshot = taken.snapshot
      return { ...done, changes: taken.changes }
    } catch (cause) {
      folded = null
      throw cause
    } finally {
      busy = false
    }
  }
  await advance(now)
  return {
    advance,
    snapshot: () => snapshot,
    accounts: () => folded?.walk.accounts() ?? [],
    population: () => (folded ?? begin()).walk.population,
    off: detectors.filter((detector) => !isLive(detector)).map(({ id }) => id),
  }
}

type Live = {
  readonly engine: Engine
  readonly clock: StepClock
  readonly detectors: readonly Detector[]
}

/** Where a walk stands: the next step to close, and the last file whose rows of closed steps it has. */
type Folded = { readonly walk: Walk; readonly lives: Lives; next: number; file: number }

const noRows: StepRows = { activity: [], facts: [], traits: [], links: [] }

function ends({ originSeconds, stepSeconds }: StepClock): (step: number) => number {
  return (step) => originSeconds + (step + 1) * stepSeconds
}

/** Walks the steps before `until` as an audit does, and remembers what those to come look up. */
async function foldWhole(
  { engine, clock, detectors }: Live,
  folded: Folded,
  until: number,
): Promise<Omit<Advance, 'changes'>> {
  const file = await lastFile(engine)
  const part = { until: clock.originSeconds + until * clock.stepSeconds, file }
  for await (const { step, rows } of readSteps(engine, clock, detectors, part)) {
    folded.lives.next(step, rows.activity)
    folded.walk.advance(step, rows)
    folded.next = step + 1
  }
  await recall(engine, clock, detectors, part)
  pass(folded, until)
  folded.file = file
  return { steps: until, exchanges: folded.walk.population.exchanges(), late: 0 }
}

/** Closes the steps before `until`, and with the first of them counts what came late for those closed before. */
async function foldNew(
  live: Live,
  folded: Folded,
  until: number,
): Promise<Omit<Advance, 'changes'>> {
  const first = folded.next
  if (until <= first) return { steps: 0, exchanges: 0, late: 0 }
  const file = await lastFile(live.engine)
  const before = folded.walk.population.exchanges()
  const { steps, late } = await due(live, folded, until, file)
  for (const step of steps) {
    pass(folded, step)
    await foldStep(live, folded, {
      step,
      starts: live.clock.originSeconds + step * live.clock.stepSeconds,
      ends: live.clock.originSeconds + (step + 1) * live.clock.stepSeconds,
      file,
      seen: step === first ? folded.file : file,
    })
  }
  pass(folded, until)
  folded.file = file
  const exchanges = folded.walk.population.exchanges() - before
  return { steps: until - first, exchanges, late }
}

async function foldStep({ engine, detectors }: Live, folded: Folded, slice: Slice): Promise<void> {
  const rows = await readStep(engine, detectors, slice)
  const hasLives = detectors.some(({ id }) => id === 'succession')
  const lives = folded.lives.next(slice.step, rows.activity)
  folded.walk.advance(slice.step, hasLives ? { ...rows, facts: [...rows.facts, lives] } : rows)
  folded.next = slice.step + 1
}

/** Steps without exchanges pass as well: a day without traffic is a day. */
function pass(folded: Folded, until: number): void {
  for (; folded.next < until; folded.next++) folded.walk.advance(folded.next, noRows)
}

/** The last file that is complete; those that come have higher numbers. */
async function lastFile(engine: Engine): Promise<number> {
  const [row] = await engine.rows<{ file: number }>('SELECT max(file_no) AS file FROM source_file')
  return row?.file ?? 0
}

/** The steps that have exchanges to fold in; the first open one stands for those that came late, which are counted. */
async function due(
  { engine, clock }: Live,
  { next, file: seen }: Folded,
  until: number,
  file: number,
): Promise<{ readonly steps: readonly number[]; readonly late: number }> {
  const { originSeconds: origin, stepSeconds: step } = clock
  const [found] = await engine.rows<{ steps: readonly number[]; late: number }>(
    `SELECT
       (SELECT count() FROM exchange WHERE file_no > {seen:UInt32} AND file_no <= {file:UInt32}
         AND time < fromUnixTimestamp64Milli({starts:Int64} * 1000)) AS late,
       (SELECT groupUniqArray(toUInt32(intDiv(toUnixTimestamp(time) - {origin:Int64}, {step:UInt32}))) FROM exchange
         WHERE time >= fromUnixTimestamp64Milli({starts:Int64} * 1000)
           AND time < fromUnixTimestamp64Milli({ends:Int64} * 1000) AND file_no <= {file:UInt32}) AS steps`,
    { origin, step, starts: origin + next * step, ends: origin + until * step, seen, file },
  )
  const late = found?.late ?? 0
  const steps = new Set([...(late > 0 ? [next] : []), ...(found?.steps ?? [])])
  return { steps: [...steps].sort((a, b) => a - b), late }
}
