import { countWithin, log10BinomialTail } from '../../../core/statistics.ts'
import type { Detector } from '../../detector.ts'
import type { Group } from '../../group.ts'
import type { Population } from '../../population.ts'
import { type Observation, ofAccounts, othersShare, weightOf } from '../../weight.ts'

const weightMax = 2
/** Widths of the sign-up windows that are tried, in days. */
const windowsDays = [1, 3, 7, 14, 30] as const
/** A window in which nobody else signed up is still taken to have one account in 200. */
const baseMin = 0.005

type Window = Observation & { readonly from: number; readonly days: number; readonly count: number }

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
    const best = days.length < 3 ? null : densest(days, group, population)
    if (best === null) return null
    return {
      family: 'biography',
      wave: true,
      value: best.count,
      weight: weightOf(best, weightMax, windowsDays.length * days.length),
      holds: (account) => {
        const day = population.createdDay(account)
        return day >= best.from && day < best.from + best.days
      },
      text:
        `${ofAccounts(best.count, group.members.size)} were opened within ${best.days} day${best.days === 1 ? '' : 's'} of each other; ` +
        `${othersShare(best.expected, baseMin)} of other accounts were opened in that time.`,
      atlas: ['AML.T0021'],
    }
  },
}

/** The window, starting at a member's sign-up, whose count is least likely by chance (a scan statistic). */
function densest(days: readonly number[], group: Group, population: Population): Window | null {
  const reference = population.sorted(
    'createdDay',
    (account) => population.createdDay(account) || Number.NaN,
  )
  const own = [...group.members]
    .filter((account) => population.isReference(account))
    .map((account) => population.createdDay(account))
    .sort((a, b) => a - b)
  let best: Window | null = null
  for (const width of windowsDays)
    for (const from of new Set(days)) {
      const count = countWithin(days, from, from + width)
      if (count < 3) continue
      const outside = Math.max(
        0,
        countWithin(reference, from, from + width) - countWithin(own, from, from + width),
      )
      const expected = Math.max(
        baseMin,
        (outside + 1) / (Math.max(0, reference.length - own.length) + 2),
      )
      const log10Probability = log10BinomialTail(count, group.members.size, expected)
      if (best === null || log10Probability < best.log10Probability)
        best = {
          from,
          days: width,
          count,
          share: count / group.members.size,
          expected,
          log10Probability,
        }
    }
  return best
}
