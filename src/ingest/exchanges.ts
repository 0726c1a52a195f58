import { join } from 'node:path'
import type { DataDirectory } from '../engine/data-directory.ts'
import type { Engine } from '../engine/engine.ts'
import { fill, readSql } from '../engine/sql.ts'
import { fingerprintParameters } from '../fingerprint/fingerprint.ts'
import { loadFormats } from './formats.ts'
import { type Identities, loadIdentities } from './identity.ts'
import type { IngestOptions } from './ingest.ts'
import { linesRelation, type Numbered } from './lines.ts'
import { look, openable } from './look.ts'
import { canonicalQuery, latestTime } from './read.ts'
import type { Look } from './recognise.ts'
import { findSources } from './sources.ts'

const exchangesSql = readSql(new URL('exchanges.sql', import.meta.url))

/** One exchange with its text, as its log has it; nothing of it is stored. */
export type ReadExchange = {
  /** `exchange.id` and `exchange.account` of the store. */
  readonly id: number
  readonly account: number
  /** The id that the log itself gives it. */
  readonly log_id: string
  readonly time: Date
  readonly path: string
  readonly model: string
  readonly roles: readonly string[]
  readonly contents: readonly string[]
  readonly output: string
  readonly finish_reason: string
  /** Where it stands now. */
  readonly file: string
}

type Opened = Pick<IngestOptions, 'now' | 'format' | 'identity' | 'input'>

/**
 * Reads the exchanges with these ids again from the sources, in the order of their times. The store
 * says on which lines they are, so only those are parsed; what has moved since is searched for. Stores
 * nothing; an id that no source holds any more is left out.
 */
export async function readExchanges(
  engine: Engine,
  directory: DataDirectory,
  names: readonly string[],
  options: Opened,
  wanted: readonly number[],
): Promise<readonly ReadExchange[]> {
  return await withReading(engine, directory, names, options, async (reading, looks) => {
    const places = await placesOf(engine, wanted)
    const found = new Map<number, ReadExchange>()
    for (const entry of looks)
      for (const row of await readFrom(reading, entry, wanted, places.get(entry.source.name) ?? []))
        found.set(row.id, row)
    const missing = (): readonly number[] => wanted.filter((id) => !found.has(id))
    for (const entry of looks)
      for (const row of await readFrom(reading, entry, missing(), null)) found.set(row.id, row)
    return [...found.values()].sort((a, b) => a.time.getTime() - b.time.getTime())
  })
}

/**
 * Runs a statement over the canonical rows (docs/formats/README.md) of each source. `statement` is given
 * them as a relation, and finds the keys of the fingerprints bound as `{k0:UInt64}` and `{k1:UInt64}`.
 */
export async function runOverExchanges(
  engine: Engine,
  directory: DataDirectory,
  names: readonly string[],
  options: Opened,
  statement: (canonical: string) => string,
): Promise<void> {
  await withReading(engine, directory, names, options, async (reading, looks) => {
    const { k0 = 0, k1 = 0 } = fingerprintParameters(reading.secret)
    const parameters = { k0, k1, latest: latestTime(reading.now) }
    for (const { source: found, no, format } of looks) {
      if (format === null) continue
      const source = await openable(found, reading.temporary)
      const lines = linesRelation([{ source, no }], reading.links)
      await engine.command(statement(canonicalQuery(format, lines, reading.identities)), parameters)
      if (source !== found) source.release()
    }
  })
}

/** Finds and recognises the sources, does `work`, and lets go of them. */
async function withReading<T>(
  engine: Engine,
  directory: DataDirectory,
  names: readonly string[],
  options: Opened,
  work: (reading: Reading, looks: readonly Look[]) => Promise<T>,
): Promise<T> {
  const { secret, temporary } = directory
  const input = options.input ?? process.stdin
  const sources = await findSources(names, {
    secret,
    temporary,
    input,
    readsLocalFiles: engine.dialect.readsLocalFiles,
  })
  const identities = await loadIdentities(engine, options.identity)
  const links = join(temporary, 'links')
  try {
    const formats = loadFormats()
    const looks = await look({ engine, formats, links, temporary }, sources, options.format)
    return await work({ engine, secret, now: options.now, links, temporary, identities }, looks)
  } finally {
    for (const source of sources) source.release()
    await identities.forget()
  }
}

type Reading = {
  readonly engine: Engine
  readonly secret: Uint8Array
  readonly now: Date
  readonly links: string
  readonly temporary: string
  readonly identities: Identities
}

async function placesOf(
  engine: Engine,
  wanted: readonly number[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const rows = await engine.rows<{ name: string; lines: readonly number[] }>(
    `SELECT name, groupUniqArray(line_no) AS lines FROM exchange
     INNER JOIN (SELECT file_no, name FROM source_file FINAL) AS s USING (file_no)
     WHERE id IN {ids:Array(UInt64)} GROUP BY name`,
    { ids: wanted },
  )
  return new Map(rows.map(({ name, lines }) => [name, lines]))
}

type Row = Omit<ReadExchange, 'time' | 'file'> & { readonly time_ms: number }

/** Reads from the given lines of one source, or with null from all. */
async function readFrom(
  { engine, secret, now, links, temporary, identities }: Reading,
  { source: found, no, format }: Look,
  ids: readonly number[],
  lineNos: readonly number[] | null,
): Promise<readonly ReadExchange[]> {
  if (format === null || ids.length === 0 || lineNos?.length === 0) return []
  const source = await openable(found, temporary)
  const lines = chosenLines({ source, no }, links, lineNos)
  const { k0 = 0, k1 = 0 } = fingerprintParameters(secret)
  const rows = await engine.rows<Row>(
    fill(exchangesSql, { canonical: canonicalQuery(format, lines, identities) }),
    { k0, k1, ids, line_nos: lineNos ?? [], latest: latestTime(now) },
  )
  if (source !== found) source.release()
  return rows.map(({ time_ms, ...row }) => ({ ...row, time: new Date(time_ms), file: source.name }))
}

function chosenLines(entry: Numbered, links: string, lineNos: readonly number[] | null): string {
  const lines = linesRelation([entry], links)
  return lineNos === null
    ? lines
    : `(SELECT line_no, line FROM ${lines} WHERE line_no IN {line_nos:Array(UInt64)})`
}
