import type { Engine } from '../engine/engine.ts'
import { readSql } from '../engine/sql.ts'
import type { Numbered } from './lines.ts'
import { sameHead, type Source } from './sources.ts'

const commitSql = readSql(new URL('commit.sql', import.meta.url))

/** Tables that hold what was read from files, by `file_no`. */
const fileTables = ['exchange', 'rejected', 'tally']

/** A file that was read to its end. */
export type Committed = Numbered & { readonly format: string }

type Entry = {
  readonly file_no: number
  readonly name: string
  readonly bytes: number
  readonly modified_ms: number
  readonly head: string
}

/** Forgets everything that was ever read. */
export async function emptyTables(engine: Engine): Promise<void> {
  for (const table of ['source_file', ...fileTables, 'repeated', 'account_name'])
    await engine.command(`TRUNCATE TABLE ${table}`)
}

/** Removes what files without a row in the ledger left behind: a killed run's, a failed file's. */
export async function sweep(engine: Engine): Promise<void> {
  for (const table of fileTables) {
    const orphan = 'file_no NOT IN (SELECT file_no FROM source_file)'
    const [found] = await engine.rows<{ orphans: number }>(
      `SELECT count() AS orphans FROM ${table} WHERE ${orphan}`,
    )
    if (found && found.orphans > 0) await engine.command(`DELETE FROM ${table} WHERE ${orphan}`)
  }
}

/** The number that the next file gets; numbers are never used twice in one store. */
export async function nextFileNo(engine: Engine): Promise<number> {
  const [row] = await engine.rows<{ next: number }>(
    'SELECT max(file_no) + 1 AS next FROM source_file',
  )
  return row?.next ?? 1
}

/**
 * The sources that have to be read: new ones, and files that changed since. What a file gave before
 * it grew is forgotten and read again with the rest; what an earlier file of the same name gave stays,
 * for a log that was rotated away is still part of the log.
 */
export async function unread(
  engine: Engine,
  sources: readonly Source[],
  secret: Uint8Array,
): Promise<readonly Source[]> {
  const entries = await engine.rows<Entry>(
    'SELECT file_no, name, bytes, modified_ms, head FROM source_file FINAL ORDER BY file_no',
  )
  const latest = new Map(entries.map((entry) => [entry.name, entry]))
  const todo = sources.filter((source) => !isUnchanged(source, latest.get(source.name)))
  const grown = todo
    .map((source) => ({ source, entry: latest.get(source.name) }))
    .filter(({ source, entry }) => entry && sameHead(source, entry.head, secret))
    .map(({ entry }) => entry?.file_no ?? 0)
  if (grown.length > 0)
    await engine.command('DELETE FROM source_file WHERE file_no IN {nos:Array(UInt32)}', {
      nos: grown,
    })
  return todo
}

function isUnchanged(source: Source, entry: Entry | undefined): boolean {
  return (
    source.kind === 'file' &&
    entry?.bytes === source.bytes &&
    entry.modified_ms === source.modifiedMs
  )
}

/** Writes the ledger's rows: from here on the files count as read. */
export async function commitFiles(engine: Engine, files: readonly Committed[]): Promise<void> {
  await engine.command(commitSql, {
    nos: files.map(({ no }) => no),
    names: files.map(({ source }) => source.name),
    bytes: files.map(({ source }) => source.bytes),
    modified: files.map(({ source }) => source.modifiedMs),
    heads: files.map(({ source }) => source.head),
    formats: files.map(({ format }) => format),
  })
}
