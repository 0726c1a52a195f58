import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { StillwatchError } from '../core/error.ts'
import { rulingInForce } from '../policy/index.ts'
import type { Ruling } from '../record/index.ts'

const validate = ((): ReturnType<Ajv['compile']> => {
  const file = new URL('../record/ruling.schema.json', import.meta.url)
  return new Ajv().compile(JSON.parse(readFileSync(file, 'utf8')) as object)
})()

/** What reviewers decided, by account. */
export type Rulings = {
  /** The last one in force about an account, by any of its names. */
  readonly about: (names: readonly string[], nowMs: number) => Ruling | null
  readonly count: number
}

export const noRulings: Rulings = { about: () => null, count: 0 }

/** Reads a file of rulings. Throws `ruling-file` with the line that is wrong; null where there is no file. */
export function readRulings(path: string): Rulings | null {
  const text = textOf(path)
  if (text === null) return null
  const rulings = text.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === '') return []
    return [rulingOf(line, `${path}, line ${at + 1}`)]
  })
  const byAccount = new Map<string, Ruling[]>()
  for (const each of rulings)
    for (const account of each.accounts) {
      const known = byAccount.get(account) ?? []
      known.push(each)
      byAccount.set(account, known)
    }
  return {
    about: (names, nowMs) => {
      const said = names.flatMap((name) => byAccount.get(name) ?? [])
      return said.length === 0 ? null : rulingInForce(said, nowMs)
    },
    count: rulings.length,
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new StillwatchError('ruling-file', `Cannot read ${path}.`, {
      fix: 'Check that this user may read it.',
      cause,
    })
  }
}

/** Says whether a line is a ruling, as `stillwatch policy decide` writes them. Throws `ruling-file`. */
export function rulingOf(line: string, where: string): Ruling {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    value = null
  }
  const problem = validate(value) ? problemOf(value as Ruling) : words()
  if (problem === '') return value as Ruling
  throw new StillwatchError('ruling-file', `Cannot use ${where}: ${problem}.`, {
    fix: 'docs/policy.md lists the fields of a decision; stillwatch policy decide writes them.',
  })
}

function words(): string {
  const [first] = validate.errors ?? []
  const field = first?.instancePath.slice(1)
  return field === undefined || field === ''
    ? (first?.message ?? 'no decision')
    : `${field} ${first?.message}`
}

/** What a schema cannot say. */
function problemOf({ at, until }: Ruling): string {
  const [from, to] = [Date.parse(at), Date.parse(until)]
  if (Number.isNaN(from) || Number.isNaN(to)) return 'at or until is no moment'
  return from < to ? '' : 'until is not after at'
}
