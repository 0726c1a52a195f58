import type { Engine } from '../engine/engine.ts'
import type { LogFormat } from './formats.ts'
import { firstLines, type Links, type Numbered, rawLines } from './lines.ts'
import { sampleBody } from './send.ts'
import type { Source } from './sources.ts'

/** How many lines of a file are looked at to tell its format. */
const sampleLinesMax = 200

/** What the first lines of a source look like. */
export type Look = Numbered & {
  /** Lines that hold anything, of the first 200; null where nothing can be read. */
  readonly lines: number | null
  /** The format most of them have; null where none has one. */
  readonly format: LogFormat | null
  /** Whether it holds JSON values and not lines, and so must be looked at again as such. */
  readonly again: boolean
}

type Row = {
  readonly place: number
  readonly lines: number
  readonly votes: readonly number[]
  readonly is_values: number
}

/** Files up to this size are read whole together; of larger ones only the beginning, each by itself. */
const smallBytesMax = 256 * 1024

/** Equal for small files that one `file()` can read together; null for what needs its own. */
export function sampleKey(source: Source): string | null {
  const isPlain = source.kind === 'file' && source.damage === null && !source.isSent
  const isSmall = isPlain && source.compression !== 'bz2' && source.bytes <= smallBytesMax
  return isSmall ? `${source.container},${source.compression}` : null
}

/** Looks at the first lines of every source. Rejects as the engine does where one cannot be read. */
export async function recognise(
  engine: Engine,
  sources: readonly Numbered[],
  formats: readonly LogFormat[],
  links: Links,
): Promise<readonly Look[]> {
  const opened = sources.filter(({ source }) => !source.isSent)
  const rows = new Map<Numbered, Row>()
  for (const row of await rowsOf(engine, opened, formats, links)) {
    const entry = opened[row.place]
    if (entry) rows.set(entry, row)
  }
  for (const entry of sources.filter(({ source }) => source.isSent))
    rows.set(entry, await sentRow(engine, entry, formats))
  return sources.map((entry) => judge(entry, rows.get(entry), formats))
}

async function rowsOf(
  engine: Engine,
  sources: readonly Numbered[],
  formats: readonly LogFormat[],
  links: Links,
): Promise<readonly Row[]> {
  if (sources.length === 0) return []
  const keys = new Set(sources.map(({ source }) => sampleKey(source)))
  const isOne = keys.size === 1 && !keys.has(null)
  const samples = isOne ? scannedSamples(sources, links) : separateSamples(sources, links)
  return await engine.rows<Row>(`
    SELECT place, ${measures(formats)} FROM (${samples})
    WHERE ${isNotBlank} GROUP BY place
    ${isOne ? '' : `SETTINGS input_format_parallel_parsing = 0, max_block_size = ${sampleLinesMax}`}`)
}

function scannedSamples(sources: readonly Numbered[], links: Links): string {
  return `SELECT place, number, raw AS line FROM ${rawLines(sources, links)} WHERE number < ${sampleLinesMax}`
}

/** With small blocks and without reading ahead, such a query ends when it has its lines. */
function separateSamples(sources: readonly Numbered[], links: Links): string {
  return sources
    .map(
      (entry, place) =>
        `SELECT ${place} AS place, number, line FROM (${firstLines(entry, links, sampleLinesMax)})`,
    )
    .join(' UNION ALL ')
}

/** A server answers an INSERT with nothing, so what it sees in the sample goes through a table. */
async function sentRow(
  engine: Engine,
  { source }: Numbered,
  formats: readonly LogFormat[],
): Promise<Row> {
  const token = Math.floor(Math.random() * 2 ** 32)
  const { body, format } = await sampleBody(source)
  await engine.send?.(
    `INSERT INTO looked SELECT {token:UInt32}, ${measures(formats)}
     FROM (SELECT row_number() OVER () AS number, line FROM input('line String') LIMIT ${sampleLinesMax})
     WHERE ${isNotBlank} FORMAT ${format}`,
    { token },
    body,
  )
  const [row] = await engine.rows<Row>(
    'SELECT 0 AS place, lines, votes, is_values FROM looked WHERE token = {token:UInt32}',
    { token },
  )
  await engine.command('DELETE FROM looked WHERE token = {token:UInt32}', { token })
  return row ?? nothing
}

const isNotBlank = `notEmpty(trimBoth(line, ' \\t\\r'))`
const nothing: Row = { place: 0, lines: 0, votes: [], is_values: 0 }

/** Counts over the lines of one sample, in the order of the table `looked`. */
function measures(formats: readonly LogFormat[]): string {
  const votes = formats.map((format) => `countIf(ifNull((${format.recognise}\n), 0))`)
  // A JSON array, or an object that goes over several lines: read value by value, not line by line.
  return `count() AS lines, [${votes.join(', ')}] AS votes,
    match(argMin(substring(line, 1, 40), number), '^(\\xEF\\xBB\\xBF)?\\\\s*(\\\\[\\\\s*([{\\\\]]|$)|\\\\{\\\\s*$)') AS is_values`
}

function judge({ no, source }: Numbered, row: Row = nothing, formats: readonly LogFormat[]): Look {
  if (row.is_values === 1 && source.container === 'lines')
    return { no, source: { ...source, container: 'values' }, lines: 0, format: null, again: true }
  const most = Math.max(0, ...row.votes)
  const format = most === 0 ? null : (formats[row.votes.indexOf(most)] ?? null)
  return { no, source, lines: row.lines, format, again: false }
}
