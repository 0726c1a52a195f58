import { join } from 'node:path'
import { StillwatchError } from '../core/error.ts'
import type { DataDirectory } from '../engine/data-directory.ts'
import type { Engine } from '../engine/engine.ts'
import { readSql } from '../engine/sql.ts'
import { formatNamed, loadFormats, type LogFormat } from './formats.ts'
import { commitFiles, emptyTables, nextFileNo, sweep, unread } from './ledger.ts'
import { readGroup } from './read.ts'
import { type Look, recognise } from './recognise.ts'
import { dropRepeated } from './repeated.ts'
import { findSources, type Source } from './sources.ts'

const summarySql = readSql(new URL('summary.sql', import.meta.url))

/** Small files go together up to this many and this size; a statement takes 0.1 s to plan (measured). */
const groupFilesMax = 64
const groupBytesMax = 256 * 1024 ** 2

export type IngestOptions = {
  /** The wall clock: lines from more than two days after it are rejected. */
  readonly now: Date
  /** Keeps what is stored and reads only files that are new or changed. */
  readonly sinceLast?: boolean
  /** The format of every source, by name; without it each file is recognised by its first lines. */
  readonly format?: string
}

/** Where an ingest stands; given at most four times a second. */
export type IngestProgress = {
  readonly phase: 'looking' | 'reading' | 'tidying'
  readonly file: string
  readonly filesDone: number
  readonly filesTotal: number
  readonly bytesDone: number
  readonly bytesTotal: number
  readonly exchanges: number
}

/** What the store holds after an ingest: of all its files, not only those read just now. */
export type IngestSummary = {
  readonly files: number
  /** Exchanges by format, those that came twice included. */
  readonly formats: Readonly<Record<string, number>>
  readonly exchanges: number
  readonly duplicates: number
  readonly rejected: { readonly lines: number; readonly reasons: Readonly<Record<string, number>> }
  /** Files this run read, and those it skipped because they had not changed. */
  readonly filesRead: number
  readonly filesSkipped: number
}

/**
 * Reads logs into the store. Without `sinceLast` the store is emptied first. Bad lines are counted and
 * skipped; throws only where going on would mislead (docs/errors.md).
 */
export async function ingest(
  engine: Engine,
  directory: DataDirectory,
  names: readonly string[],
  options: IngestOptions,
  progress: (now: IngestProgress) => void = () => undefined,
): Promise<IngestSummary> {
  const formats = loadFormats()
  const sources = await findSources(names, directory.secret, directory.temporary)
  const todo = options.sinceLast ? await unread(engine, sources, directory.secret) : sources
  if (options.sinceLast) await sweep(engine)
  else await emptyTables(engine)
  const looks = await look(engine, directory, todo, formats, options.format)
  const total = todo.reduce((sum, source) => sum + source.bytes, 0)
  let [filesDone, bytesDone] = [0, 0]
  for (const group of groups(looks)) {
    progress({
      phase: 'reading',
      file: group.looks[0]?.source.name ?? '',
      filesDone,
      filesTotal: todo.length,
      bytesDone,
      bytesTotal: total,
      exchanges: 0,
    })
    await readGroup(engine, group.looks, group.format, {
      secret: directory.secret,
      now: options.now,
      links: join(directory.temporary, 'links'),
    })
    await commitFiles(
      engine,
      group.looks.map((entry) => ({ ...entry, format: group.format.name })),
    )
    filesDone += group.looks.length
    bytesDone += group.looks.reduce((sum, { source }) => sum + source.bytes, 0)
  }
  await dropRepeated(engine)
  return await summary(engine, todo.length, sources.length - todo.length)
}

async function look(
  engine: Engine,
  directory: DataDirectory,
  sources: readonly Source[],
  formats: readonly LogFormat[],
  chosen: string | undefined,
): Promise<readonly Look[]> {
  const first = await nextFileNo(engine)
  const numbered = sources.map((source, at) => ({ no: first + at, source }))
  const links = join(directory.temporary, 'links')
  const looks = await recognise(engine, numbered, formats, links)
  if (chosen !== undefined) {
    const format = formatNamed(formats, chosen)
    return looks.map((entry) => ({ ...entry, format }))
  }
  const common = mostCommon(looks)
  if (common === null && looks.some(({ lines }) => lines > 0))
    throw new StillwatchError('format-unknown', 'No source is in a log format known here.', {
      fix: `Say which it is with --format (${formats.map(({ name }) => name).join(', ')}).`,
    })
  // A file that nothing recognises is read as what the others are, so that its lines are counted.
  return looks.map((entry) => ({ ...entry, format: entry.format ?? common }))
}

function mostCommon(looks: readonly Look[]): LogFormat | null {
  const counts = new Map<LogFormat, number>()
  for (const { format } of looks) if (format) counts.set(format, (counts.get(format) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

type Group = { readonly looks: readonly Look[]; readonly format: LogFormat }

/** Neighbours that one statement can read, in order. */
function groups(looks: readonly Look[]): readonly Group[] {
  const done: { looks: Look[]; format: LogFormat; key: string; bytes: number }[] = []
  for (const entry of looks) {
    if (!entry.format) continue
    const { source, format } = entry
    const key = [source.kind, source.container, source.compression, format.name].join()
    const last = done.at(-1)
    if (
      last?.key === key &&
      last.looks.length < groupFilesMax &&
      last.bytes + source.bytes <= groupBytesMax
    ) {
      last.looks.push(entry)
      last.bytes += source.bytes
    } else done.push({ looks: [entry], format, key, bytes: source.bytes })
  }
  return done
}

type SummaryRow = {
  readonly files: number
  readonly formats: Readonly<Record<string, number>>
  readonly exchanges: number
  readonly duplicates: number
  readonly reasons: Readonly<Record<string, number>>
}

async function summary(
  engine: Engine,
  filesRead: number,
  filesSkipped: number,
): Promise<IngestSummary> {
  const [row] = await engine.rows<SummaryRow>(summarySql)
  if (!row) throw new Error('the summary is one row')
  const { reasons, ...counts } = row
  const lines = Object.values(reasons).reduce((sum, count) => sum + count, 0)
  return { ...counts, rejected: { lines, reasons }, filesRead, filesSkipped }
}
