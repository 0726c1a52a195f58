import type { Random } from '../core/random.ts'
import type { Clients } from './clients.ts'
import type { Account, Draft } from './source.ts'

/** An account as a pool holds it. */
export type Credential = { readonly account: Account; readonly clients: Clients }

/**
 * What clients with several keys do: a share of the requests is refused, and asked at once with the
 * next key. The refusal is put before the answer, where it leaves the order of time as it is.
 */
export function* failover(
  random: Random,
  drafts: Iterable<Draft>,
  poolAt: (at: number) => readonly Credential[],
  share: number,
): Generator<Draft> {
  let last = Infinity
  for (const draft of drafts) {
    const pool = random.chance(share) ? poolAt(draft.at) : []
    const next = pool[random.integer(0, pool.length - 1)]
    if (next === undefined || next.account === draft.account) yield draft
    else {
      const at = Math.min(draft.at, Math.max(last, draft.at - random.integer(200, 6_000)))
      yield { ...draft, at, answer: null }
      yield { ...draft, account: next.account, client: next.clients(draft.at) }
    }
    last = draft.at
  }
}
