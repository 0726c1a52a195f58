import { openAccount } from '../accounts.ts'
import { day } from '../clock.ts'
import { hostedClients, personClients, userAgent } from '../clients.ts'
import type { CampaignConfig } from '../config.ts'
import { builders, usualPerDay } from '../customers/builders.ts'
import { failover } from '../failover.ts'
import { merge } from '../merge.ts'
import { anyCountry } from '../places.ts'
import type { Draft, Source } from '../source.ts'
import type { World } from '../world.ts'
import { copied } from './guise.ts'

/**
 * A transfer station (T12): genuine people's requests through a reseller's accounts, whose answers it
 * keeps for sale. Nobody asks for training data, so its accounts are grey and never counted; the
 * campaign's name stands with them for whoever wants to score the detection of reselling.
 */
export function station(world: World, config: CampaignConfig): Source {
  const random = world.random.fork(`campaign/${config.name}`)
  const start = world.span.start + config.startDay * day
  const end = Math.min(world.span.start + config.endDay * day, world.span.end)
  const place = anyCountry(random)
  const relay = userAgent(random, 'server')
  const hosts = hostedClients(random, place, relay, 6)
  const members = Array.from({ length: config.accounts }, (_, number) => {
    const own = random.fork(`member/${number}`)
    const habits = copied(own, config.sophistication)
    const created = habits.has('sign-up')
      ? world.span.start - Math.floor(own.next() ** 1.7 * 1100) * day
      : start - own.next() * config.signUpDays * day
    const account = openAccount(own, {
      cls: config.style,
      label: 'grey',
      campaign: config.name,
      created,
    })
    const home = anyCountry(own)
    // A careful station keeps each account on one line, which may get another address overnight.
    const agent = habits.has('client')
      ? userAgent(own, own.chance(0.5) ? 'browser' : 'script')
      : relay
    const lives = personClients(own, home, agent)
    const clients = habits.has('network')
      ? (at: number) => lives(Math.floor(at / day) * day)
      : (at: number) => ({ ...hosts(at), userAgent: agent })
    const perDay = config.perAccountPerDay * (0.4 + 1.2 * own.next())
    return { account, clients, perDay, own }
  })
  const threads = members.flatMap(({ account, clients, perDay, own }) =>
    guests(world, config, { start, end }, perDay, own.fork('guests')).map((guest) => ({
      start: guest.start,
      open: () => served(guest, { account, clients }),
    })),
  )
  threads.sort((a, b) => a.start - b.start)
  const pool = members.map(({ account, clients }) => ({ account, clients }))
  const astray = config.relay ? 0.5 * (1 - config.sophistication) : 0
  return {
    accounts: members.map(({ account }) => account),
    start,
    open: () =>
      failover(
        random,
        wandering(random, merge(threads), pool, astray),
        () => pool,
        config.failover,
      ),
  }
}

/** As many strangers as make up one account's requests. */
function guests(
  world: World,
  config: CampaignConfig,
  span: World['span'],
  perDay: number,
  random: World['random'],
): readonly Source[] {
  const sources: Source[] = []
  for (let sum = 0; sum < perDay;) {
    const cls = random.pick(config.cover)
    const posed = {
      config: { ...world.config, activity: 1 },
      span,
      random: random.fork(`${sources.length}`),
    }
    sources.push(...builders[cls](posed, { from: 0, to: 1 }))
    sum += usualPerDay[cls]
  }
  return sources
}

type Key = Pick<Draft, 'account'> & { readonly clients: (at: number) => Draft['client'] }

function* served(guest: Source, { account, clients }: Key): Generator<Draft> {
  for (const draft of { [Symbol.iterator]: guest.open })
    yield { ...draft, account, client: clients(draft.at) }
}

/** Without sticky sessions, a conversation goes on with whichever account comes next. */
function* wandering(
  random: World['random'],
  drafts: Iterable<Draft>,
  pool: readonly Key[],
  share: number,
): Generator<Draft> {
  for (const draft of drafts) {
    const key = random.chance(share) ? pool[random.integer(0, pool.length - 1)] : undefined
    yield key ? { ...draft, account: key.account, client: key.clients(draft.at) } : draft
  }
}
