import { hashBehind } from '../core/pseudonym.ts'
import { concerns, type ReviewTerms, standingOf, type VouchTerms } from '../detect/index.ts'
import type { AccountState, Population, Standing } from '../detect/index.ts'
import { readSql } from '../engine/sql.ts'
import type { Store } from '../engine/store.ts'
import { fingerprintParameters } from '../fingerprint/fingerprint.ts'
import type { DetectorReview, ReviewUse, VouchUse } from '../record/index.ts'
import type { DatedReview } from './reviews.ts'
import type { StepClock } from './steps.ts'
import type { DatedVouch } from './vouches.ts'

const knownSql = readSql(new URL('known.sql', import.meta.url))

/** Names sent to the engine in one statement. */
const namesPerQueryMax = 10_000

/** What people said before the audit, in the words they used. */
export type Statements = {
  readonly vouches: readonly DatedVouch[]
  readonly reviews: readonly DatedReview[]
}

/** The same, in the store's fingerprints and steps. */
export type Known = {
  readonly standing: Standing
  readonly vouches: readonly VouchTerms[]
  readonly reviews: ReadonlyMap<number, ReviewTerms>
}

export async function resolveStatements(
  store: Store,
  { vouches, reviews }: Statements,
  clock: StepClock,
): Promise<Known> {
  const accounts = await hashesOf(store, 'account', [
    ...vouches.flatMap((vouch) => vouch.accounts ?? []),
    ...reviews.flatMap((review) => review.accounts),
  ])
  const orgs = await hashesOf(
    store,
    'org',
    vouches.flatMap((vouch) => vouch.orgs ?? []),
  )
  const terms = vouches.map((vouch) => vouchTerms(vouch, accounts, orgs, clock))
  const reviewed = new Map<number, ReviewTerms>()
  // Of several reviews of an account the last one stands.
  for (const review of [...reviews].sort((a, b) => a.at - b.at))
    for (const account of review.accounts)
      reviewed.set(accounts.get(account) ?? -1, reviewTerms(review, clock))
  return { standing: standingOf(terms, reviewed), vouches: terms, reviews: reviewed }
}

async function hashesOf(
  { engine, directory }: Store,
  kind: 'account' | 'org',
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { k0 = 0, k1 = 0 } = fingerprintParameters(directory.secret)
  const unique = [...new Set(names)]
  const found = new Map<string, number>()
  for (let at = 0; at < unique.length; at += namesPerQueryMax) {
    const part = unique.slice(at, at + namesPerQueryMax)
    const rows = await engine.rows<{ name: string; hash: number }>(knownSql, {
      k0,
      k1,
      kind,
      names: part,
    })
    // A pseudonymous report has accounts by their fingerprints.
    for (const { name, hash } of rows)
      found.set(name, (kind === 'account' ? hashBehind('p', name) : null) ?? hash)
  }
  return found
}

function stepOf(seconds: number, { originSeconds, stepSeconds }: StepClock): number {
  return Math.floor((seconds - originSeconds) / stepSeconds)
}

function vouchTerms(
  vouch: DatedVouch,
  accounts: ReadonlyMap<string, number>,
  orgs: ReadonlyMap<string, number>,
  clock: StepClock,
): VouchTerms {
  return {
    accounts: new Set((vouch.accounts ?? []).map((name) => accounts.get(name) ?? -1)),
    orgs: new Set((vouch.orgs ?? []).map((name) => orgs.get(name) ?? -1)),
    from: stepOf(vouch.from, clock),
    to: stepOf(vouch.to, clock),
    families: vouch.families === undefined ? null : new Set(vouch.families),
    detectors: vouch.detectors === undefined ? null : new Set(vouch.detectors),
    exchangesMax: vouch.exchanges_max ?? Number.POSITIVE_INFINITY,
    words: `${vouch.by} vouches for it until ${vouch.until}: ${ended(vouch.why)}`,
  }
}

function reviewTerms(review: DatedReview, clock: StepClock): ReviewTerms {
  return {
    verdict: review.verdict,
    detectors: new Set(review.detectors),
    score: review.score ?? Number.POSITIVE_INFINITY,
    step: stepOf(review.at, clock),
    words: `${review.by} ${review.verdict} ${review.case} on ${review.when.slice(0, 10)}: ${ended(review.why)}`,
  }
}

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

/** What became of each vouch. */
export function vouchUses(
  { vouches }: Statements,
  known: Known,
  states: readonly AccountState[],
  population: Population,
  lastSeconds: number,
): readonly VouchUse[] {
  return vouches.map(({ by, why, since, until, from, to }, at) => {
    const terms = known.vouches[at]
    const concerned =
      terms === undefined
        ? []
        : states.filter(({ account }) => concerns(terms, account, population))
    const withheld = concerned.filter((state) => state.withheld?.vouches.includes(at) === true)
    const now = to <= lastSeconds ? 'expired' : from > lastSeconds ? 'not-yet' : 'in-force'
    return {
      by,
      why,
      since,
      until,
      state: concerned.length === 0 && now === 'in-force' ? 'unmatched' : now,
      accounts: concerned.length,
      withheld: withheld.length,
    }
  })
}

/** What the reviews brought; null without any. */
export function reviewUse(
  { reviews }: Statements,
  known: Known,
  states: readonly AccountState[],
  population: Population,
  detectors: readonly DetectorReview[],
): ReviewUse | null {
  if (reviews.length === 0) return null
  const matched = states.flatMap(
    ({ account }) => known.reviews.get(population.hash(account))?.verdict ?? [],
  )
  const upheld = matched.filter((verdict) => verdict === 'upheld').length
  return {
    cases: reviews.length,
    upheld,
    overturned: matched.length - upheld,
    unmatched: known.reviews.size - matched.length,
    withheld: states.filter(({ withheld }) => withheld?.reviewed === true).length,
    detectors,
  }
}
