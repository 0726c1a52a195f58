import type { Family } from '../record/report.ts'
import type { Population } from './population.ts'
import type { Judgement, WeighedReason } from './verdict.ts'

// What people have said of accounts narrows what the evidence may do to them, and never in silence: the
// reasons stay, with a note of who said what, and the account is watched.

/** A vouch, in fingerprints and steps. */
export type VouchTerms = {
  readonly accounts: ReadonlySet<number>
  readonly orgs: ReadonlySet<number>
  /** Steps from the first to before the second. */
  readonly from: number
  readonly to: number
  /** What it explains; null for everything. */
  readonly families: ReadonlySet<Family> | null
  readonly detectors: ReadonlySet<string> | null
  readonly exchangesMax: number
  /** `Dana Ruiz vouches for it until 2026-12-31: our red team`. */
  readonly words: string
}

/** The last review of an account. */
export type ReviewTerms = {
  readonly verdict: 'upheld' | 'overturned'
  readonly detectors: ReadonlySet<string>
  /** The score it was reviewed at; Infinity where that is not known. */
  readonly score: number
  /** The step in which the review was made. */
  readonly step: number
  /** `Dana Ruiz overturned this on 2026-11-02: a course`. */
  readonly words: string
}

/** A judgement, and which vouches or review kept it from being a flag. */
export type Settled = Judgement & { readonly withheld?: Withheld }
export type Withheld = {
  /** Numbers of the vouches, as given. */
  readonly vouches: readonly number[]
  readonly reviewed: boolean
}

/** What is known of accounts besides the log. */
export type Standing = {
  /** Applies it to a judgement; `again` judges by those of the reasons that a test lets through. */
  readonly settle: (
    account: number,
    population: Population,
    judgement: Judgement,
    again: (counts: (reason: WeighedReason) => boolean) => Judgement,
  ) => Settled
  /** The review by which an account is known to extract. */
  readonly upheld: (account: number, population: Population) => ReviewTerms | undefined
}

/** Evidence that comes to ten times what was reviewed is another case. */
const strongerBy = 1

/** Nothing is known. */
export const noStanding: Standing = {
  settle: (_account, _population, judgement) => judgement,
  upheld: () => undefined,
}

export function standingOf(
  vouches: readonly VouchTerms[],
  reviews: ReadonlyMap<number, ReviewTerms>,
): Standing {
  if (vouches.length === 0 && reviews.size === 0) return noStanding
  return {
    settle: (account, population, judgement, again) => {
      if (judgement.outcome !== 'flagged') return judgement
      const said = [
        ...vouchesFor(account, population, vouches),
        ...overturned(reviews.get(population.hash(account)), judgement),
      ]
      return said.length === 0 ? judgement : narrowed(judgement, said, again)
    },
    upheld: (account, population) => {
      const review = reviews.get(population.hash(account))
      return review?.verdict === 'upheld' ? review : undefined
    },
  }
}

/** Something said of an account: which reasons it explains, if it still does. */
type Said = {
  readonly detector: 'vouch' | 'review'
  /** The number of the vouch. */
  readonly vouch: number | null
  readonly words: string
  /** Why it explains nothing now; '' where it does. */
  readonly exceeded: string
  readonly explains: (reason: WeighedReason) => boolean
}

/** Whether a vouch is about an account. */
export function concerns(vouch: VouchTerms, account: number, population: Population): boolean {
  return (
    vouch.accounts.has(population.hash(account)) ||
    (population.org(account) !== 0 && vouch.orgs.has(population.org(account)))
  )
}

function vouchesFor(
  account: number,
  population: Population,
  vouches: readonly VouchTerms[],
): readonly Said[] {
  const step = population.step()
  return vouches.flatMap((vouch, at) => {
    if (step < vouch.from || step >= vouch.to || !concerns(vouch, account, population)) return []
    const drawn = population.fact('exchanges', account)
    const exceeded =
      drawn > vouch.exchangesMax
        ? `It covers ${vouch.exchangesMax} exchanges, and there were ${drawn}: it explains nothing.`
        : ''
    const { families, detectors } = vouch
    const explains = (reason: WeighedReason): boolean =>
      (families === null && detectors === null) ||
      families?.has(reason.family) === true ||
      detectors?.has(reason.detector) === true
    return [{ detector: 'vouch' as const, vouch: at, words: vouch.words, exceeded, explains }]
  })
}

function overturned(review: ReviewTerms | undefined, judgement: Judgement): readonly Said[] {
  if (review?.verdict !== 'overturned') return []
  const exceeded =
    judgement.score >= review.score + strongerBy
      ? 'The evidence is ten times what was reviewed then: it is judged anew.'
      : ''
  return [
    {
      detector: 'review',
      vouch: null,
      words: review.words,
      exceeded,
      explains: (reason) => review.detectors.has(reason.detector),
    },
  ]
}

/** The judgement by what is not explained; where that is no flag, the account is watched. */
function narrowed(
  judgement: Judgement,
  said: readonly Said[],
  again: (counts: (reason: WeighedReason) => boolean) => Judgement,
): Settled {
  const valid = said.filter(({ exceeded }) => exceeded === '')
  // What speaks for an account is never explained away.
  const counts = (reason: WeighedReason): boolean =>
    reason.weight < 0 || !valid.some(({ explains }) => explains(reason))
  const rest = valid.length === 0 ? judgement : again(counts)
  const flagged = rest.outcome === 'flagged'
  const notes = said.map((each) => note(each, judgement, flagged))
  const reasons = [...judgement.reasons, ...notes]
  if (flagged) return { ...judgement, margin: rest.margin, reasons }
  const vouches = valid.flatMap(({ vouch }) => (vouch === null ? [] : [vouch]))
  const reviewed = valid.some(({ detector }) => detector === 'review')
  return { ...judgement, outcome: 'watch', reasons, withheld: { vouches, reviewed } }
}

function note(
  { detector, words, exceeded, explains }: Said,
  { reasons }: Judgement,
  flagged: boolean,
): WeighedReason {
  const explained = reasons.find((reason) => reason.weight > 0 && explains(reason))
  const outcome = flagged
    ? 'What it does not explain is enough to flag the account all the same.'
    : 'Without it the account would be flagged.'
  // It is no evidence of any family: it stands with what it explains, and weighs nothing.
  return noteOf(
    detector,
    explained?.family ?? reasons[0]?.family,
    `${words} ${exceeded || outcome}`,
  )
}

/** A sentence among the reasons that weighs nothing. */
export function noteOf(
  detector: 'vouch' | 'review' | 'false-discovery',
  family: Family | undefined,
  text: string,
): WeighedReason {
  return { detector, family: family ?? 'biography', text, value: 0, weight: 0, holds: () => true }
}
