import { readFileSync } from 'node:fs'
import { StillwatchError } from '../core/error.ts'

/** What people wrote about accounts, as JSON Lines: one object a line, blank lines skipped. */
export type Entry = {
  readonly text: (name: string) => string
  readonly texts: (name: string) => readonly string[]
  readonly has: (name: string) => boolean
  readonly number: (name: string) => number
  /** A day or a moment, in Unix seconds; a day's `end` is that of the day after. */
  readonly moment: (name: string, edge: 'start' | 'end') => number
  readonly wrong: (what: string) => StillwatchError
}

type Code = 'vouch-file' | 'review-file'

/** Lines of one file; far more than anybody writes by hand. */
const entriesMax = 100_000

/** Reads a file of entries that have these fields and no others. Throws `code` and names the line that is wrong. */
export function readEntries(path: string, code: Code, fields: ReadonlySet<string>): Entry[] {
  const lines = readText(path, code).split(/\r?\n/)
  const entries = lines.flatMap((line, at) =>
    line.trim() === '' ? [] : [entryOf(line, fields, wrongIn(path, code, at + 1))],
  )
  if (entries.length <= entriesMax) return entries
  throw wrongIn(path, code, entriesMax + 1)(`a file has at most ${entriesMax} entries`)
}

function readText(path: string, code: Code): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (cause) {
    throw new StillwatchError(code, `Cannot read ${path}.`, {
      fix: 'Check the path and that this user may read it.',
      cause,
    })
  }
}

function wrongIn(path: string, code: Code, line: number): Entry['wrong'] {
  const page = code === 'vouch-file' ? 'vouches' : 'reviews'
  return (what) =>
    new StillwatchError(code, `Cannot use ${path}, line ${line}: ${what}.`, {
      fix: `Each line is one JSON object; docs/formats/${page}.md lists its fields.`,
    })
}

function entryOf(line: string, fields: ReadonlySet<string>, wrong: Entry['wrong']): Entry {
  const value = objectOf(line, wrong)
  for (const name of Object.keys(value))
    if (!fields.has(name)) throw wrong(`there is no field "${name}"`)
  const text = (name: string): string => {
    const found = value[name]
    if (typeof found !== 'string' || found.trim() === '') throw wrong(`"${name}" is missing`)
    return found
  }
  return {
    text,
    texts: (name) => {
      const found = value[name] ?? []
      if (Array.isArray(found) && found.every((each) => typeof each === 'string' && each !== ''))
        return found
      throw wrong(`"${name}" is not a list of names`)
    },
    has: (name) => value[name] !== undefined,
    number: (name) => {
      const found = value[name]
      if (typeof found !== 'number' || found < 0) throw wrong(`"${name}" is not a number`)
      return found
    },
    moment: (name, edge) => {
      const seconds = secondsOf(text(name), edge)
      if (seconds !== null) return seconds
      throw wrong(`"${name}" is neither a day (2026-12-31) nor a moment (2026-12-31T18:00:00Z)`)
    },
    wrong,
  }
}

function objectOf(line: string, wrong: Entry['wrong']): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw wrong('it is not valid JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('it is not a JSON object')
  return value as Readonly<Record<string, unknown>>
}

function secondsOf(text: string, edge: 'start' | 'end'): number | null {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text)
  if (!day && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text))
    return null
  const milliseconds = Date.parse(text)
  if (Number.isNaN(milliseconds)) return null
  // Date takes 31 June for 1 July.
  if (day && new Date(milliseconds).toISOString().slice(0, 10) !== text) return null
  return milliseconds / 1000 + (day && edge === 'end' ? 86_400 : 0)
}
