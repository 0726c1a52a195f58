import { log10BinomialTail, log10ChiSquaredLower, mean } from '../../../core/statistics.ts'
import type { Detector, Evidence } from '../../detector.ts'
import type { Group } from '../../group.ts'
import { dailyRate } from '../../likeness.ts'
import type { Population } from '../../population.ts'
import { ofAccounts, weightOf } from '../../weight.ts'

const weightMax = 2.5
const membersMin = 4
/**
 * Honest accounts of one kind differ in how much they do by at least this (standard deviation of
 * log10 exchanges per day: a factor of 1.5). People differ more; the value is the tight end, so that
 * a class with one assignment passes for honest.
 */
const honestRateSpread = 0.176
const startWindowsSteps = [6, 24, 72] as const

/** Accounts driven alike: the same pace in each, or all started at once. */
export const synchrony: Detector = {
  id: 'synchrony',
  title: 'Synchronised activity',
  family: 'timing',
  weighGroup: (group, population) => {
    if (group.members.size < membersMin) return null
    const pace = equalPace(group, population)
    const start = commonStart(group, population)
    if (start === null) return pace
    return pace !== null && pace.weight >= start.weight ? pace : start
  },
}

/** One dispatcher loads its accounts evenly (threat catalogue C7): rates closer than people's ever are. */
function equalPace(group: Group, population: Population): Evidence | null {
  const members = [...group.members].filter((account) => population.fact('exchanges', account) >= 5)
  if (members.length < membersMin) return null
  const rates = members.map((account) => dailyRate(account, population))
  const centre = mean(rates)
  // Counting noise spreads even perfectly equal rates: var(log10 n) ≈ 1 / (n · ln²10).
  const noise = mean(
    members.map((account) => 1 / (population.fact('exchanges', account) * Math.LN10 ** 2)),
  )
  const scatter = rates.reduce((sum, rate) => sum + (rate - centre) ** 2, 0)
  const log10Probability = log10ChiSquaredLower(
    scatter / (honestRateSpread ** 2 + noise),
    members.length - 1,
  )
  const spread = Math.sqrt(scatter / (members.length - 1))
  return {
    family: 'timing',
    value: spread,
    weight: weightOf(log10Probability, weightMax),
    text:
      `${ofAccounts(members.length, group.members.size)} keep nearly the same pace, ${(10 ** centre).toFixed(0)} exchanges ` +
      `on each active day, within a factor of ${(10 ** spread).toFixed(2)}; honest accounts of one kind differ by 1.5 or more.`,
  }
}

/** Started together, in a stretch of the log in which few others did. Accounts active in its first day are not counted. */
function commonStart(group: Group, population: Population): Evidence | null {
  const stepsPerDay = 86_400 / population.stepSeconds
  const starts = [...group.members]
    .map((account) => population.firstStep(account))
    .filter((step) => step >= stepsPerDay)
    .sort((a, b) => a - b)
  if (starts.length < membersMin) return null
  const everyone = population.sorted('firstStep', (account) => population.firstStep(account))
  let best: { count: number; steps: number; log10Probability: number } | null = null
  for (const hours of startWindowsSteps) {
    const width = Math.max(1, Math.round((hours * stepsPerDay) / 24))
    for (const from of new Set(starts)) {
      const count = between(starts, from, from + width)
      const share =
        (between(everyone, from, from + width) - count + 1) / (everyone.length - starts.length + 2)
      const log10Probability = log10BinomialTail(count, group.members.size, Math.max(0.005, share))
      if (best === null || log10Probability < best.log10Probability)
        best = { count, steps: width, log10Probability }
    }
  }
  if (best === null) return null
  const hours = (best.steps * population.stepSeconds) / 3600
  return {
    family: 'timing',
    value: best.count,
    weight: weightOf(best.log10Probability, weightMax, startWindowsSteps.length * starts.length),
    text: `${ofAccounts(best.count, group.members.size)} sent their first request within the same ${hours.toFixed(0)} hours.`,
  }
}

function between(sorted: readonly number[] | Float64Array, from: number, to: number): number {
  let count = 0
  for (const value of sorted) if (value >= from && value < to) count += 1
  return count
}
