import type { Detector, Evidence } from '../../detector.ts'
import type { Group } from '../../group.ts'
import type { Population } from '../../population.ts'
import { heads, ofAccounts, othersShare, percent, weightOf } from '../../weight.ts'

const weightMax = 2.5
/** One account alone: many honest ones ask so too. */
const weightMaxAlone = 1.5
/** An account asks habitually when this share of its requests does, and at least this many. */
const habitShareMin = 0.3
const habitExchangesMin = 3
const aloneExchangesMin = 50

const asks = [
  { fact: 'reasoning', words: 'ask for the reasoning to be written out', atlas: ['AML.T0024.002'] },
  { fact: 'grading', words: 'have answers graded by a rubric', atlas: ['AML.T0024.002'] },
  { fact: 'trainingFormat', words: 'ask for training material', atlas: ['AML.T0024.002'] },
  {
    fact: 'selfDescription',
    words: 'ask for the rules the model follows',
    atlas: ['AML.T0056', 'AML.T0069'],
  },
] as const
type Ask = (typeof asks)[number]

/** What is asked for is what training a copy needs: worked-out reasoning, grades, training rows, rules. */
export const elicitation: Detector = {
  id: 'elicitation',
  title: 'Requests for what training a copy needs',
  family: 'elicitation',
  clears:
    'A use for what was asked that is not training a model: an agreed evaluation, teaching, the checking of a product’s own answers.',
  shows: new URL('shows.sql', import.meta.url),
  facts: new URL('facts.sql', import.meta.url),
  weighGroup: (group, population) =>
    strongest(asks.map((ask) => groupEvidence(ask, group, population))),
  weighAccount: (account, population) =>
    strongest(asks.map((ask) => accountEvidence(ask, account, population))),
}

function share(ask: Ask, account: number, population: Population): number {
  return population.fact(ask.fact, account) / Math.max(1, population.fact('exchanges', account))
}

function habitual(ask: Ask, account: number, population: Population): boolean {
  return (
    population.fact(ask.fact, account) >= habitExchangesMin &&
    share(ask, account, population) >= habitShareMin
  )
}

function groupEvidence(ask: Ask, group: Group, population: Population): Evidence | null {
  const found = heads(ask.fact, group, population, (account) => habitual(ask, account, population))
  if (found.count < 2) return null
  return {
    family: 'elicitation',
    value: found.count,
    weight: weightOf(found, weightMax, asks.length),
    holds: (account) => habitual(ask, account, population),
    text: `${ofAccounts(found.count, found.of)} habitually ${ask.words}; ${othersShare(found.expected)} of other accounts do.`,
    atlas: ask.atlas,
  }
}

function accountEvidence(ask: Ask, account: number, population: Population): Evidence | null {
  const own = share(ask, account, population)
  const count = population.fact(ask.fact, account)
  if (count < aloneExchangesMin || own < habitShareMin) return null
  const shares = population.shares(ask.fact, (other) => (habitual(ask, other, population) ? 1 : 0))
  const common = Math.max(0.02, shares[1] ?? 0)
  return {
    family: 'elicitation',
    value: own,
    weight: Math.min(weightMaxAlone, -Math.log10(common)),
    holds: (other) => other === account,
    text: `${count} of its requests (${percent(own)}) ${ask.words}; ${othersShare(common)} of accounts do so habitually.`,
    atlas: ask.atlas,
  }
}

function strongest(all: readonly (Evidence | null)[]): Evidence | null {
  return all.reduce(
    (best, each) => (each !== null && (best === null || each.weight > best.weight) ? each : best),
    null,
  )
}
