import { readFileSync } from 'node:fs'
import { StillwatchError } from '../core/error.ts'
import type { Engine } from '../engine/engine.ts'

/** Who is behind which key, in the engine's memory while a run lasts. */
export type Identities = {
  /** Columns that replace a format's own, for `canonical.sql`; '' without an identity file. */
  readonly replace: string
  readonly forget: () => Promise<void>
}

type Identity = { readonly key: string; readonly account: string; readonly org: string }

/** Rows written by one statement. */
const rowsPerInsertMax = 10_000

/**
 * Reads an identity file: CSV with the header `key,account,org`, or a JSON array of such objects. The
 * table lives in memory only, for it holds real ids. Throws `identity-file`.
 */
export async function loadIdentities(
  engine: Engine,
  path: string | undefined,
): Promise<Identities> {
  if (path === undefined) return { replace: '', forget: () => Promise.resolve() }
  const rows = parseIdentities(readText(path), path)
  await engine.command('DROP TABLE IF EXISTS identity')
  await engine.command(
    `CREATE TABLE identity (key String, account String, org String)
     ENGINE = Join(ANY, LEFT, key) SETTINGS persistent = 0`,
  )
  for (let at = 0; at < rows.length; at += rowsPerInsertMax) {
    const part = rows.slice(at, at + rowsPerInsertMax)
    await engine.command(
      `INSERT INTO identity SELECT row.1, row.2, row.3 FROM
       (SELECT arrayJoin(arrayZip({keys:Array(String)}, {accounts:Array(String)}, {orgs:Array(String)})) AS row)`,
      {
        keys: part.map(({ key }) => key),
        accounts: part.map(({ account }) => account),
        orgs: part.map(({ org }) => org),
      },
    )
  }
  return { replace, forget: () => engine.command('DROP TABLE IF EXISTS identity') }
}

// A log that knows only keys gives the key for the account (docs/formats/README.md).
const replace = `,
        coalesce(nullIf(joinGet('identity', 'account', f.key), ''), nullIf(joinGet('identity', 'account', f.account), ''), f.account) AS account,
        coalesce(nullIf(joinGet('identity', 'org', f.key), ''), nullIf(joinGet('identity', 'org', f.account), ''), f.org) AS org`

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (cause) {
    throw new StillwatchError('identity-file', `Cannot read the identity file ${path}.`, {
      fix: 'Check the path and that this user may read it.',
      cause,
    })
  }
}

/** The rows of an identity file's text. Throws `identity-file` and names the row that is wrong. */
export function parseIdentities(text: string, path: string): readonly Identity[] {
  const rows = /^\s*[[{]/.test(text) ? parseJson(text, path) : parseTable(text, path)
  rows.forEach((row, at) => {
    if (row.key === '' || row.account === '')
      throw wrong(path, `row ${at + 1} lacks its key or its account`)
  })
  return rows
}

function parseJson(text: string, path: string): readonly Identity[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw wrong(path, 'it is not valid JSON')
  }
  if (!Array.isArray(value)) throw wrong(path, 'it is not a JSON array of objects')
  return value.map((row: unknown, at) => {
    if (typeof row !== 'object' || row === null) throw wrong(path, `row ${at + 1} is not an object`)
    const field = (name: string): string => {
      const found = (row as Readonly<Record<string, unknown>>)[name] ?? ''
      if (typeof found !== 'string') throw wrong(path, `row ${at + 1}: "${name}" is not a string`)
      return found
    }
    return { key: field('key'), account: field('account'), org: field('org') }
  })
}

function parseTable(text: string, path: string): readonly Identity[] {
  const [header, ...rows] = parseCsv(text)
  const names = (header ?? []).map((name) => name.trim().toLowerCase())
  const place = (name: string): number => names.indexOf(name)
  if (place('key') < 0 || place('account') < 0)
    throw wrong(path, 'its first line does not name the columns key and account')
  return rows.map((row) => ({
    key: row[place('key')]?.trim() ?? '',
    account: row[place('account')]?.trim() ?? '',
    org: row[place('org')]?.trim() ?? '',
  }))
}

/** RFC 4180, with either line end; blank lines are skipped. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end = ''] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|\r|$)/g,
  )) {
    row.push(quoted === undefined ? plain : quoted.replace(/""/g, '"'))
    if (end === ',') continue
    if (row.some((cell) => cell !== '')) rows.push(row)
    row = []
  }
  return rows
}

function wrong(path: string, what: string): StillwatchError {
  return new StillwatchError('identity-file', `Cannot use the identity file ${path}: ${what}.`, {
    fix: 'It is CSV with the header key,account,org, or a JSON array of objects with these fields.',
  })
}
