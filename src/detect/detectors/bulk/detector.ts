import { shareAtLeast } from '../../../core/statistics.ts'
import type { Detector } from '../../detector.ts'
import type { Population } from '../../population.ts'
import { heads, ofAccounts, othersShare, percent, weightOf } from '../../weight.ts'

const weightMax = 2
const exchangesMin = 100
/** Hours of the day (UTC) in which a person sleeps leave a gap; a program leaves none. */
const hoursMin = 22
/** The share of accounts that draw the most text. */
const topShare = 0.05

/** Round-the-clock harvesting of long answers, by one account or by each of a group. */
export const bulk: Detector = {
  id: 'bulk',
  title: 'Bulk harvesting',
  family: 'timing',
  clears: 'A contract for bulk work that names the account, and what became of the answers.',
  shows: new URL('shows.sql', import.meta.url),
  weighGroup: (group, population) => {
    const found = heads('harvests', group, population, (account) => harvests(account, population))
    if (found.count < 2) return null
    return {
      family: 'timing',
      value: found.count,
      weight: weightOf(found, weightMax),
      holds: (account) => harvests(account, population),
      text:
        `${ofAccounts(found.count, found.of)} draw answers at nearly every hour of the day and are among the ${percent(topShare)} of accounts ` +
        `that draw the most text; ${othersShare(found.expected)} of other accounts do both.`,
    }
  },
  weighAccount: (account, population) => {
    if (!roundTheClock(account, population)) return null
    // A scraper of likelihoods draws one token at a time; what it draws most of is answers.
    const rank = Math.max(
      Math.min(
        shareAbove('tokensOut', account, population),
        shareAbove('exchanges', account, population),
      ),
      1 / population.size(),
    )
    if (rank > topShare) return null
    return {
      family: 'timing',
      value: population.fact('tokensOut', account),
      weight: Math.min(weightMax, -Math.log10(rank) / 2),
      holds: (other) => other === account,
      text:
        `It drew ${Math.round(population.fact('tokensOut', account) / 1000)} thousand tokens in ${population.fact('exchanges', account)} exchanges, ` +
        `at nearly every hour of the day; ${percent(rank)} of accounts drew as much text, or asked as often.`,
    }
  },
}

function shareAbove(fact: string, account: number, population: Population): number {
  const everyone = population.sorted(fact, (other) => population.fact(fact, other))
  return shareAtLeast(everyone, population.fact(fact, account))
}

function roundTheClock(account: number, population: Population): boolean {
  return (
    population.fact('exchanges', account) >= exchangesMin &&
    bits(population.hours(account)) >= hoursMin
  )
}

function harvests(account: number, population: Population): boolean {
  return (
    roundTheClock(account, population) && shareAbove('tokensOut', account, population) <= topShare
  )
}

function bits(value: number): number {
  let count = 0
  for (let rest = value; rest !== 0; rest &= rest - 1) count += 1
  return count
}
