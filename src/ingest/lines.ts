import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fill, literal, readSql } from '../engine/sql.ts'
import { remoteFunction } from './remote.ts'
import type { Source } from './sources.ts'

const linesSql = readSql(new URL('lines.sql', import.meta.url))

/** Longer lines are counted, not read. The longest real requests hold some megabytes of images. */
export const lineBytesMax = 16 * 1024 ** 2

/** A source under the number it has in the ledger. */
export type Numbered = { readonly no: number; readonly source: Source }

/** Where links to files of unusual names may lie. */
export type Links = string

/**
 * The relation `{{lines}}` of a format over a group of sources of one kind, container and compression:
 * one `file()` over many small files costs one round trip and one plan instead of one each.
 */
export function linesRelation(group: readonly Numbered[], links: Links): string {
  return `(${fill(linesSql, { raw: rawLines(group, links), limit: String(lineBytesMax) })})`
}

/** Every line as it stands: `place` of its source in the group, `number` from 0, `raw`. */
export function rawLines(group: readonly Numbered[], links: Links): string {
  const first = group[0]?.source
  if (!first) throw new Error('a group has at least one source')
  if (first.isSent) return sentLines
  const paths = group.map(({ source, no }) => safePath(source, no, links))
  const raw = first.container === 'parquet' ? `formatRowNoNewline('JSONEachRow', *)` : 'line'
  return `(
    SELECT ${placeOf(paths)} AS place, _row_number AS number, ${raw} AS raw
    FROM ${tableFunction(first, paths)}${group.length > 1 ? together : upTo(first.damage?.linesMax ?? null)}
  )`
}

// Each file comes as a block of its own, and a block of ten rows costs the fingerprint as much as one of
// ten thousand: some 20 ms, mostly for its regular expressions (measured: 64 files in 1.7 s). Sorting
// makes large blocks of small ones. Never through the disk, for these are the lines themselves.
const together = ` ORDER BY place, number
    SETTINGS max_bytes_before_external_sort = 0, max_bytes_ratio_before_external_sort = 0,
      query_plan_remove_redundant_sorting = 0`

// What is sent has no `_row_number`. A window without an order numbers the rows as they come, in one
// stream; `rowNumberInAllBlocks` would number them as the threads take them.
const sentLines = `(
    SELECT 0 AS place, toUInt64(row_number() OVER () - 1) AS number, line AS raw
    FROM input('line String')
  )`

/**
 * Reads so many lines and not a block more, for behind them the file is torn. One line a block is exact
 * but slow; in a large file up to 255 good lines before the tear are given up instead.
 */
function upTo(linesMax: number | null): string {
  if (linesMax === null) return ''
  const block = linesMax < 100_000 ? 1 : 256
  return ` LIMIT ${linesMax}
    SETTINGS max_threads = 1, input_format_parallel_parsing = 0, max_block_size = ${block}`
}

/** Up to `limit` lines from the beginning of one source. */
export function firstLines(entry: Numbered, links: Links, limit: number): string {
  return `SELECT number, raw AS line FROM ${rawLines([entry], links)} LIMIT ${limit}`
}

function placeOf(paths: readonly string[]): string {
  if (paths.length === 1) return '0'
  return `transform(_path, [${paths.map(literal).join(', ')}], range(${paths.length}), 0)`
}

const engineFormats: Readonly<Record<Source['container'], string>> = {
  lines: `LineAsString, 'line String'`,
  values: `JSONAsString, 'line String'`,
  parquet: `Parquet, 'auto'`,
}

function tableFunction(source: Source, paths: readonly string[]): string {
  const format = engineFormats[source.container]
  if (source.kind !== 'file' && source.kind !== 'stdin') return remoteFunction(source, format)
  const list = paths.map(literal)
  const files = list.length === 1 ? list.join('') : `[${list.join(', ')}]`
  return `file(${files}, ${format}, ${literal(source.compression)})`
}

/** The engine takes `*?{}[]` in a path for a pattern and ` :: ` for an archive: such files get a link. */
function safePath(source: Source, no: number, links: Links): string {
  if (source.kind !== 'file' || !/[*?{}[\]|,]| :: /.test(source.path)) return source.path
  mkdirSync(links, { recursive: true, mode: 0o700 })
  const link = join(links, `source-${no}-${++linked}`)
  symlinkSync(source.path, link)
  return link
}

let linked = 0
