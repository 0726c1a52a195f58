import { join } from 'node:path'
import { StillwatchError } from '../core/error.ts'
import type { DataDirectory } from '../engine/data-directory.ts'
import type { Engine } from '../engine/engine.ts'
import { readSql } from '../engine/sql.ts'
import { salvage } from './damage.ts'
import { expire } from './expire.ts'
import { type LogFormat, loadFormats } from './formats.ts'
import { type Identities, loadIdentities } from './identity.ts'
import * as ledger from './ledger.ts'
import type { Numbered } from './lines.ts'
import { look, type Looking, openable } from './look.ts'
import { type IngestProgress, type Reporter, startReporter } from './progress.ts'
import { readGroup } from './read.ts'
import type { Look } from './recognise.ts'
import { forgetRejections, recordRejections } from './rejects.ts'
import { dropRepeated } from './repeated.ts'
import { findSources, type Source } from './sources.ts'

const summarySql = readSql(new URL('summary.sql', import.meta.url))

/**
 * Small files go together up to this many and this size, for a statement takes 0.5 s to plan (measured).
 * Their lines are sorted in memory (lines.ts), packed ones some ten times their size.
 */
const groupFilesMax = 512
const groupBytesMax = 128 * 1024 ** 2
const packedGroupBytesMax = 16 * 1024 ** 2

export type IngestOptions = {
  /** The wall clock: lines from more than two days after it are rejected. */
  readonly now: Date
  /** Keeps what is stored and reads only files that are new or changed. */
  readonly sinceLast?: boolean
  /** The format of every source, by name; without it each file is recognised by its first lines. */
  readonly format?: string
  /** A CSV or JSON file of `key,account,org`: who is behind a key. */
  readonly identity?: string
  /** Writes rejected lines themselves to `rejected.jsonl`, not only their places and hashes. */
  readonly keepText?: boolean
  /** The run fails when more than this share of all lines is rejected; 0.01 unless given. */
  readonly maxRejectedShare?: number
  /** Drops exchanges from more than so many days before the newest one. */
  readonly retainDays?: number
  /** What `-` reads; the process's standard input unless given. */
  readonly input?: AsyncIterable<string | Uint8Array>
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

/** What every step of one run shares. */
type Run = {
  readonly engine: Engine
  readonly directory: DataDirectory
  readonly options: IngestOptions
  readonly formats: readonly LogFormat[]
  readonly identities: Identities
  readonly links: string
  readonly numbers: Numbers
  readonly reporter: Reporter
}

type Numbers = { readonly take: (count: number) => number }

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
  const input = options.input ?? process.stdin
  const { secret, temporary } = directory
  const sources = await findSources(names, {
    secret,
    temporary,
    input,
    readsLocalFiles: engine.dialect.readsLocalFiles,
  })
  const identities = await loadIdentities(engine, options.identity)
  const todo = await prepare(engine, directory, sources, options.sinceLast === true)
  const reporter = startReporter(progress)
  const run: Run = {
    engine,
    directory,
    options,
    formats,
    identities,
    links: join(temporary, 'links'),
    numbers: countFrom(await ledger.nextFileNo(engine)),
    reporter,
  }
  try {
    const looks = await look(lookingOf(run), todo, options.format)
    await readAll(run, looks)
    reporter.update({ phase: 'tidying', file: '' })
    await ledger.sweep(engine)
    await dropRepeated(engine)
    if (options.retainDays !== undefined) await expire(engine, options.retainDays)
    return await finish(run, todo.length, sources.length - todo.length)
  } finally {
    reporter.stop()
    for (const source of sources) source.release()
    await identities.forget()
  }
}

function lookingOf({ engine, formats, links, directory }: Run): Looking {
  return { engine, formats, links, temporary: directory.temporary }
}

async function prepare(
  engine: Engine,
  directory: DataDirectory,
  sources: readonly Source[],
  sinceLast: boolean,
): Promise<readonly Source[]> {
  if (!sinceLast) {
    forgetRejections(directory, new Set())
    await ledger.emptyTables(engine)
    return sources
  }
  const todo = await ledger.unread(engine, sources, directory.secret)
  forgetRejections(directory, todo.kept)
  await ledger.sweep(engine)
  return todo.sources
}

function countFrom(first: number): Numbers {
  let next = first
  return {
    take: (count) => {
      next += count
      return next - count
    },
  }
}

type Group = { readonly looks: readonly Look[]; readonly format: LogFormat | null }

async function readAll(run: Run, looks: readonly Look[]): Promise<void> {
  const bytesTotal = looks.reduce((sum, { source }) => sum + source.bytes, 0)
  let [filesDone, bytesDone, exchanges] = [0, 0, 0]
  run.reporter.update({ phase: 'reading', filesTotal: looks.length, bytesTotal })
  for (const group of groups(looks)) {
    const bytes = group.looks.reduce((sum, { source }) => sum + source.bytes, 0)
    run.reporter.update({ file: group.looks[0]?.source.name ?? '' })
    run.reporter.reading(bytes)
    const read = await readSafely(run, await opened(run, group))
    exchanges += await commit(run, read, group.format?.name ?? '')
    for (const { source } of read) source.release()
    filesDone += group.looks.length
    bytesDone += bytes
    run.reporter.update({ filesDone, bytesDone, exchanges })
  }
}

async function opened(run: Run, group: Group): Promise<Group> {
  const looks: Look[] = []
  for (const entry of group.looks)
    looks.push({ ...entry, source: await openable(entry.source, run.directory.temporary) })
  return { ...group, looks }
}

/** Reads a group whole, or where it fails, in halves; returns the files with their numbers. */
async function readSafely(run: Run, group: Group): Promise<readonly Numbered[]> {
  const first = run.numbers.take(group.looks.length)
  const numbered = group.looks.map((entry, at) => ({ ...entry, no: first + at }))
  if (group.format === null) return await countUnreadable(run, numbered)
  try {
    await readGroup(run.engine, numbered, group.format, {
      secret: run.directory.secret,
      now: run.options.now,
      links: run.links,
      identities: run.identities,
    })
    for (const { no, source } of numbered)
      if (source.damage?.truncated) await ledger.countProblem(run.engine, no, 'truncated')
    return numbered
  } catch (cause) {
    // What the failed attempt wrote has no row in the ledger and is swept at the end.
    return await readParts(run, group, cause)
  }
}

/** The halves of a group that failed; a file that fails by itself is mended. */
async function readParts(run: Run, group: Group, cause: unknown): Promise<readonly Numbered[]> {
  const { looks, format } = group
  const [first] = looks
  if (first && looks.length === 1) {
    const source = await salvage(run.engine, first, lookingOf(run), cause)
    const mended = { ...first, source: source ?? first.source }
    return await readSafely(run, { looks: [mended], format: source === null ? null : format })
  }
  const half = Math.ceil(looks.length / 2)
  const before = await readSafely(run, { looks: looks.slice(0, half), format })
  return [...before, ...(await readSafely(run, { looks: looks.slice(half), format }))]
}

/** Empty files, and files of which nothing can be read: there is no statement to run, but a count. */
async function countUnreadable(run: Run, looks: readonly Look[]): Promise<readonly Numbered[]> {
  for (const { no, lines, source } of looks)
    if (source.damage?.truncated) await ledger.countProblem(run.engine, no, 'truncated')
    else if (lines !== 0) await ledger.countProblem(run.engine, no, 'unreadable')
  return looks
}

/** Bad lines first and the ledger last: what is in the ledger is complete. Returns its exchanges. */
async function commit(run: Run, files: readonly Numbered[], format: string): Promise<number> {
  const { engine, directory } = run
  const { bad, exchanges } = await ledger.countFiles(
    engine,
    files.map(({ no }) => no),
  )
  const keepText = run.options.keepText === true
  for (const entry of files)
    if (bad.has(entry.no))
      await recordRejections(engine, directory, entry, { links: run.links, keepText })
  await ledger.commitFiles(
    engine,
    files.map((entry) => ({ ...entry, format })),
  )
  return exchanges
}

/** Neighbours that one statement can read, in order. */
function groups(looks: readonly Look[]): readonly Group[] {
  const done: { looks: Look[]; format: LogFormat | null; key: string; bytes: number }[] = []
  for (const entry of looks) {
    const { source, format } = entry
    const key = groupKey(entry)
    const last = done.at(-1)
    const fits =
      last?.key === key &&
      last.looks.length < groupFilesMax &&
      last.bytes + source.bytes <= roomFor(source)
    if (last && fits) {
      last.looks.push(entry)
      last.bytes += source.bytes
    } else done.push({ looks: [entry], format, key, bytes: source.bytes })
  }
  return done
}

function roomFor(source: Source): number {
  const isPacked = source.compression !== 'none' || source.container === 'parquet'
  return isPacked ? packedGroupBytesMax : groupBytesMax
}

function groupKey({ source, format }: Look): string {
  const isWhole = source.kind === 'file' && source.damage === null && !source.isSent
  const isAlone = !isWhole || source.compression === 'bz2'
  const alone = isAlone ? source.name : ''
  return [source.kind, source.container, source.compression, format?.name, alone].join()
}

type SummaryRow = {
  readonly files: number
  readonly formats: Readonly<Record<string, number>>
  readonly exchanges: number
  readonly duplicates: number
  readonly reasons: Readonly<Record<string, number>>
}

async function finish(run: Run, filesRead: number, filesSkipped: number): Promise<IngestSummary> {
  const [row] = await run.engine.rows<SummaryRow>(summarySql)
  if (!row) throw new Error('the summary is one row')
  const { reasons, ...counts } = row
  const lines = Object.values(reasons).reduce((sum, count) => sum + count, 0)
  const summary = { ...counts, rejected: { lines, reasons }, filesRead, filesSkipped }
  refuseEmpty(summary)
  refuseMostlyBad(summary, run.options.maxRejectedShare ?? 0.01)
  return summary
}

function refuseEmpty({ exchanges, duplicates, rejected }: IngestSummary): void {
  if (exchanges + duplicates + rejected.lines === 0)
    throw new StillwatchError('source-is-empty', 'The sources hold no exchanges.', {
      fix: 'Check that these are the logs you meant, and that they are not rotated away.',
    })
}

function refuseMostlyBad({ exchanges, duplicates, rejected }: IngestSummary, most: number): void {
  const share = rejected.lines / Math.max(1, rejected.lines + exchanges + duplicates)
  if (share <= most) return
  const reasons = Object.entries(rejected.reasons)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${reason} ${count}`)
  throw new StillwatchError(
    'too-many-rejected',
    `${rejected.lines} lines (${(share * 100).toFixed(1)} %) could not be used: ${reasons.join(', ')}.`,
    {
      fix: 'rejected.jsonl in the data directory says where they are. If the rest is worth auditing, raise --max-rejected.',
    },
  )
}
