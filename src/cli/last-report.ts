import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readAccountNames } from '../audit/names.ts'
import { StillwatchError } from '../core/error.ts'
import { pseudonym } from '../core/pseudonym.ts'
import type { Store } from '../engine/store.ts'
import type { Reason, Report } from '../record/index.ts'
import { jsonLines } from './json.ts'
import { writeTarget } from './output.ts'

/** Account ids and the fingerprints the store knows them by. */
export type Names = {
  readonly hash: (name: string) => number | null
  readonly name: (hash: number) => string | null
}

/** Opens every sealed account id of the store. */
export async function readNames(store: Store): Promise<Names> {
  const byHash = await readAccountNames(store)
  const byName = new Map([...byHash].map(([hash, name]) => [name, hash]))
  return { hash: (name) => byName.get(name) ?? null, name: (hash) => byHash.get(hash) ?? null }
}

const fileIn = (data: string): string => join(data, 'last-report.json')

/**
 * Keeps a report in the data directory, so that `explain C1` knows what C1 is. Account ids are
 * replaced by pseudonyms: at rest they are only ever sealed.
 */
export function keepReport(report: Report, store: Store, names: Names | null): void {
  const kept = names === null ? report : renamed(report, (name) => pseudonymOf(name, names))
  writeTarget(fileIn(store.directory.path), jsonLines(kept))
}

function pseudonymOf(name: string, names: Names): string {
  const hash = names.hash(name)
  return hash === null ? name : pseudonym('p', hash)
}

function renamed(report: Report, rename: (name: string) => string): Report {
  return {
    ...report,
    pseudonymous: true,
    accounts: report.accounts.map((each) => ({ ...each, account: rename(each.account) })),
    campaigns: report.campaigns.map((each) => ({ ...each, accounts: each.accounts.map(rename) })),
  }
}

/** Reports of versions before this one have no links and do not say what would clear an account. */
function complete(report: Report): Report {
  const filled = <T extends { readonly reasons: readonly Reason[] }>(each: T): T => ({
    ...each,
    reasons: each.reasons.map((reason) => ({ ...unlinked, ...reason })),
  })
  return {
    ...noStatements,
    ...report,
    accounts: report.accounts.map(filled),
    campaigns: report.campaigns.map(filled),
  }
}

const noStatements: Pick<Report, 'vouches' | 'reviews'> = { vouches: [], reviews: null }
const unlinked: Pick<Reason, 'exchanges' | 'would_clear'> = { exchanges: [], would_clear: '' }

/** The report given, or the one kept in the data directory. Throws `not-in-report` without either. */
export function readReport(path: string | undefined, store: Store): Report {
  const file = path ?? fileIn(store.directory.path)
  try {
    return complete(JSON.parse(readFileSync(file, 'utf8')) as Report)
  } catch (cause) {
    throw new StillwatchError('not-in-report', `Cannot read a report from ${file}.`, {
      fix: 'Run `stillwatch audit` with this data directory first, or give its --json file with --report.',
      cause,
    })
  }
}
