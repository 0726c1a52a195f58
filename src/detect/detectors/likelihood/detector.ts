import type { Detector, Evidence } from '../../detector.ts'
import type { Population } from '../../population.ts'
import { heads, ofAccounts, percent, weightOf } from '../../weight.ts'

const weightMax = 2.5
const exchangesMin = 100
const shareMin = 0.5

/** Likelihoods asked for in bulk, or steered by bias: how a model's last layer is recovered (Carlini et al. 2024, arXiv 2403.06634). */
export const likelihood: Detector = {
  id: 'likelihood',
  title: 'Likelihood scraping',
  family: 'api-use',
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
      text: `${ofAccounts(found.count, found.of)} ask for token likelihoods in most requests; ${percent(found.expected)} of other accounts do.`,
      atlas: ['AML.T0024.002'],
      kind: 'likelihood-scraping',
    }
  },
  weighAccount: (account, population) => {
    if (!scrapes(account, population)) return null
    const exchanges = population.fact('exchanges', account)
    const asked = population.fact('likelihoods', account) + population.fact('biased', account)
    const share = Math.max(
      0.005,
      population.shares('scrapes likelihoods', (other) =>
        scrapes(other, population) ? 1 : 0,
      )[1] ?? 0,
    )
    return bulkOf(asked, exchanges, share, population.fact('biased', account))
  },
}

function bulkOf(asked: number, exchanges: number, share: number, biased: number): Evidence {
  const steered = biased > 0 ? ` and ${biased} that bias single tokens` : ''
  return {
    family: 'api-use',
    value: asked,
    // Ten times the minimum is ten times the rows: volume is what a layer's recovery costs.
    weight: Math.min(weightMax, -Math.log10(share) + Math.log10(exchanges / exchangesMin) / 2),
    holds: () => true,
    text: `${asked} requests in ${exchanges} exchanges ask for token likelihoods${steered}; ${percent(share)} of accounts do so in most requests.`,
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
