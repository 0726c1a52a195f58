import { existsSync, readdirSync } from 'node:fs'
import { StillwatchError } from '../core/error.ts'
import { readSql } from '../engine/sql.ts'

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
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isWhole(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({
      name,
      recognise: readSql(new URL(`${name}/recognise.sql`, folder)).trim(),
      select: readSql(new URL(`${name}/format.sql`, folder)).trim(),
    }))
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
