import { existsSync, readdirSync } from 'node:fs'
import { StillwatchError } from '../core/error.ts'
import { fill, readSql } from '../engine/sql.ts'

/** One folder of `src/ingest/formats`; docs/formats/README.md says what the two queries promise. */
export type LogFormat = {
  readonly name: string
  /** A boolean expression over `line`. */
  readonly recognise: string
  /** A SELECT over `{{lines}}` that gives the canonical columns. */
  readonly select: string
}

const folder = new URL('formats/', import.meta.url)

/** Every format there is a folder for, by name. */
export function loadFormats(): readonly LogFormat[] {
  // The lines are filled in when they are known.
  const parts = { ...sharedParts(), lines: '{{lines}}' }
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isWhole(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({
      name,
      recognise: readSql(new URL(`${name}/recognise.sql`, folder)).trim(),
      select: fill(readSql(new URL(`${name}/format.sql`, folder)), parts).trim(),
    }))
}

/** What formats have in common, each in a file beside their folders: `mended.sql` stands for `{{mended}}`. */
function sharedParts(): Readonly<Record<string, string>> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return Object.fromEntries(
    files.map((name) => [name.slice(0, -'.sql'.length), readSql(new URL(name, folder)).trim()]),
  )
}

function isWhole(name: string): boolean {
  return ['recognise.sql', 'format.sql'].every((file) =>
    existsSync(new URL(`${name}/${file}`, folder)),
  )
}

/** The format called `name`. Throws `format-unknown` and lists those there are. */
export function formatNamed(formats: readonly LogFormat[], name: string): LogFormat {
  const found = formats.find((format) => format.name === name)
  if (found) return found
  throw new StillwatchError('format-unknown', `There is no log format "${name}".`, {
    fix: `Use one of: ${formats.map((format) => format.name).join(', ')}.`,
  })
}
