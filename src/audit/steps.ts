import type { Detector, StepRows } from '../detect/index.ts'
import type { Columns, Engine, Parameters } from '../engine/engine.ts'
import { fill, readSql } from '../engine/sql.ts'

export const activitySql = readSql(new URL('../detect/activity.sql', import.meta.url))
export const sharedTraitsSql = readSql(new URL('shared-traits.sql', import.meta.url))

/** The steps of a log: when step 0 begins and how long each lasts. */
export type StepClock = { readonly originSeconds: number; readonly stepSeconds: number }

/** What the detectors' SQL reads (src/detect/detector.ts): relations for `{{exchange}}` and `{{earlier}}`. */
export type Window = { readonly exchange: string; readonly earlier: string }

/** An exchange with the step it falls into. */
const stepped =
  'SELECT *, toUInt32(greatest(0, intDiv(toUnixTimestamp(time) - {origin:Int64}, {step:UInt32}))) AS step FROM exchange'
const nothingEarlier =
  "(SELECT toUInt8(0) AS kind, toUInt64(0) AS thing, toUInt64(0) AS account, toDateTime64(0, 3, 'UTC') AS first WHERE 0)"

/** The log as a window: all of it, or what came before a moment and up to a file of the ledger. */
export function logWindow(part?: Part): Window {
  const where =
    part === undefined
      ? ''
      : ' WHERE time < fromUnixTimestamp64Milli({until:Int64} * 1000) AND file_no <= {file:UInt32}'
  return { exchange: `(${stepped}${where})`, earlier: nothingEarlier }
}

/** Exchanges from before a moment, in Unix seconds, out of files up to this number. */
export type Part = { readonly until: number; readonly file: number }

/** Rows of one table that are held in memory at a time; a row is some hundred bytes as JSON. */
const sliceRowsMax = 250_000

type Table = { readonly name: string; readonly shape: 'activity' | 'facts' | 'links' | 'traits' }

/**
 * Lets the engine work out everything the detectors want, once for the whole log, and gives it step
 * by step: each row carries the step from which it may be known, so that walking shows no future.
 * Tables of the walk stay in the engine until the generator ends; memory holds one slice of steps.
 */
export async function* readSteps(
  engine: Engine,
  clock: StepClock,
  detectors: readonly Detector[],
  part?: Part,
): AsyncGenerator<{ readonly step: number; readonly steps: number; readonly rows: StepRows }> {
  const tables = await prepare(engine, clock, detectors, part)
  try {
    const steps = await countSteps(engine)
    const width = Math.max(
      1,
      Math.ceil(steps / Math.ceil((await largest(engine, tables)) / sliceRowsMax)),
    )
    for (let from = 0; from < steps; from += width) {
      const slice = await readSlice(engine, tables, from, from + width)
      for (let step = from; step < Math.min(steps, from + width); step++)
        yield { step, steps, rows: slice(step) }
    }
  } finally {
    for (const table of tables) await engine.command(`DROP TABLE IF EXISTS ${table.name}`)
    await engine.command('TRUNCATE TABLE trait_use')
  }
}

async function prepare(
  engine: Engine,
  clock: StepClock,
  detectors: readonly Detector[],
  part?: Part,
): Promise<readonly Table[]> {
  const window = logWindow(part)
  const parameters = { origin: clock.originSeconds, step: clock.stepSeconds, from: 0, ...part }
  const tables: Table[] = []
  const make = async (name: string, shape: Table['shape'], sql: string): Promise<void> => {
    await engine.command(`DROP TABLE IF EXISTS ${name}`)
    await create(engine, name, fill(sql, { ...window, uses: 'trait_use' }), parameters)
    tables.push({ name, shape })
  }
  await make('walk_activity', 'activity', activitySql)
  await engine.command('TRUNCATE TABLE trait_use')
  for (const detector of detectors) {
    const id = detector.id.replaceAll('-', '_')
    if (detector.facts !== undefined)
      await make(`walk_facts_${id}`, 'facts', readSql(detector.facts))
    if (detector.links !== undefined)
      await make(`walk_links_${id}`, 'links', readSql(detector.links))
    if (detector.traits !== undefined)
      await engine.command(
        `INSERT INTO trait_use SELECT trait, kind, account, step, body FROM (${fill(readSql(detector.traits), window)})`,
        parameters,
      )
  }
  await make('walk_traits', 'traits', sharedTraitsSql)
  return tables
}

/** A table for the length of the walk, sorted as it will be read. */
function create(engine: Engine, name: string, sql: string, parameters: Parameters): Promise<void> {
  return engine.command(
    fill(`CREATE TABLE ${name} ENGINE = {{mergeTree}} ORDER BY (step, account) AS ${sql}`, {
      mergeTree: engine.dialect.mergeTree,
    }),
    parameters,
  )
}

async function countSteps(engine: Engine): Promise<number> {
  const [row] = await engine.rows<{ steps: number }>(
    'SELECT if(count() = 0, 0, max(step) + 1) AS steps FROM walk_activity',
  )
  return row?.steps ?? 0
}

async function largest(engine: Engine, tables: readonly Table[]): Promise<number> {
  const counts = await engine.rows<{ n: number }>(
    tables.map(({ name }) => `SELECT count() AS n FROM ${name}`).join(' UNION ALL '),
  )
  return Math.max(1, ...counts.map((count) => count.n))
}

/** In what order a step's rows are folded in; what follows from ties must not depend on how they are stored. */
export const rowOrder: Readonly<Record<Table['shape'], string>> = {
  activity: 'account',
  facts: 'account',
  links: 'account, other',
  traits: 'habit, trait, account',
}

/** Reads the rows of some steps and cuts them up by step. */
async function readSlice(
  engine: Engine,
  tables: readonly Table[],
  from: number,
  to: number,
): Promise<(step: number) => StepRows> {
  const parts: {
    readonly table: Table
    readonly columns: Columns
    readonly starts: readonly number[]
  }[] = []
  for (const table of tables) {
    const order = `step, ${rowOrder[table.shape]}`
    const columns = await engine.columns(
      `SELECT * FROM ${table.name} WHERE step >= {from:UInt32} AND step < {to:UInt32} ORDER BY ${order}`,
      { from, to },
    )
    parts.push({ table, columns, starts: startsOf(columns, from, to) })
  }
  return (step) => {
    const rowsOf = (shape: Table['shape']): StepRows['activity'] =>
      parts
        .filter((part) => part.table.shape === shape)
        .map(({ columns, starts }) => ({
          columns: columns as Readonly<Record<string, readonly number[]>>,
          from: starts[step - from] ?? 0,
          to: starts[step - from + 1] ?? 0,
        }))
    return {
      activity: rowsOf('activity'),
      facts: [...rowsOf('activity'), ...rowsOf('facts')],
      traits: rowsOf('traits'),
      links: rowsOf('links'),
    }
  }
}

/** Where each step's rows begin in columns sorted by step, and where the last one's end. */
function startsOf(columns: Columns, from: number, to: number): readonly number[] {
  const steps = (columns['step'] ?? []) as readonly number[]
  const starts: number[] = []
  let row = 0
  for (let step = from; step <= to; step++) {
    while (row < steps.length && (steps[row] ?? 0) < step) row += 1
    starts.push(row)
  }
  return starts
}
