import type { Random } from '../../core/random.ts'
import { openAccount } from '../accounts.ts'
import { day, habit, sessions, ticks } from '../clock.ts'
import type { Span } from '../clock.ts'
import { fixedClient, personClients, userAgent } from '../clients.ts'
import type { Clients } from '../clients.ts'
import type { CampaignConfig } from '../config.ts'
import { loop } from '../customers/coders.ts'
import { agents } from '../grammar/agents.ts'
import { code } from '../grammar/code.ts'
import { tongues } from '../grammar/tongues.ts'
import { opening, writer } from '../grammar/writer.ts'
import type { Writer } from '../grammar/writer.ts'
import { merge } from '../merge.ts'
import { anyCountry, hostAddress } from '../places.ts'
import type { Country } from '../places.ts'
import type { Account, Draft, Source, Thread } from '../source.ts'
import { converse, longReply, pause, turnsOf } from '../talk.ts'
import { newModel, single } from '../world.ts'
import type { World } from '../world.ts'
import { payloadOf } from './payload.ts'
import type { Book } from './payload.ts'

/** One account in the hands of a campaign, from its first day of use to its last. */
export type Member = {
  readonly account: Account
  readonly number: number
  readonly span: Span
  readonly place: Country
  readonly clients: Clients
  readonly person: Writer
  readonly random: Random
}

/** What the accounts of a careless campaign have in common. */
export type Shared = {
  readonly place: Country
  readonly agent: string
  readonly provider: number
  readonly machine: number
}

export function enlist(
  world: World,
  config: CampaignConfig,
  shared: Shared,
  number: number,
): Member {
  const random = world.random.fork(`campaign/${config.name}/${number}`)
  const span = serviceOf(world, config, number)
  const created = span.start - (0.05 + random.next() * config.signUpDays) * day
  const account = openAccount(random, {
    cls: config.style,
    label: 'attack',
    campaign: config.name,
    created,
  })
  const place = config.network === 'residential' ? anyCountry(random) : shared.place
  const agent =
    config.userAgents === 'one'
      ? shared.agent
      : userAgent(random, random.chance(0.3) ? 'browser' : 'script')
  const clients = clientsOf(config, shared, random, place, agent)
  return { account, number, span, place, clients, person: writer(random, place.language), random }
}

function clientsOf(
  config: CampaignConfig,
  shared: Shared,
  random: Random,
  place: Country,
  agent: string,
): Clients {
  if (config.network === 'residential') return personClients(random, place, agent)
  const machine =
    config.network === 'one' ? shared.machine : shared.machine + random.integer(1, 1_000_000)
  return fixedClient({
    ip: hostAddress(shared.provider, machine),
    country: place.code,
    userAgent: agent,
  })
}

/** The days on which member `number` serves: all, or one life in the slot it takes over. */
function serviceOf(world: World, config: CampaignConfig, number: number): Span {
  const first = world.span.start + config.startDay * day
  const end = Math.min(world.span.start + config.endDay * day, world.span.end)
  if (config.lifeDays === 0) return { start: first, end }
  const lives = Math.max(1, Math.ceil((end - first) / day / config.lifeDays))
  const slots = Math.ceil(config.accounts / lives)
  const start = first + Math.floor(number / slots) * config.lifeDays * day
  return { start, end: Math.min(start + config.lifeDays * day, end) }
}

export function* work(world: World, book: Book, member: Member): Generator<Draft> {
  const { config } = book
  // Seeds are dealt out like cards, so that no two members pay for the same one.
  let seed = member.number
  let free = 0
  for (const at of asksOf(config, member)) {
    const ordinary = member.random.chance(config.dilution)
    const start = Math.max(at, free)
    for (const draft of ordinary
      ? disguise(start, member)
      : harvest(world, book, member, start, seed)) {
      free = draft.at + 1
      yield draft
    }
    if (!ordinary) seed += config.accounts
  }
}

/** When a member asks: by the clock, or in bursts as a person at a desk does. */
export function* asksOf(config: CampaignConfig, member: Member): Generator<number> {
  const busy = config.schedule === 'human' && config.perAccountPerDay > 4
  for (const start of startsOf(config, member)) {
    let at = start
    for (let left = busy ? turnsOf(member.random, 2) : 1; left > 0; left--) {
      if (at < member.span.end) yield at
      at += pause(member.random)
    }
  }
}

function startsOf(config: CampaignConfig, member: Member): Iterable<number> {
  const { random, span, place } = member
  if (config.schedule === 'clock') return ticks(random, config.perAccountPerDay, span)
  const perDay = config.perAccountPerDay > 4 ? config.perAccountPerDay / 2 : config.perAccountPerDay
  return sessions(random, habit(random, perDay, place.zone, 0.8), span)
}

/** Traffic that looks like anybody's. */
function disguise(at: number, member: Member): Iterable<Draft> {
  const { account, clients, person, random } = member
  const settings = { model: 'heron-2', stream: true }
  return converse(at, {
    account,
    clients,
    writer: person,
    settings,
    first: opening(person),
    turns: random.integer(1, 2),
  })
}

function harvest(
  world: World,
  book: Book,
  member: Member,
  at: number,
  seed: number,
): Iterable<Draft> {
  const { account, clients, random } = member
  const model = modelOf(world, book.config, member, at)
  if (book.config.payload === 'trajectory') {
    const agent = agents[0]
    const task = code(world.random.fork(`${book.label}/task/${seed}`), 'task')
    return agent
      ? loop(random, at, {
          account,
          clients,
          agent,
          settings: { model },
          repository: '',
          bytes: 0,
          task,
        })
      : []
  }
  const { messages, settings, answer } = payloadOf(random, book, seed)
  return single(random, at, {
    account,
    clients,
    messages,
    settings: { model, ...settings },
    answer,
    refused: 0.01,
  })
}

export function modelOf(world: World, config: CampaignConfig, member: Member, at: number): string {
  const moved = world.span.start + (world.config.launchDay + 0.2 + (member.number % 7) / 9) * day
  return config.pivots && at >= moved ? newModel : 'heron-2-pro'
}

/** A relay: turns of one conversation go round the pool, and a refused turn to the next at once. */
export function pool(world: World, book: Book, members: readonly Member[], random: Random): Source {
  const { config } = book
  const span = members[0]?.span ?? world.span
  const turnsMean = 3
  const perDay = (config.perAccountPerDay * members.length) / turnsMean
  let turn = random.integer(0, members.length)
  function* threads(): Generator<Thread> {
    let seed = 0
    for (const start of ticks(random, perDay, span)) {
      const number = seed++
      yield {
        start,
        open: () => around(relayed(book, start, number, random), members, () => turn++),
      }
    }
  }
  return {
    accounts: members.map(({ account }) => account),
    start: span.start,
    open: () => merge(threads()),
  }
}

/** A conversation of the pool as if it had one account: the seed, then requests to go on. */
function* relayed(
  book: Book,
  start: number,
  seed: number,
  random: Random,
): Generator<Omit<Draft, 'account' | 'client'>> {
  const { messages, settings, answer } = payloadOf(random, book, seed)
  const pushes = [
    'Go on from there.',
    'Check that by another way and write it out again in full.',
    'Now a harder variant, worked the same way.',
    'List what you ruled out, and why.',
  ]
  let history = messages
  let given = answer
  let at = start
  for (let left = turnsOf(random, 3, 6); left > 0; left--) {
    const request = { model: 'heron-2-pro', ...settings, messages: history }
    if (random.chance(0.03)) {
      yield { at, request, answer: null }
      at += random.integer(300, 4_000)
    }
    yield { at, request, answer: given }
    history = [
      ...history,
      { role: 'assistant', content: given.text },
      { role: 'user', content: random.pick(pushes) },
    ]
    given = longReply(random, tongues.en, ['science'], 700)
    at += random.integer(9_000, 90_000)
  }
}

function* around(
  talk: Iterable<Omit<Draft, 'account' | 'client'>>,
  members: readonly Member[],
  next: () => number,
): Generator<Draft> {
  for (const draft of talk) {
    const member = members[next() % members.length]
    if (member) yield { ...draft, account: member.account, client: member.clients(draft.at) }
  }
}
