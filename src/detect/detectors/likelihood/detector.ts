import type { Detector, Evidence } from '../../detector.ts'
import type { Population } from '../../population.ts'
import { heads, ofAccounts, othersShare, weightOf } from '../../weight.ts'

const weightMax = 2.5
/** Likelihoods alone: classifiers and calibration studies ask for them day in, day out. */
const weightMaxUnbiased = 1.5
const exchangesMin = 100
const shareMin = 0.5
/** No use is taken to be rarer than one account in 200. */
const baseMin = 0.005

/** Likelihoods asked for in bulk, or steered by bias: how a model's last layer is recovered (Carlini et al. 2024, arXiv 2403.06634). */
export const likelihood: Detector = {
  id: 'likelihood',
  title: 'Likelihood scraping',
  family: 'api-use',
  clears:
    'An agreed use of likelihoods, such as calibration, ranking or research that is known to the provider.',
  shows: new URL('shows.sql', import.meta.url),
  facts: new URL('facts.sql', import.meta.url),
  weighGroup: (group, population) => {
    const found = heads('scrapes likelihoods', group, population, (account) =>
      scrapes(account, population),
    )
    if (found.count === 0) return null
    return {
      family: 'api-use',
      value: found.count,
      weight: weightOf(found, weightMax),
      holds: (account) => scrapes(account, population),
      text: `${ofAccounts(found.count, found.of)} ask for token likelihoods, or bias single tokens, in most requests; ${othersShare(found.expected)} of other accounts do.`,
      atlas: ['AML.T0024.002'],
      kind: 'likelihood-scraping',
    }
  },
  weighAccount: (account, population) => {
    if (!scrapes(account, population)) return null
    const exchanges = population.fact('exchanges', account)
    const share = Math.max(
      baseMin,
      population.shares('scrapes likelihoods', (other) =>
        scrapes(other, population) ? 1 : 0,
      )[1] ?? 0,
    )
    return bulkOf(
      exchanges,
      share,
      population.fact('likelihoods', account),
      population.fact('biased', account),
    )
  },
}

function bulkOf(exchanges: number, share: number, likelihoods: number, biased: number): Evidence {
  const does = [
    ...(likelihoods > 0 ? [`${likelihoods} ask for token likelihoods`] : []),
    ...(biased > 0 ? [`${biased} bias single tokens`] : []),
  ]
  return {
    family: 'api-use',
    value: Math.max(likelihoods, biased),
    // Ten times the minimum is ten times the rows: volume is what a layer's recovery costs.
    weight: Math.min(
      biased >= shareMin * exchanges ? weightMax : weightMaxUnbiased,
      -Math.log10(share) + Math.log10(exchanges / exchangesMin) / 2,
    ),
    holds: () => true,
    text: `Of its ${exchanges} requests ${does.join(' and ')}; ${othersShare(share, baseMin)} of accounts do so in most requests.`,
    atlas: ['AML.T0024.002'],
    kind: 'likelihood-scraping',
  }
}

function scrapes(account: number, population: Population): boolean {
  const exchanges = population.fact('exchanges', account)
  if (exchanges < exchangesMin) return false
  return (
    population.fact('likelihoods', account) >= shareMin * exchanges ||
    population.fact('biased', account) >= shareMin * exchanges
  )
}
