import { quantile } from '../core/statistics.ts'
import type { Group } from './group.ts'
import type { Population } from './population.ts'

/** Exchanges a day from an account's first to the present; its first day counts as a whole one. */
export function dailyPace(account: number, population: Population): number {
  const steps = population.step() + 1 - population.firstStep(account)
  return (
    population.fact('exchanges', account) / Math.max(1, (steps * population.stepSeconds) / 86_400)
  )
}

/** The median of `dailyPace` over a group's members. */
export function medianPace(group: Group, population: Population): number {
  const paces = [...group.members].map((account) => dailyPace(account, population))
  return quantile(
    paces.sort((a, b) => a - b),
    0.5,
  )
}
