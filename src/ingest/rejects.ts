import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DataDirectory } from '../engine/data-directory.ts'
import type { Engine, Parameters } from '../engine/engine.ts'
import { fill, readSql } from '../engine/sql.ts'
import { fingerprintParameters } from '../fingerprint/fingerprint.ts'
import { type Links, type Numbered, rawLines } from './lines.ts'
import { wholeBody } from './send.ts'

const rejectsSql = readSql(new URL('rejects.sql', import.meta.url))
const offsetsSql = readSql(new URL('offsets.sql', import.meta.url))

/** Why a line was not used. `docs/errors.md` says what to do about each; a test compares. */
export const rejectionReasons = [
  'not-json',
  'not-an-object',
  'other-format',
  'no-id',
  'no-account',
  'bad-time',
  'line-too-long',
  'truncated',
  'unreadable',
] as const

/** Counts stay exact beyond these; only the places of further lines are not written down. */
export const rejectedFileBytesMax = 64 * 1024 ** 2
const linesPerFileMax = 10_000
const textBytesMax = 4096

/** One line of `rejected.jsonl`. */
type Rejection = {
  readonly file: string
  /** From 1; 0 for a file of which nothing could be read. */
  readonly line: number
  /** Of its first byte in the unpacked file; null where lines have no place in one. */
  readonly offset: number | null
  readonly reason: string
  /** Keyed with the deployment's secret: equal lines are equal, and none can be guessed. */
  readonly hash: string | null
  readonly text?: string
}

export function rejectedFile(directory: DataDirectory): string {
  return join(directory.path, 'rejected.jsonl')
}

/** Keeps what `rejected.jsonl` says of the files in `kept`; with an empty set there is no such file. */
export function forgetRejections(directory: DataDirectory, kept: ReadonlySet<string>): void {
  const path = rejectedFile(directory)
  if (!existsSync(path)) return
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}') && kept.has((JSON.parse(line) as Rejection).file))
  if (lines.length === 0) rmSync(path)
  else writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 })
}

/** Writes down where the rejected lines of one file are, reading it once or twice more. */
export async function recordRejections(
  engine: Engine,
  directory: DataDirectory,
  entry: Numbered,
  options: { readonly links: Links; readonly keepText: boolean },
): Promise<void> {
  const path = rejectedFile(directory)
  const size = existsSync(path) ? statSync(path).size : 0
  const reasons = await reasonsOf(engine, entry.no)
  if (reasons.size === 0 || size >= rejectedFileBytesMax) return
  const whole = [...reasons.values()].includes('unreadable')
  const details = whole
    ? new Map<number, Detail>()
    : await detailsOf(engine, directory, entry, options)
  const offsets = whole ? new Map<number, number>() : await offsetsOf(engine, entry, options.links)
  const lines = [...reasons].map(([line, reason]): Rejection => {
    const detail = details.get(line)
    return {
      file: entry.source.name,
      line,
      offset: offsets.get(line) ?? null,
      reason,
      hash: detail?.hash ?? null,
      ...(options.keepText && detail ? { text: detail.text } : {}),
    }
  })
  appendWithin(path, lines, rejectedFileBytesMax - size)
}

function appendWithin(path: string, lines: readonly Rejection[], room: number): void {
  let text = ''
  for (const line of lines) {
    const json = `${JSON.stringify(line)}\n`
    if (text.length + json.length > room) break
    text += json
  }
  appendFileSync(path, text, { mode: 0o600 })
}

async function reasonsOf(engine: Engine, no: number): Promise<ReadonlyMap<number, string>> {
  const rows = await engine.rows<{ line_no: number; problem: string }>(
    `SELECT line_no, min(problem) AS problem FROM rejected WHERE file_no = {no:UInt32}
     GROUP BY line_no ORDER BY line_no LIMIT {most:UInt32}`,
    { no, most: linesPerFileMax },
  )
  return new Map(rows.map((row) => [row.line_no, row.problem]))
}

type Detail = { readonly line: number; readonly hash: string; readonly text: string }

async function detailsOf(
  engine: Engine,
  directory: DataDirectory,
  entry: Numbered,
  options: { readonly links: Links; readonly keepText: boolean },
): Promise<ReadonlyMap<number, Detail>> {
  const { k0 = 0, k1 = 0 } = fingerprintParameters(directory.secret)
  const rows = await rowsOver<Detail>(
    engine,
    entry,
    fill(rejectsSql, {
      raw: rawLines([entry], options.links),
      text: options.keepText ? `substring(raw, 1, ${textBytesMax})` : `''`,
    }),
    'line, hash, text',
    { no: entry.no, most: linesPerFileMax, k0, k1 },
  )
  return new Map(rows.map((row) => [row.line, row]))
}

async function offsetsOf(
  engine: Engine,
  entry: Numbered,
  links: Links,
): Promise<ReadonlyMap<number, number>> {
  if (entry.source.container !== 'lines' || entry.source.kind === 'table') return new Map()
  const raw = rawLines([entry], links)
  const find = (query: string): Promise<readonly Place[]> =>
    rowsOver<Place>(engine, entry, query, 'line, offset', { no: entry.no, most: linesPerFileMax })
  const places = [...(await find(fill(offsetsSql, { raw })))]
  // The tear itself comes after the last whole line.
  if (entry.source.damage?.truncated)
    places.push(
      ...(await find(`SELECT count() + 1 AS line, sum(length(raw) + 1) AS offset FROM ${raw}`)),
    )
  const cuts = entry.source.damage?.cuts ?? []
  const cutBefore = (line: number): number =>
    cuts.filter((cut) => cut.line < line).reduce((sum, cut) => sum + cut.bytes, 0)
  return new Map(places.map((row) => [row.line, row.offset + cutBefore(row.line)]))
}

type Place = { readonly line: number; readonly offset: number }

/** The rows of a query over the lines of a source; what a server says of sent lines goes by a table. */
async function rowsOver<Row>(
  engine: Engine,
  entry: Numbered,
  query: string,
  columns: string,
  parameters: Parameters,
): Promise<readonly Row[]> {
  if (!entry.source.isSent || engine.send === null) return await engine.rows<Row>(query, parameters)
  const { body, format } = wholeBody(entry.source)
  const token = Math.floor(Math.random() * 2 ** 32)
  const insert = `INSERT INTO located (token, ${columns}) SELECT {token:UInt32}, ${columns}`
  await engine.send(`${insert} FROM (${query}) FORMAT ${format}`, { ...parameters, token }, body)
  const rows = await engine.rows<Row>(
    `SELECT ${columns} FROM located WHERE token = {token:UInt32} ORDER BY line`,
    { token },
  )
  await engine.command('DELETE FROM located WHERE token = {token:UInt32}', { token })
  return rows
}
