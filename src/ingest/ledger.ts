import type { Engine } from '../engine/engine.ts'
import { readSql } from '../engine/sql.ts'
import type { Numbered } from './lines.ts'
import { sameHead, type Source } from './sources.ts'

const commitSql = readSql(new URL('commit.sql', import.meta.url))

/** Tables that hold what was read from files, by `file_no`. */
const fileTables = ['exchange', 'rejected', 'tally']

/** A file that was read to its end, as far as it has one. */
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

/** The number that the next file gets. Swept tables hold no higher one. */
export async function nextFileNo(engine: Engine): Promise<number> {
  const [row] = await engine.rows<{ next: number }>(
    'SELECT max(file_no) + 1 AS next FROM source_file',
  )
  return row?.next ?? 1
}

/** Which sources have to be read, and the names of those that need not be. */
export type Todo = { readonly sources: readonly Source[]; readonly kept: ReadonlySet<string> }

/**
 * Divides the sources into unchanged files and the rest. What a file gave before it grew is forgotten
 * and read again with the new lines; what an earlier file of the same name gave stays, for a log that
 * was rotated away is still part of the log.
 */
export async function unread(
  engine: Engine,
  sources: readonly Source[],
  secret: Uint8Array,
): Promise<Todo> {
  const entries = await engine.rows<Entry>(
    'SELECT file_no, name, bytes, modified_ms, head FROM source_file FINAL ORDER BY file_no',
  )
  const latest = new Map(entries.map((entry) => [entry.name, entry]))
  const todo = sources.filter((source) => !isUnchanged(source, latest.get(source.name)))
  const grown = todo.flatMap((source) => {
    const entry = latest.get(source.name)
    return entry && sameHead(source, entry.head, secret) ? [entry] : []
  })
  await forget(engine, grown)
  const forgotten = new Set(grown.map(({ name }) => name))
  const kept = new Set([...latest.keys()].filter((name) => !forgotten.has(name)))
  return { sources: todo, kept }
}

async function forget(engine: Engine, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return
  await engine.command('DELETE FROM source_file WHERE file_no IN {nos:Array(UInt32)}', {
    nos: entries.map(({ file_no }) => file_no),
  })
}

function isUnchanged(source: Source, entry: Entry | undefined): boolean {
  return (
    source.kind === 'file' &&
    entry?.bytes === source.bytes &&
    entry.modified_ms === source.modifiedMs
  )
}

/** Counts a problem of a whole file beside those of its lines. */
export async function countProblem(
  engine: Engine,
  no: number,
  problem: 'truncated' | 'unreadable',
): Promise<void> {
  const line = problem === 'unreadable' ? '0' : 'max(last_line) + 1'
  const from = problem === 'unreadable' ? '' : 'FROM tally WHERE file_no = {no:UInt32}'
  const parameters = { no, problem }
  await engine.command(
    `INSERT INTO rejected SELECT {no:UInt32}, ${line}, {problem:String} ${from}`,
    parameters,
  )
  await engine.command('INSERT INTO tally SELECT {no:UInt32}, {problem:String}, 1, 0', parameters)
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

/** Of these files, how many exchanges they gave, and which have lines that were rejected. */
export async function countFiles(
  engine: Engine,
  nos: readonly number[],
): Promise<{ readonly exchanges: number; readonly bad: ReadonlySet<number> }> {
  const [row] = await engine.rows<{ exchanges: number; bad: readonly number[] }>(
    `SELECT sumIf(rows, problem = '') AS exchanges, groupUniqArrayIf(file_no, problem != '') AS bad
     FROM tally WHERE file_no IN {nos:Array(UInt32)}`,
    { nos },
  )
  return { exchanges: row?.exchanges ?? 0, bad: new Set(row?.bad) }
}
