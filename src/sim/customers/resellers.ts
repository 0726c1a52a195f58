import { ticks } from '../clock.ts'
import { hostedClients, userAgent } from '../clients.ts'
import { languages } from '../grammar/tongues.ts'
import { writer } from '../grammar/writer.ts'
import { merge } from '../merge.ts'
import { anyCountry } from '../places.ts'
import type { Account, Draft, Source, Thread } from '../source.ts'
import { converse, turnsOf } from '../talk.ts'
import { anyModel, customer, each } from '../world.ts'
import type { Builder, World } from '../world.ts'

const accountsPerReseller = 6

/**
 * Resellers: strangers' real conversations spread over a pool of accounts, turn by turn. Grey: the
 * terms forbid it, but nobody asks for training data.
 */
export const reseller: Builder = (world, { from, to }) =>
  each({ from: from / accountsPerReseller, to: Math.ceil(to / accountsPerReseller) }, (at) => {
    const members = Math.min(accountsPerReseller, to - at * accountsPerReseller)
    return pool(world, at, members)
  })

function pool(world: World, at: number, members: number): Source {
  const created = world.span.start - (20 + at) * 24 * 3_600_000
  const held = each({ from: 0, to: members }, (member) =>
    customer(
      world,
      `reseller/${at}/${member}`,
      { cls: 'reseller', label: 'grey', created },
      () => [],
    ),
  ).flatMap((source) => source.accounts)
  const random = world.random.fork(`reseller/${at}`)
  const place = anyCountry(random)
  const clients = hostedClients(random, place, userAgent(random, 'server'), 2)
  const perDay = 22 * members * 0.5 * world.config.activity
  function* threads(): Generator<Thread> {
    for (const start of ticks(random, perDay, world.span))
      yield {
        start,
        open: () => {
          const guest = writer(random, random.pick(languages))
          const settings = { model: anyModel(random), stream: true }
          const [account] = held
          const talk = { clients, writer: guest, settings, turns: turnsOf(random, 2.2, 6) }
          return account
            ? spread(converse(start, { ...talk, account }), held, () =>
                random.integer(0, members - 1),
              )
            : [].values()
        },
      }
  }
  return { accounts: held, start: world.span.start, open: () => merge(threads()) }
}

/** Gives each turn to a member of the pool. */
export function* spread(
  talk: Iterable<Draft>,
  members: readonly Account[],
  next: () => number,
): Generator<Draft> {
  for (const draft of talk) yield { ...draft, account: members[next()] ?? draft.account }
}
