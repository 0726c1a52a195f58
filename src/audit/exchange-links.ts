import { pseudonym } from '../core/pseudonym.ts'
import { type AccountState, type Detector, detectors } from '../detect/index.ts'
import type { Population } from '../detect/index.ts'
import type { Engine } from '../engine/engine.ts'
import { fill, readSql } from '../engine/sql.ts'
import type { ExchangeLink } from '../record/index.ts'
import { mostSuspiciousFirst } from './suspicion.ts'

const linksSql = readSql(new URL('exchange-links.sql', import.meta.url))

/** Exchanges linked from one reason: enough to see what it means, and a line of a report each. */
export const linksPerReasonMax = 3
/** Accounts that get links, most suspicious first: as many as the page lists of one verdict. */
export const linkedAccountsMax = 5_000
/** Exchanges of each account in which is looked for what its case has in common. */
const sampleExchangesMax = 200
/** Things in common of each kind (phrases, networks, …) that a case is known by. */
const thingsPerKindMax = 16

/** The exchanges that show what a detector says of an account; `account` is its fingerprint. */
export type ExchangeLinks = (account: number, detector: string) => readonly ExchangeLink[]

type Shown = readonly [weight: number, time_ms: number, id: number, file_no: number, line: number]

/** Finds the exchanges behind the reasons, in two passes over those of suspicious accounts. */
export async function readExchangeLinks(
  engine: Engine,
  states: readonly AccountState[],
  population: Population,
  caseOf: (state: AccountState) => string,
): Promise<ExchangeLinks> {
  const suspects = mostSuspicious(states)
  if (suspects.length === 0) return () => []
  const showing = detectors.filter((detector) => detector.shows !== undefined)
  const rows = await engine.rows<{ account: number } & Record<string, readonly Shown[]>>(
    fill(linksSql, { shows: showing.map(shownBy).join(',\n    ') }),
    {
      accounts: suspects.map((state) => population.hash(state.account)),
      parts: numbered(suspects.map(caseOf)),
      sample: sampleExchangesMax,
      things: thingsPerKindMax,
    },
  )
  const files = await fileNames(engine)
  const byAccount = new Map(rows.map((row) => [row.account, row]))
  return (account, detector) => {
    const at = showing.findIndex(({ id }) => id === detector)
    return (byAccount.get(account)?.[`shown_${at}`] ?? []).map((shown) => linkOf(shown, files))
  }
}

function mostSuspicious(states: readonly AccountState[]): readonly AccountState[] {
  return states
    .filter(({ verdict }) => verdict !== 'clear')
    .sort(mostSuspiciousFirst)
    .slice(0, linkedAccountsMax)
}

function shownBy({ shows }: Detector, at: number): string {
  if (shows === undefined) throw new RangeError('a detector that shows nothing')
  const expression = `toFloat64(\n${readSql(shows)})`
  return `groupArraySortedIf(${linksPerReasonMax})((-${expression}, toUnixTimestamp64Milli(time), id, file_no, line_no), ${expression} > 0) AS shown_${at}`
}

/** Equal words get equal numbers. */
function numbered(words: readonly string[]): readonly number[] {
  const numbers = new Map<string, number>()
  return words.map((word) => {
    const number = numbers.get(word) ?? numbers.size
    numbers.set(word, number)
    return number
  })
}

async function fileNames(engine: Engine): Promise<ReadonlyMap<number, string>> {
  const rows = await engine.rows<{ file_no: number; name: string }>(
    'SELECT file_no, name FROM source_file FINAL',
  )
  return new Map(rows.map(({ file_no, name }) => [file_no, name]))
}

function linkOf(shown: Shown, files: ReadonlyMap<number, string>): ExchangeLink {
  const [, time_ms, id, file_no, line] = shown
  return {
    exchange: pseudonym('x', id),
    time: new Date(time_ms).toISOString(),
    file: files.get(file_no) ?? null,
    line,
  }
}
