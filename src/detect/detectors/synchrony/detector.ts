import {
  countWithin,
  log10BinomialTail,
  log10ChiSquaredLower,
  mean,
} from '../../../core/statistics.ts'
import type { Detector, Evidence } from '../../detector.ts'
import type { Group } from '../../group.ts'
import { dailyPace } from '../../pace.ts'
import type { Population } from '../../population.ts'
import { type Observation, ofAccounts, othersShare, weightOf } from '../../weight.ts'

const weightMax = 2
const membersMin = 4
const exchangesMin = 5
/**
 * Honest accounts of one kind differ in how much they do by at least this (standard deviation of
 * log10 exchanges per day: a factor of 1.5). People differ more; the value is the tight end, so that
 * a class with one assignment passes for honest.
 */
const honestSpread = 0.176
/** How widely accounts picked at random differ, likewise: a factor of 3. */
const randomSpread = 0.5
/** No pace is taken to be equal to better than this; exact equality is seldom what it seems. */
const spreadMin = 0.02
/** From this weight on an even pace is told rather than a common beginning. */
const evenPaceMin = 0.5
const startWindowsHours = [6, 24, 72] as const
const baseMin = 0.005

/** Accounts driven alike: the same pace in each, or all started at once. */
export const synchrony: Detector = {
  id: 'synchrony',
  title: 'Synchronised activity',
  family: 'timing',
  weighGroup: (group, population) => {
    if (group.members.size < membersMin) return null
    // Accounts opened together begin together, which `cohort` says already; an even pace says more.
    const even = equalPace(group, population)
    return even !== null && even.weight >= evenPaceMin
      ? even
      : (commonStart(group, population) ?? even)
  },
}

/** One dispatcher loads its accounts evenly (threat catalogue C7): paces closer than people's ever are. */
function equalPace(group: Group, population: Population): Evidence | null {
  const members = [...group.members].filter(
    (account) => population.fact('exchanges', account) >= exchangesMin,
  )
  if (members.length < membersMin) return null
  const paces = members.map((account) => logPace(account, population))
  const centre = mean(paces)
  // Counting noise spreads even perfectly equal paces: var(log10 n) ≈ 1 / (n · ln²10).
  const noise = mean(
    members.map((account) => 1 / (population.fact('exchanges', account) * Math.LN10 ** 2)),
  )
  const scatter = paces.reduce((sum, each) => sum + (each - centre) ** 2, 0)
  const spread = Math.max(spreadMin, Math.sqrt(scatter / (members.length - 1)))
  const observation = {
    share: (members.length / group.members.size) * (randomSpread / spread),
    expected: 1,
    log10Probability: log10ChiSquaredLower(
      scatter / (honestSpread ** 2 + noise),
      members.length - 1,
    ),
  }
  return {
    family: 'timing',
    value: spread,
    weight: weightOf(observation, weightMax),
    holds: (account) =>
      population.fact('exchanges', account) >= exchangesMin &&
      Math.abs(logPace(account, population) - centre) <= 2 * Math.max(spread, honestSpread / 2),
    text:
      `${ofAccounts(members.length, group.members.size)} keep nearly the same pace, ${(10 ** centre).toPrecision(2)} exchanges ` +
      `a day since each began, within a factor of ${(10 ** spread).toFixed(2)}; honest accounts of one kind differ by 1.5 or more.`,
  }
}

function logPace(account: number, population: Population): number {
  return Math.log10(dailyPace(account, population))
}

/** Started together, in a stretch of the log in which few others did; its first day shows only that it begins there. */
function commonStart(group: Group, population: Population): Evidence | null {
  const stepsPerHour = 3600 / population.stepSeconds
  const starts = [...group.members]
    .map((account) => population.firstStep(account))
    .filter((step) => step >= 24 * stepsPerHour)
    .sort((a, b) => a - b)
  if (starts.length < membersMin) return null
  const best = densestStart(starts, group, population, stepsPerHour)
  return {
    family: 'timing',
    wave: true,
    value: best.count,
    weight: weightOf(best, weightMax, startWindowsHours.length * starts.length),
    holds: (account) =>
      population.firstStep(account) >= best.from && population.firstStep(account) < best.to,
    text:
      `${ofAccounts(best.count, group.members.size)} were first seen in this log within the same ${best.hours} hours; ` +
      `${othersShare(best.expected, baseMin)} of other accounts began then.`,
  }
}

type Start = Observation & {
  readonly from: number
  readonly to: number
  readonly hours: number
  readonly count: number
}

function densestStart(
  starts: readonly number[],
  group: Group,
  population: Population,
  stepsPerHour: number,
): Start {
  const reference = population.sorted('firstStep', (account) => population.firstStep(account))
  const own = [...group.members]
    .filter((account) => population.isReference(account))
    .map((account) => population.firstStep(account))
    .sort((a, b) => a - b)
  let best: Start | null = null
  for (const hours of startWindowsHours)
    for (const from of new Set(starts)) {
      const to = from + Math.max(1, Math.round(hours * stepsPerHour))
      const count = countWithin(starts, from, to)
      const outside = Math.max(0, countWithin(reference, from, to) - countWithin(own, from, to))
      const expected = Math.max(
        baseMin,
        (outside + 1) / (Math.max(0, reference.length - own.length) + 2),
      )
      const log10Probability = log10BinomialTail(count, group.members.size, expected)
      if (best === null || log10Probability < best.log10Probability)
        best = {
          from,
          to,
          hours,
          count,
          share: count / group.members.size,
          expected,
          log10Probability,
        }
    }
  if (best === null) throw new RangeError('densestStart: no starts')
  return best
}
