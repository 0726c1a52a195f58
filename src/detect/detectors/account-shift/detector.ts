import { quantile } from '../../../core/statistics.ts'
import type { Detector } from '../../detector.ts'
import type { Population } from '../../population.ts'
import { heads, ofAccounts, othersShare, percent, weightOf } from '../../weight.ts'

const weightMax = 1.5
const exchangesMin = 5
/** An account's answers are long when they are longer than those of this share of like accounts. */
const highShare = 0.8
const segments = 8

/** Answers longer than those of accounts that use the API in the same way: yield is what an extractor pays for. */
export const accountShift: Detector = {
  id: 'account-shift',
  title: 'Answer yield against like accounts',
  family: 'content',
  clears:
    'A product that needs such long answers, named by the customer and visible in the exchanges.',
  shows: new URL('shows.sql', import.meta.url),
  weighGroup: (group, population) => {
    const found = heads('high yield', group, population, (account) =>
      highYield(account, population),
    )
    if (found.count < 3) return null
    return {
      family: 'content',
      value: found.count,
      weight: weightOf(found, weightMax),
      holds: (account) => highYield(account, population),
      text:
        `${ofAccounts(found.count, found.of)} draw longer answers than ${percent(highShare)} of the accounts that use the API in the same way; ` +
        `${othersShare(found.expected)} of other accounts do.`,
    }
  },
}

/** Like accounts: those with or without a system prompt, with or without tools, in single turns or conversations. */
function segment(account: number, population: Population): number {
  const exchanges = Math.max(1, population.fact('exchanges', account))
  const bit = (fact: string): number => (population.fact(fact, account) > exchanges / 2 ? 1 : 0)
  return bit('withSystem') + 2 * bit('withTools') + 4 * bit('singleTurn')
}

function tokensPerAnswer(account: number, population: Population): number {
  return population.fact('tokensOut', account) / Math.max(1, population.fact('answered', account))
}

function highYield(account: number, population: Population): boolean {
  if (population.fact('exchanges', account) < exchangesMin) return false
  const own = segment(account, population)
  const like = population.sorted(`yield ${own} of ${segments}`, (other) =>
    population.fact('exchanges', other) >= exchangesMin && segment(other, population) === own
      ? tokensPerAnswer(other, population)
      : Number.NaN,
  )
  return like.length >= 20 && tokensPerAnswer(account, population) > quantile(like, highShare)
}
