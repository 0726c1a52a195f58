import { log10BinomialTail } from '../../../core/statistics.ts'
import type { Detector } from '../../detector.ts'
import type { Group } from '../../group.ts'
import type { Population } from '../../population.ts'
import { ofAccounts, percent, weightOf } from '../../weight.ts'

const weightMax = 2.5
/** Widths of the sign-up windows that are tried, in days. */
const windowsDays = [1, 3, 7, 14, 30] as const

type Window = {
  readonly days: number
  readonly count: number
  readonly share: number
  readonly log10Probability: number
}

/** Accounts opened within days of each other, more of them than the sign-ups of those days explain. */
export const cohort: Detector = {
  id: 'cohort',
  title: 'Accounts opened together',
  family: 'biography',
  weighGroup: (group, population) => {
    const days = [...group.members]
      .map((account) => population.createdDay(account))
      .filter((day) => day > 0)
      .sort((a, b) => a - b)
    if (days.length < 3) return null
    const best = densest(days, group, population)
    if (best === null) return null
    return {
      family: 'biography',
      value: best.count,
      weight: weightOf(best.log10Probability, weightMax, windowsDays.length * days.length),
      text:
        `${ofAccounts(best.count, group.members.size)} were opened within ${best.days} day${best.days === 1 ? '' : 's'} of each other; ` +
        `${percent(best.share)} of other accounts were opened in that time.`,
      atlas: ['AML.T0021'],
    }
  },
}

/** The window, starting at a member's sign-up, whose count is least likely by chance (a scan statistic). */
function densest(days: readonly number[], group: Group, population: Population): Window | null {
  const everyone = population.sorted(
    'createdDay',
    (account) => population.createdDay(account) || Number.NaN,
  )
  let best: Window | null = null
  for (const width of windowsDays)
    for (let at = 0; at < days.length; at++) {
      const from = days[at] ?? 0
      if (at > 0 && from === days[at - 1]) continue
      const count = upTo(days, from + width) - at
      if (count < 3) continue
      const outside = upTo(everyone, from + width) - upTo(everyone, from) - count
      const share = Math.max(0.005, (outside + 1) / (everyone.length - days.length + 2))
      const log10Probability = log10BinomialTail(count, group.members.size, share)
      if (best === null || log10Probability < best.log10Probability)
        best = { days: width, count, share, log10Probability }
    }
  return best
}

/** How many of the sorted values are below `limit`. */
function upTo(sorted: readonly number[] | Float64Array, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < limit) low = middle + 1
    else high = middle
  }
  return low
}
