import { type TraitKind, traitKinds } from '../../../src/detect/detector.ts'
import { emptyPopulation, type PopulationState } from '../../../src/detect/population.ts'

/** A population told by hand: accounts are numbered from 0 in the order of their first request. */
export type Village = {
  readonly population: PopulationState
  /** Lets an account send so many requests in the present step. */
  readonly act: (account: number, exchanges?: number, known?: Partial<Known>) => void
  /** Makes a trait a habit of these accounts. */
  readonly share: (kind: TraitKind, trait: number, accounts: readonly number[]) => void
  /** Begins the step so many after the present one. */
  readonly later: (steps?: number) => void
}

type Known = { readonly createdDay: number; readonly org: number; readonly hours: number }

export function village(accounts = 0, stepSeconds = 3600): Village {
  const population = emptyPopulation(stepSeconds)
  population.beginStep(0)
  const act: Village['act'] = (account, exchanges = 1, known = {}) =>
    population.foldActivity(hashOf(account), {
      exchanges,
      createdDay: 0,
      org: 0,
      hours: 0,
      ...known,
    })
  for (let account = 0; account < accounts; account++) act(account)
  return {
    population,
    act,
    share: (kind, trait, who) => {
      for (const account of who) population.foldUse(hashOf(account), trait, traitKinds[kind])
      for (const account of who) population.foldHabit(hashOf(account), trait)
    },
    later: (steps = 1) => population.beginStep(population.step() + steps),
  }
}

/** The fingerprint of the account of this number. */
export function hashOf(account: number): number {
  return 1_000 + account
}
