import type { CampaignKind, Family } from '../record/report.ts'
import type { Bar } from './calibration.ts'
import type { Detector, Evidence } from './detector.ts'
import type { Group } from './group.ts'
import { medianPace } from './pace.ts'
import type { Population } from './population.ts'

/** The evidence about a group or an account, and what follows from it. */
export type Judgement = {
  readonly outcome: 'clear' | 'watch' | 'flagged'
  readonly score: number
  /** How far the score is above the one that flags it; -Infinity where no score does. */
  readonly margin: number
  readonly kind: CampaignKind
  readonly reasons: readonly WeighedReason[]
}
export type WeighedReason = Evidence & { readonly detector: string }

/** From this many members on that show the same a group is many; fewer come together by chance in any large log. */
const manyMembersMin = 8
/** A family counts towards the two that are needed from this weight on. */
const familyWeightMin = 0.5
/** A reason names the kind of campaign from this weight on. */
const kindWeightMin = 0.9
/** How much must speak of one hand (five times likelier) for `flagged`. */
const togetherWeightMin = 0.7
/** And how much of the group must show it: four of nineteen who came in one week show no hand over the group. */
const togetherShareMin = 0.3

/**
 * Exchanges a day and account (median) below which a group needs two signs of one hand: strangers who
 * follow one tutorial are new together and ask alike, but they ask little.
 */
const busyPaceMin = 10

/**
 * What is taken, and from which weight each of its detectors speaks of extraction itself: without one
 * of these, accounts that act as one are a class, a firm or a team. Long answers reach 0.5 when two of
 * three members draw them, where one account in five does.
 */
const harvestWeightMin: Readonly<Record<string, number>> = {
  elicitation: 0.9,
  likelihood: 0.9,
  bulk: 0.9,
  'account-shift': 0.5,
}
/**
 * How much is drawn says less than what is asked for: a firm that automates opens its accounts in one week
 * and draws as much (in a simulated world three accounts of nightly builds, which nothing tied to one customer,
 * came to 3.96). Where this is all that is taken and one sign all that shows one hand, more is asked for.
 */
const volumeDetectors = new Set(['bulk', 'account-shift'])

/**
 * What is taken need not show: a campaign asks for whatever it lacks, in words nobody has listed. Accounts
 * that each show this many independent signs of one hand, as many of them as make a group many, and that
 * nothing explains, are coordinated; then the whole bar is asked for (what that finds where requests say nothing:
 * docs/evaluation.md, elicitation switched off).
 */
const coordinatedCausesMin = 2

/** What shows one hand: without one of these, accounts that ask alike are strangers with one tool. */
const togetherDetectors = new Set([
  'shared-network',
  'cohort',
  'succession',
  'takeover',
  'synchrony',
  'migration',
])

/**
 * What is rare and shared: an account that shows none of this of its group is there by a weak likeness, and came at
 * the same time and asks as often by coincidence (one evaluator of 2,996 honest accounts, in a relay's group).
 */
const tyingDetectors = new Set([
  'rare-skeleton',
  'shared-profile',
  'shared-network',
  'migration',
  'likelihood',
])

/**
 * From which weight a sign is as good as two. Honest customers do not go on with each other’s conversations: where
 * a dozen accounts did so time and again there is a dispatcher, whatever else they show.
 */
const plainWeightMin: Readonly<Record<string, number>> = { migration: 2 }

/** What speaks about a group, most telling first. `judgeMember` says what of it each member shows itself. */
export function weighGroup(
  group: Group,
  population: Population,
  detectors: readonly Detector[],
): readonly WeighedReason[] {
  return collect(detectors, (detector) => detector.weighGroup?.(group, population) ?? null)
}

/** What of a group its members are judged by, besides the reasons. */
export type Shape = {
  /** How many members each take something and show one hand. */
  readonly taking: number
  /** How many each show `coordinatedCausesMin` signs of one hand. */
  readonly coordinated: number
  /** The median of their exchanges a day. */
  readonly pace: number
}

/** How a group looks to `judgeMember`. */
export function shapeOf(
  group: Group,
  reasons: readonly WeighedReason[],
  population: Population,
  bar: Bar,
): Shape {
  const pace = medianPace(group, population)
  let [taking, coordinated] = [0, 0]
  if (causesOf(reasons, bar) < causesMin(pace)) return { taking, coordinated, pace }
  for (const account of group.members) {
    const own = reasons.filter((reason) => reason.holds(account))
    const causes = causesOf(own, bar)
    if (causes >= causesMin(pace) && takes(own)) taking += 1
    if (causes >= coordinatedCausesMin) coordinated += 1
  }
  return { taking, coordinated, pace }
}

/** How many independent signs of one hand these come to; none where nothing ties the account to its group. */
function causesOf(own: readonly WeighedReason[], bar: Bar): number {
  if (!own.some(tiesIn)) return 0
  return own
    .filter((reason) => showsOneHand(reason, bar))
    .reduce(
      (sum, { detector, weight }) =>
        sum + (weight >= (plainWeightMin[detector] ?? Infinity) ? 2 : 1),
      0,
    )
}

function causesMin(pace: number): number {
  return pace < busyPaceMin ? 2 : 1
}

/** Judges one account by what it shows itself of what its group shows. */
export function judgeMember(
  account: number,
  reasons: readonly WeighedReason[],
  shape: Shape,
  bar: Bar,
): Judgement {
  const own = reasons.filter((reason) => reason.holds(account))
  return conclude(own, 'coordinated-accounts', bar, scoreMinOf(own, shape, bar))
}

/** The score from which one who shows this is flagged; Infinity where no score is enough. */
function scoreMinOf(own: readonly WeighedReason[], shape: Shape, bar: Bar): number {
  const causes = causesOf(own, bar)
  if (takes(own) && causes >= causesMin(shape.pace)) {
    const asks = takes(own.filter((reason) => !volumeDetectors.has(reason.detector)))
    if (!asks && causes < coordinatedCausesMin) return bar.volume
    return shape.taking >= manyMembersMin ? bar.together : bar.alone
  }
  // Slow accounts that came together and keep one pace are a class, at home or not; only what they take tells.
  if (shape.pace < busyPaceMin) return Infinity
  const coordinated = causes >= coordinatedCausesMin && shape.coordinated >= manyMembersMin
  return coordinated ? bar.alone : Infinity
}

/** Whether a reason says why an account belongs to its group at all. */
function tiesIn({ detector, weight }: WeighedReason): boolean {
  return weight > 0 && tyingDetectors.has(detector)
}

/** Whether a reason is an independent sign of one hand. */
function showsOneHand(reason: WeighedReason, bar: Bar): boolean {
  return (
    togetherDetectors.has(reason.detector) &&
    reason.weight >= togetherWeightMin &&
    (reason.chance ?? -Infinity) <= bar.chanceMax &&
    (reason.share ?? 1) >= togetherShareMin
  )
}

/** What speaks about an account by itself, most telling first. */
export function weighAccount(
  account: number,
  population: Population,
  detectors: readonly Detector[],
): readonly WeighedReason[] {
  return collect(detectors, (detector) => detector.weighAccount?.(account, population) ?? null)
}

/** Judges an account by what it shows by itself. */
export function judgeAccount(reasons: readonly WeighedReason[], bar: Bar): Judgement {
  return conclude(reasons, 'single-account', bar, takes(reasons) ? bar.alone : Infinity)
}

function collect(
  detectors: readonly Detector[],
  weigh: (detector: Detector) => Evidence | null,
): readonly WeighedReason[] {
  const found: WeighedReason[] = []
  for (const detector of detectors) {
    const evidence = weigh(detector)
    if (evidence !== null && evidence.weight !== 0)
      found.push({ ...evidence, detector: detector.id })
  }
  return found.sort((a, b) => b.weight - a.weight)
}

/** Observations are added, for they are independent, and so is what speaks for the account. */
function conclude(
  reasons: readonly WeighedReason[],
  kind: CampaignKind,
  bar: Bar,
  scoreMin: number,
): Judgement {
  const weights = observations(reasons)
  const against = reasons.reduce((sum, reason) => sum + Math.min(0, reason.weight), 0)
  const score = weights.reduce((sum, weight) => sum + weight, against)
  const families = countHeavy(weights)
  const flagged = families >= 2 && score >= scoreMin
  const outcome = flagged ? 'flagged' : score >= bar.watch ? 'watch' : 'clear'
  const named = reasons.find(
    (reason) => reason.kind !== undefined && reason.weight >= kindWeightMin,
  )
  return { outcome, score, margin: score - scoreMin, kind: named?.kind ?? kind, reasons }
}

/** How many independent families of evidence agree, as they are counted towards the two that a flag needs. */
export function familiesAgreeing(reasons: readonly WeighedReason[]): number {
  return countHeavy(observations(reasons))
}

function countHeavy(weights: readonly number[]): number {
  return weights.filter((weight) => weight >= familyWeightMin).length
}

/**
 * Content and elicitation read the same text: honest accounts reach 3 in both together once in a hundred and
 * not once in a thousand (docs/detection.md §7), so together they count no more than what is reached so often.
 */
const sameText: readonly Family[] = ['elicitation', 'content']
const sameTextWeightMax = 2

/**
 * The weight of each independent observation: a family's strongest reason, for its signals read the same
 * fields; of families that have one honest explanation the strongest; and of those that read the same text their sum,
 * as far as it may count.
 */
function observations(reasons: readonly WeighedReason[]): readonly number[] {
  const one = new Map<Family, Family>()
  for (const { weight, explains } of reasons)
    if (weight < 0) for (const family of explains ?? []) one.set(family, explains?.[0] ?? family)
  const strongest = new Map<Family, number>()
  for (const { family, weight } of reasons) {
    const observed = one.get(family) ?? family
    strongest.set(observed, Math.max(strongest.get(observed) ?? 0, weight))
  }
  const texts = sameText.map((family) => strongest.get(family) ?? 0)
  const text = Math.min(
    Math.max(sameTextWeightMax, ...texts),
    texts.reduce((sum, weight) => sum + weight, 0),
  )
  for (const family of sameText) strongest.delete(family)
  return [text, ...strongest.values()]
}

/** Whether what is asked for, or how much is drawn, speaks of extraction itself. */
function takes(reasons: readonly WeighedReason[]): boolean {
  return reasons.some((reason) => reason.weight >= (harvestWeightMin[reason.detector] ?? Infinity))
}
