import type { Engine } from '../engine/engine.ts'
import type { LogFormat } from './formats.ts'
import { firstLines, type Numbered } from './lines.ts'

/** How many lines of a file are looked at to tell its format. */
const sampleLinesMax = 200

/** Files looked at in one query. */
const filesPerQueryMax = 64

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
  readonly opening: string
}

/** Looks at the first lines of every source. Rejects as the engine does where one cannot be read. */
export async function recognise(
  engine: Engine,
  sources: readonly Numbered[],
  formats: readonly LogFormat[],
  links: string,
): Promise<readonly Look[]> {
  const looks: Look[] = []
  for (let at = 0; at < sources.length; at += filesPerQueryMax)
    looks.push(...(await lookAt(engine, sources.slice(at, at + filesPerQueryMax), formats, links)))
  return looks
}

async function lookAt(
  engine: Engine,
  sources: readonly Numbered[],
  formats: readonly LogFormat[],
  links: string,
): Promise<readonly Look[]> {
  const rows = await engine.rows<Row>(recogniseQuery(sources, formats, links))
  const byPlace = new Map(rows.map((row) => [row.place, row]))
  return sources.map((entry, place): Look => {
    const row = byPlace.get(place) ?? { place, lines: 0, votes: [], opening: '' }
    if (isValues(entry, row.opening)) return asValues(entry)
    return { ...entry, lines: row.lines, format: winner(row.votes, formats), again: false }
  })
}

function asValues({ no, source }: Numbered): Look {
  return { no, source: { ...source, container: 'values' }, lines: 0, format: null, again: true }
}

/** A JSON array, or an object that goes over several lines: read value by value, not line by line. */
function isValues({ source }: Numbered, opening: string): boolean {
  return source.container === 'lines' && /^(\ufeff)?\s*(\[|\{\s*$)/.test(opening)
}

function winner(votes: readonly number[], formats: readonly LogFormat[]): LogFormat | null {
  const most = Math.max(0, ...votes)
  return most === 0 ? null : (formats[votes.indexOf(most)] ?? null)
}

function recogniseQuery(
  sources: readonly Numbered[],
  formats: readonly LogFormat[],
  links: string,
): string {
  const samples = sources.map(
    (entry, place) =>
      `SELECT ${place} AS place, line FROM (${firstLines(entry, links, sampleLinesMax)})`,
  )
  const votes = formats.map((format) => `countIf(ifNull((${format.recognise}\n), 0))`)
  return `
    SELECT place, count() AS lines, [${votes.join(', ')}] AS votes, any(substring(line, 1, 40)) AS opening
    FROM (${samples.join(' UNION ALL ')})
    WHERE notEmpty(trimBoth(line, ' \\t\\r'))
    GROUP BY place
    -- Small blocks and no reading ahead: the query ends when it has its lines.
    SETTINGS input_format_parallel_parsing = 0, max_block_size = ${sampleLinesMax}`
}
