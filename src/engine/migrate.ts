import { readdirSync } from 'node:fs'
import { StillwatchError } from '../core/error.ts'
import type { Engine } from './engine.ts'
import { fill, readSql, statements } from './sql.ts'

const folder = new URL('migrations/', import.meta.url)

/**
 * Brings the tables up to this version's, in the order of the files' numbers; each file runs once.
 * Throws `data-directory-newer` for a store that a later version made.
 */
export async function migrate(engine: Engine): Promise<void> {
  const known = migrations()
  await engine.command(
    fill(
      `CREATE TABLE IF NOT EXISTS migration (number UInt32, name String, applied DateTime64(3, 'UTC'))
       ENGINE = {{mergeTree}} ORDER BY number`,
      { mergeTree: engine.dialect.mergeTree },
    ),
  )
  const rows = await engine.rows<{ number: number }>('SELECT number FROM migration')
  const done = new Set(rows.map((row) => row.number))
  refuseNewer(Math.max(0, ...done), Math.max(...known.map((migration) => migration.number)))
  for (const migration of known.filter(({ number }) => !done.has(number))) {
    for (const statement of statements(migration.sql))
      await engine.command(fill(statement, { mergeTree: engine.dialect.mergeTree }))
    // Recorded last; every statement is `IF NOT EXISTS`, so a run that was killed here starts over.
    await engine.command('INSERT INTO migration SELECT {number:UInt32}, {name:String}, now64(3)', {
      number: migration.number,
      name: migration.name,
    })
  }
}

type Migration = { readonly number: number; readonly name: string; readonly sql: string }

function migrations(): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
    .map((name) => ({
      number: Number(name.slice(0, 4)),
      name,
      sql: readSql(new URL(name, folder)),
    }))
}

function refuseNewer(newest: number, known: number): void {
  if (newest > known)
    throw new StillwatchError(
      'data-directory-newer',
      `This store was made by a newer version of Stillwatch (schema ${newest}; this one knows ${known}).`,
      { fix: 'Update Stillwatch, or give this version its own directory with --data.' },
    )
}
