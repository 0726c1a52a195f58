import { countWithin, log10BinomialTail } from '../../../core/statistics.ts'
import type { Detector, Evidence } from '../../detector.ts'
import type { Group } from '../../group.ts'
import type { Population } from '../../population.ts'
import { chanceOf, type Observation, ofAccounts, othersShare, weightOf } from '../../weight.ts'

const weightMax = 2
/** A window in which nobody else came is still taken to have one account in 200. */
const baseMin = 0.005

/** Accounts opened, or first heard of, within days of each other: more than came in those days anyhow. */
export const cohort: Detector = {
  id: 'cohort',
  title: 'Accounts opened together',
  family: 'biography',
  clears:
    'What brought them at once: a launch, a course, a contract or an invitation, in which others took part as well.',
  shows: new URL('shows.sql', import.meta.url),
  weighGroup: (group, population) => {
    // Accounts opened together begin together: of the two the one that says more counts.
    const opened = wave(group, population, openings)
    const began = wave(group, population, beginnings(population))
    if (opened === null || began === null) return opened ?? began
    return began.weight > opened.weight ? began : opened
  },
}

/** When an account came, in some unit of time, and over which windows members are counted. */
type Coming = {
  readonly name: string
  /** NaN where it is not known. */
  readonly of: (account: number, population: Population) => number
  /** Accounts that came before this are left out, members and others alike. */
  readonly from: number
  readonly membersMin: number
  /** The share of accounts that comes in a window where none have been seen to. */
  readonly prior: (width: number) => number
  readonly windows: readonly { readonly width: number; readonly words: string }[]
  readonly said: (window: string) => string
  readonly others: string
}

const openings: Coming = {
  name: 'createdDay',
  of: (account, population) => population.createdDay(account) || Number.NaN,
  from: 0,
  membersMin: 3,
  prior: () => 0.5,
  windows: [1, 3, 7, 14, 30].map((days) => ({
    width: days,
    words: days === 1 ? '1 day' : `${days} days`,
  })),
  said: (window) => `were opened within ${window} of each other`,
  others: 'were opened in that time',
}

/**
 * First requests; those of the log's own first day show only that it begins there. Those who began later are
 * compared with others who did: who asks seldom is late in any log, alone or not.
 */
function beginnings(population: Population): Coming {
  const stepsPerHour = 3600 / population.stepSeconds
  const from = 24 * stepsPerHour
  return {
    name: 'firstStep',
    of: (account) => population.firstStep(account),
    from,
    membersMin: 4,
    prior: (width) => Math.min(1, width / Math.max(1, population.step() + 1 - from)),
    windows: [6, 24, 72].map((hours) => ({
      width: Math.max(1, Math.round(hours * stepsPerHour)),
      words: `${hours} hours`,
    })),
    said: (window) => `were first seen in this log within the same ${window}`,
    others: 'that came after its first day began then',
  }
}

function wave(group: Group, population: Population, coming: Coming): Evidence | null {
  const times = [...group.members]
    .map((account) => coming.of(account, population))
    .filter((time) => time >= coming.from)
    .sort((a, b) => a - b)
  const best = times.length < coming.membersMin ? null : densest(times, group, population, coming)
  if (best === null) return null
  const tries = coming.windows.length * times.length
  return {
    family: 'biography',
    value: best.count,
    weight: weightOf(best, weightMax, tries),
    share: best.share,
    chance: chanceOf(best, tries),
    holds: (account) => {
      const time = coming.of(account, population)
      return time >= best.from && time < best.to
    },
    text:
      `${ofAccounts(best.count, group.members.size)} ${coming.said(best.words)}; ` +
      `${othersShare(best.expected, baseMin)} of other accounts ${coming.others}.`,
    atlas: ['AML.T0021'],
  }
}

type Window = Observation & {
  readonly from: number
  readonly to: number
  readonly words: string
  readonly count: number
}

/** The window, starting with a member's coming, whose count is least likely by chance (a scan statistic). */
function densest(
  times: readonly number[],
  group: Group,
  population: Population,
  coming: Coming,
): Window | null {
  const reference = population.sorted(`${coming.name} from ${coming.from}`, (account) => {
    const time = coming.of(account, population)
    return time >= coming.from ? time : Number.NaN
  })
  const own = referenceTimes(group, population, coming)
  let best: Window | null = null
  for (const { width, words } of coming.windows)
    for (const from of new Set(times)) {
      const to = from + width
      const count = countWithin(times, from, to)
      if (count < 3) continue
      const outside = Math.max(0, countWithin(reference, from, to) - countWithin(own, from, to))
      const expected = Math.max(
        baseMin,
        (outside + 2 * coming.prior(width)) / (Math.max(0, reference.length - own.length) + 2),
      )
      const log10Probability = log10BinomialTail(count, times.length, expected)
      if (best === null || log10Probability < best.log10Probability) {
        const share = count / group.members.size
        best = { from, to, words, count, share, expected, log10Probability }
      }
    }
  return best
}

function referenceTimes(group: Group, population: Population, coming: Coming): readonly number[] {
  return [...group.members]
    .filter((account) => population.isReference(account))
    .map((account) => coming.of(account, population))
    .filter((time) => time >= coming.from)
    .sort((a, b) => a - b)
}
