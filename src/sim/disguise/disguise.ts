import type { Exchange } from '../../record/index.ts'
import type { Disguise } from './disguises.ts'
import { renaming } from './names.ts'
import { rewording } from './wording.ts'

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
