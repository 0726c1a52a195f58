import type { Detector } from '../../detector.ts'
import type { Population } from '../../population.ts'
import { chanceOf, heads, ofAccounts, othersShare, weightOf } from '../../weight.ts'

const weightMax = 1.7
/** What an account did before, and since, from which a change is no chance meeting of two new things. */
const familiarExchangesMin = 5
const otherExchangesMin = 15

/** Accounts of some days' standing that went on from a client and a network they had never used. */
export const takeover: Detector = {
  id: 'takeover',
  title: 'Accounts that changed hands',
  family: 'biography',
  clears:
    'Who uses the account since, and why its client and network changed together: a move to production, a new office, another contractor.',
  facts: new URL('facts.sql', import.meta.url),
  shows: new URL('shows.sql', import.meta.url),
  weighGroup: (group, population) => {
    const found = heads('changed hands', group, population, (account) =>
      changedHands(account, population),
    )
    if (found.count < 2) return null
    return {
      family: 'biography',
      value: found.count,
      weight: weightOf(found, weightMax),
      share: found.share,
      chance: chanceOf(found),
      holds: (account) => changedHands(account, population),
      text: `${ofAccounts(found.count, found.of)} went on from a client and a network that were both new to them, after two days or more of other use; ${othersShare(found.expected)} of other accounts did.`,
      atlas: ['AML.T0012'],
    }
  },
}

function changedHands(account: number, population: Population): boolean {
  const other = population.fact('otherHands', account)
  return (
    other >= otherExchangesMin &&
    population.fact('exchanges', account) - other >= familiarExchangesMin
  )
}
