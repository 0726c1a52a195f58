import {
  activitySql,
  logWindow,
  type Part,
  rowOrder,
  sharedTraitsSql,
  type StepClock,
} from '../audit/steps.ts'
import type { Detector, Rows, StepRows } from '../detect/index.ts'
import type { Engine, Parameters } from '../engine/engine.ts'
import { fill, readSql, statements } from '../engine/sql.ts'

const sql = {
  tables: readSql(new URL('tables.sql', import.meta.url)),
  slice: readSql(new URL('slice.sql', import.meta.url)),
  things: readSql(new URL('things.sql', import.meta.url)),
  lookUp: readSql(new URL('look-up.sql', import.meta.url)),
  remember: readSql(new URL('remember.sql', import.meta.url)),
  recall: readSql(new URL('recall.sql', import.meta.url)),
}

/** Detectors whose SQL says the same of a slice, given what is known from before it, as of the whole log. */
const sliced = new Set([
  'elicitation',
  'likelihood',
  'migration',
  'public-questions',
  'rare-skeleton',
  'shared-network',
  'shared-profile',
  'takeover',
])
/** Detectors whose facts are counted here (lives.ts). */
const counted = new Set(['succession'])

/** Whether a live walk can hear a detector: it reads no rows of its own, or rows that a slice gives. */
export function isLive({ id, facts, links, traits }: Detector): boolean {
  const reads = facts !== undefined || links !== undefined || traits !== undefined
  return !reads || sliced.has(id) || counted.has(id)
}

/** One step of a log that grows: its number, when it begins and ends, and the files that count. */
export type Slice = {
  readonly step: number
  readonly starts: number
  readonly ends: number
  /** Exchanges of the step come from files up to this one, */
  readonly file: number
  /** and those that come late from files after this one. */
  readonly seen: number
}

/** How long after a refusal another account's request counts as handed on (detectors/migration/traits.sql). */
const handedOnSeconds = 60

const scratch = ['live_slice', 'live_trait_use', 'live_touched', 'live_earlier', 'live_news']

export async function makeTables(engine: Engine): Promise<void> {
  for (const statement of statements(sql.tables))
    await engine.command(fill(statement, { mergeTree: engine.dialect.mergeTree }))
}

/** Remembers the part of the log that a walk begins after. */
export async function recall(
  engine: Engine,
  clock: StepClock,
  detectors: readonly Detector[],
  part: Part,
): Promise<void> {
  const window = logWindow(part)
  const parts = {
    traits: traitsOf(detectors, false)
      .map((text) => fill(text, window))
      .map((text) => `SELECT trait, kind, account, body FROM (${text})`)
      .join(' UNION ALL '),
    things: fill(sql.things, window),
  }
  const parameters = { origin: clock.originSeconds, step: clock.stepSeconds, from: 0, ...part }
  for (const statement of statements(sql.recall))
    await engine.command(fill(statement, parts), parameters)
}

/** What a step adds, in the order in which an audit reads it; remembered for the steps to come. */
export async function readStep(
  engine: Engine,
  detectors: readonly Detector[],
  { step, starts, ends, file, seen }: Slice,
): Promise<StepRows> {
  const parameters: Parameters = { from: step, starts, ends, file, seen }
  for (const table of scratch) await engine.command(`TRUNCATE TABLE ${table}`)
  await engine.command(sql.slice, parameters)
  const window = { exchange: 'live_slice', earlier: 'live_earlier' }
  for (const text of traitsOf(detectors, false)) await addTraits(engine, fill(text, window))
  for (const statement of statements(sql.lookUp))
    await engine.command(fill(statement, { things: fill(sql.things, window) }), parameters)
  for (const text of traitsOf(detectors, true))
    await addTraits(engine, fill(text, { ...window, exchange: withRefusals }), {
      ...parameters,
      before: handedOnSeconds,
    })
  const read = async (text: string, order: string): Promise<Rows> => {
    const filled = fill(text, { ...window, uses: 'live_trait_use' })
    const columns = await engine.columns(`SELECT * FROM (${filled}) ORDER BY ${order}`, parameters)
    const rows = Object.values(columns)[0]?.length ?? 0
    return { columns: columns as Rows['columns'], from: 0, to: rows }
  }
  const all = async (shape: 'facts' | 'links'): Promise<readonly Rows[]> => {
    const found: Rows[] = []
    for (const detector of detectors) {
      const text = detector[shape]
      if (text !== undefined && sliced.has(detector.id))
        found.push(await read(readSql(text), rowOrder[shape]))
    }
    return found
  }
  const activity = [await read(activitySql, rowOrder.activity)]
  const rows = {
    activity,
    facts: [...activity, ...(await all('facts'))],
    // A habit from before the trait was shared comes before those that share it, as it did in time.
    traits: [await read(sharedTraitsSql, `habit, step, ${rowOrder.traits}`)],
    links: await all('links'),
  }
  for (const statement of statements(sql.remember)) await engine.command(statement)
  return rows
}

/** The SQL of traits: that which reads what is known from before, or that which does not. */
function traitsOf(detectors: readonly Detector[], looksBack: boolean): readonly string[] {
  return detectors
    .flatMap(({ traits }) => (traits === undefined ? [] : [readSql(traits)]))
    .filter((text) => text.includes('{{earlier}}') === looksBack)
}

async function addTraits(engine: Engine, text: string, parameters: Parameters = {}): Promise<void> {
  await engine.command(
    `INSERT INTO live_trait_use SELECT trait, kind, account, step, body FROM (${text})`,
    parameters,
  )
}

/** Of messages with a new sender: the slice, and the refusals of just before it. */
const withRefusals = `(
  SELECT message, account, time, status, step FROM live_slice WHERE message IN (SELECT thing FROM live_news WHERE kind = 2)
  UNION ALL
  SELECT message, account, time, status, toUInt32(0) AS step
  FROM exchange
  WHERE status >= 400 AND message IN (SELECT thing FROM live_news WHERE kind = 2) AND file_no <= {seen:UInt32}
    AND time >= (SELECT min(time) FROM live_slice) - toIntervalSecond({before:UInt32})
    AND time < fromUnixTimestamp64Milli({starts:Int64} * 1000)
)`
