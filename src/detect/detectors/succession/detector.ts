import type { Detector } from '../../detector.ts'
import type { Group } from '../../group.ts'
import type { Population } from '../../population.ts'
import { chanceOf, heads, ofAccounts, othersShare, weightOf } from '../../weight.ts'

const weightMax = 2
/** An account that asked less, or on fewer days, was not in regular use: it does not end, it was a visit. */
const exchangesMin = 8
const activeDaysMin = 3
/** Silence for longer than a weekend, and than any pause so far by this factor, is an end. */
const silenceSecondsMin = 72 * 3600
const silencePausesMin = 3
/** Within this time of an end a member that begins takes its place. */
const successionSecondsMax = 24 * 3600
/** A successor does more than look in. */
const successorExchangesMin = 5
/** Who was heard of on the log's first day may have begun long before. */
const logBeginsSeconds = 24 * 3600
/** Two accounts given up for two new ones are somebody who moved house. */
const successionsMin = 3

/** Accounts in regular use that fall silent for good, each as another of the group begins: places that are filled again. */
export const succession: Detector = {
  id: 'succession',
  title: 'Accounts that replace each other',
  family: 'biography',
  clears:
    'Why accounts were given up: keys or seats that one customer changes by a rule, or courses that follow each other.',
  facts: new URL('facts.sql', import.meta.url),
  shows: new URL('shows.sql', import.meta.url),
  weighGroup: (group, population) => {
    const replaced = replacements(group, population)
    if (replaced.size < successionsMin) return null
    const filled = new Set([...replaced.keys(), ...replaced.values()])
    // Beginnings only choose among the ends: what is weighed is how many ended, against other accounts.
    const ends = heads(
      'fell silent for good',
      group,
      population,
      (account) => ended(account, population),
      (account) => replaced.has(account),
    )
    return {
      family: 'biography',
      value: replaced.size,
      weight: weightOf(ends, weightMax),
      share: filled.size / group.members.size,
      chance: chanceOf(ends),
      holds: (account) => filled.has(account),
      text: said(replaced.size, group, ends.expected),
      atlas: ['AML.T0021'],
    }
  },
}

function said(count: number, group: Group, expected: number): string {
  return (
    `${ofAccounts(count, group.members.size)} fell silent for good after regular use, and within a day of each another ` +
    `of them began; ${othersShare(expected)} of other accounts fell silent so.`
  )
}

function lastStep(account: number, population: Population): number {
  return population.firstStep(account) + population.fact('lifeSteps', account)
}

function ended(account: number, population: Population): boolean {
  if (population.fact('exchanges', account) < exchangesMin) return false
  if (population.fact('activeDays', account) < activeDaysMin) return false
  const silence = population.step() - lastStep(account, population)
  return (
    silence * population.stepSeconds >= silenceSecondsMin &&
    silence >= silencePausesMin * population.fact('longestPause', account)
  )
}

/** Who took whose place: each end with the first beginning after it that no earlier end has. */
function replacements(group: Group, population: Population): ReadonlyMap<number, number> {
  const { stepSeconds } = population
  const before = (read: (account: number) => number) => (a: number, b: number) =>
    read(a) - read(b) || a - b
  const begins = (account: number): number => population.firstStep(account)
  const ends = (account: number): number => lastStep(account, population)
  const beginners = [...group.members]
    .filter((account) => begins(account) * stepSeconds >= logBeginsSeconds)
    .filter((account) => population.fact('exchanges', account) >= successorExchangesMin)
    .sort(before(begins))
  const replaced = new Map<number, number>()
  let next = 0
  for (const account of [...group.members]
    .filter((each) => ended(each, population))
    .sort(before(ends))) {
    while (next < beginners.length && begins(beginners[next] ?? 0) < ends(account)) next += 1
    const successor = beginners[next]
    if (successor === undefined) break
    if ((begins(successor) - ends(account)) * stepSeconds > successionSecondsMax) continue
    replaced.set(account, successor)
    next += 1
  }
  return replaced
}
