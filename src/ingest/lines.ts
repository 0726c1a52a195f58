import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { literal } from '../engine/sql.ts'
import type { Source } from './sources.ts'

/** Longer lines are counted, not read. The longest real requests hold some megabytes of images. */
export const lineBytesMax = 16 * 1024 ** 2

/** A source under the number it has in the ledger. */
export type Numbered = { readonly no: number; readonly source: Source }

// One number holds where a row came from, as formats hand through only `line_no`: bits 0–39 the
// line, bits 40–62 the file's place in its group, bit 63 set on a line that was too long to look at.
export const lineBits = 40
export const tooLongBit = 63

/**
 * The relation `{{lines}}` of a format over a group of sources of one kind, container and compression:
 * one `file()` over many small files costs one round trip and one plan instead of one each.
 */
export function linesRelation(group: readonly Numbered[], links: string): string {
  const paths = group.map(({ source, no }) => safePath(source, no, links))
  const place = placeOf(paths)
  const { line, number } = columnsOf(group[0]?.source)
  return `(
    SELECT
      bitOr(${number} + 1, bitOr(
        bitShiftLeft(toUInt64(${place}), ${lineBits}),
        bitShiftLeft(toUInt64(length(raw) > ${lineBytesMax}), ${tooLongBit})
      )) AS line_no,
      if(length(raw) > ${lineBytesMax}, '', raw) AS line
    FROM (SELECT ${number}, _path, ${line} AS raw FROM ${tableFunction(group, paths)})
    WHERE notEmpty(trimBoth(raw, ' \\t\\r'))
  )`
}

/** Up to `limit` lines from the beginning of one source, as they stand. */
export function firstLines(entry: Numbered, links: string, limit: number): string {
  const path = safePath(entry.source, entry.no, links)
  const { line } = columnsOf(entry.source)
  return `SELECT ${line} AS line FROM ${tableFunction([entry], [path])} LIMIT ${limit}`
}

function columnsOf(source: Source | undefined): { readonly line: string; readonly number: string } {
  return source?.container === 'parquet'
    ? { line: `formatRowNoNewline('JSONEachRow', *)`, number: '_row_number' }
    : { line: 'line', number: '_row_number' }
}

function placeOf(paths: readonly string[]): string {
  if (paths.length === 1) return '0'
  const list = paths.map(literal).join(', ')
  return `transform(_path, [${list}], range(${paths.length}), 0)`
}

const engineFormats: Readonly<Record<Source['container'], string>> = {
  lines: `LineAsString, 'line String'`,
  values: `JSONAsString, 'line String'`,
  parquet: `Parquet, 'auto'`,
}

function tableFunction(group: readonly Numbered[], paths: readonly string[]): string {
  const first = group[0]?.source
  if (!first) throw new Error('a group has at least one source')
  const format = `${engineFormats[first.container]}, ${literal(first.compression)}`
  const list = paths.map(literal)
  return `file(${list.length === 1 ? list.join('') : `[${list.join(', ')}]`}, ${format})`
}

/** The engine takes `*?{}[]` in a path for a pattern and ` :: ` for an archive: such files get a link. */
function safePath(source: Source, no: number, links: string): string {
  if (!/[*?{}[\]|,]| :: /.test(source.path)) return source.path
  mkdirSync(links, { recursive: true, mode: 0o700 })
  const link = join(links, `source-${no}-${++linked}`)
  symlinkSync(source.path, link)
  return link
}

let linked = 0
