import type { Exchange } from '../../record/index.ts'
import { renaming } from './names.ts'
import { rewording } from './wording.ts'

export const disguises = ['names', 'wording', 'both'] as const
/** What of a world is replaced, and the rest is kept: who is called what, how questions are put, or both. */
export type Disguise = (typeof disguises)[number]

/** One world's disguise: equal seeds give equal ones. Memory grows with the names. */
export type Costume = {
  readonly exchange: (exchange: Exchange) => Exchange
  readonly account: (name: string) => string
}

export function disguising(what: Disguise, seed: string): Costume {
  const names = what === 'wording' ? null : renaming(seed)
  const reword = what === 'names' ? null : rewording(seed)
  return {
    account: (name) => names?.account(name) ?? name,
    exchange: (exchange) => {
      const said = reword?.(exchange) ?? exchange
      return names?.exchange(said) ?? said
    },
  }
}
