import type { Detector, Evidence } from '../../detector.ts'
import type { Population } from '../../population.ts'
import { heads, ofAccounts, othersShare, weightOf } from '../../weight.ts'

/** The most a use may weigh: of likelihoods alone, which classifiers and calibration studies ask for day in, day out; */
const weightMaxPlain = 1.5
/** of biases, which also restrict an answer to a few labels, the same ones every time; */
const weightMaxBiased = 2.5
/** and of another bias in each request, which reads the vocabulary a window at a time. */
const weightMaxScan = 3.5
const exchangesMin = 100
const shareMin = 0.5
/** No use is taken to be rarer than one account in 200, nor a scan than one in 2,000. */
const baseMin = 0.005
const scanBaseMin = 0.0005

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
      weight: weightOf(found, weightMaxBiased),
      holds: (account) => scrapes(account, population),
      text: `${ofAccounts(found.count, found.of)} ask for token likelihoods, or bias single tokens, in most requests; ${othersShare(found.expected)} of other accounts do.`,
      atlas: ['AML.T0024.002'],
      kind: 'likelihood-scraping',
    }
  },
  weighAccount: (account, population) =>
    scans(account, population)
      ? scanEvidence(account, population)
      : scrapes(account, population)
        ? scrapeEvidence(account, population)
        : null,
}

function scrapes(account: number, population: Population): boolean {
  const exchanges = population.fact('exchanges', account)
  if (exchanges < exchangesMin) return false
  return (
    population.fact('likelihoods', account) >= shareMin * exchanges ||
    population.fact('biased', account) >= shareMin * exchanges
  )
}

/** Half of its requests bias tokens, and of those half by a bias it had not used before. */
function scans(account: number, population: Population): boolean {
  const biased = population.fact('biased', account)
  return (
    biased >= exchangesMin &&
    biased >= shareMin * population.fact('exchanges', account) &&
    population.fact('biases', account) >= shareMin * biased
  )
}

function scrapeEvidence(account: number, population: Population): Evidence {
  const [exchanges, likelihoods, biased] = counts(account, population)
  const common = Math.max(baseMin, shareOf('scrapes likelihoods', scrapes, population))
  const steered = biased >= shareMin * exchanges
  return {
    ...use(account, Math.max(likelihoods, biased)),
    weight: weigh(common, exchanges, steered ? weightMaxBiased : weightMaxPlain),
    text: `${does(exchanges, likelihoods, biased)}; ${othersShare(common, baseMin)} of accounts do so in most requests.`,
  }
}

function scanEvidence(account: number, population: Population): Evidence {
  const [exchanges, likelihoods, biased] = counts(account, population)
  const common = Math.max(scanBaseMin, shareOf('scans by bias', scans, population))
  const biases = population.fact('biases', account)
  return {
    ...use(account, biases),
    weight: weigh(common, exchanges, weightMaxScan),
    text: `${does(exchanges, likelihoods, biased)}, in ${biases} different ways; ${othersShare(common, scanBaseMin)} of accounts change the bias as often.`,
  }
}

function use(account: number, value: number): Omit<Evidence, 'weight' | 'text'> {
  return {
    family: 'api-use',
    value,
    holds: (other) => other === account,
    atlas: ['AML.T0024.002'],
    kind: 'likelihood-scraping',
  }
}

function counts(account: number, population: Population): readonly [number, number, number] {
  return [
    population.fact('exchanges', account),
    population.fact('likelihoods', account),
    population.fact('biased', account),
  ]
}

function shareOf(
  name: string,
  passes: (account: number, population: Population) => boolean,
  population: Population,
): number {
  return population.shares(name, (other) => (passes(other, population) ? 1 : 0))[1] ?? 0
}

/** Ten times the minimum is ten times the rows: volume is what a layer's recovery costs. */
function weigh(common: number, exchanges: number, cap: number): number {
  return Math.min(cap, -Math.log10(common) + Math.log10(exchanges / exchangesMin) / 2)
}

function does(exchanges: number, likelihoods: number, biased: number): string {
  const uses = [
    ...(likelihoods > 0 ? [`${likelihoods} ask for token likelihoods`] : []),
    ...(biased > 0 ? [`${biased} bias single tokens`] : []),
  ]
  return `Of its ${exchanges} requests ${uses.join(' and ')}`
}
