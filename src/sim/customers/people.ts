import type { Random } from '../../core/random.ts'
import { habit, hour, lognormal, sessions } from '../clock.ts'
import { fixedClient, personClients, userAgent } from '../clients.ts'
import { code } from '../accounts.ts'
import { prose, request, writer } from '../grammar/writer.ts'
import { system } from '../grammar/systems.ts'
import { anyCountry, siteAddress } from '../places.ts'
import type { Country } from '../places.ts'
import { problem } from '../grammar/problems.ts'
import { converse, longReply, turnsOf } from '../talk.ts'
import type { Settings, Talk } from '../talk.ts'
import { anyModel, customer, days, each, inTurn, newModel, single, userOnly } from '../world.ts'
import type { Builder, World } from '../world.ts'
import type { Draft } from '../source.ts'
import { seeded } from '../../core/random.ts'

/** Somebody with a language, a place and a device. */
export function somebody(random: Random, kind: 'browser' | 'script' = 'browser') {
  const place = anyCountry(random)
  const person = writer(random, random.chance(0.85) ? place.language : 'en')
  const clients = personClients(random, place, userAgent(random, kind))
  return { place, person, clients }
}

export function chatSettings(random: Random): Settings {
  const plain: Settings = { model: anyModel(random), stream: true }
  return random.chance(0.4) ? { ...plain, temperature: random.integer(2, 10) / 10 } : plain
}

/** People who talk to the model. */
export const chat: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `chat/${at}`, { cls: 'chat' }, (random, account, span) => {
      const { place, person, clients } = somebody(random)
      const settings = chatSettings(random)
      const perDay = lognormal(random, 0.9 * world.config.activity, 1)
      return inTurn(sessions(random, habit(random, perDay, place.zone), span), (start) =>
        converse(start, {
          account,
          clients,
          writer: person,
          settings,
          turns: turnsOf(random, 1.9),
        }),
      )
    }),
  )

/** A person with a key and a script: single questions, whenever, no history. */
export const hobbyist: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `hobbyist/${at}`, { cls: 'hobbyist' }, (random, account, span) => {
      const { place, person, clients } = somebody(random, 'script')
      const settings: Settings = { model: anyModel(random), ...oddities(random) }
      const note = random.chance(0.5) ? prose(person.tongue, person.voice, 60, 'wish') : undefined
      const perDay = lognormal(random, 3.5 * world.config.activity, 1.1)
      return inTurn(
        sessions(random, habit(random, perDay, place.zone, 1.2), span),
        function* (start) {
          const asked = request(person)
          const content = note !== undefined && random.chance(0.6) ? `${note}\n${asked}` : asked
          const answer = longReply(random, person.tongue, person.voice.topics, 240)
          yield* single(random, start, {
            account,
            clients,
            settings,
            messages: userOnly(content),
            answer,
          })
        },
      )
    }),
  )

/** What people who read the manual try out. */
function oddities(random: Random): Omit<Settings, 'model'> {
  const kind = random.next()
  if (kind < 0.3) return {}
  if (kind < 0.6)
    return { temperature: random.integer(0, 12) / 10, max_tokens: random.integer(2, 16) * 100 }
  if (kind < 0.75) return { temperature: 0, seed: random.integer(1, 99) }
  if (kind < 0.85) return { logprobs: true, top_logprobs: random.integer(1, 5), max_tokens: 200 }
  return { top_p: random.integer(6, 10) / 10, n: random.integer(1, 2) }
}

const viralPerPrompt = 45

/** People who pasted the prompt of the week, each with a matter of their own. */
export const viral: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `viral/${at}`, { cls: 'viral' }, (random, account, span) => {
      const { place, person, clients } = somebody(random)
      const pasted = system(
        world.random.fork(`viral-prompt/${Math.floor(at / viralPerPrompt)}`),
        'viral',
      )
      const settings = chatSettings(random)
      const perDay = lognormal(random, 0.8 * world.config.activity, 0.8)
      return inTurn(sessions(random, habit(random, perDay, place.zone), span), (start) => {
        const talk = { account, clients, writer: person, settings, turns: turnsOf(random, 1.7) }
        return converse(
          start,
          random.chance(0.4) ? { ...talk, first: `${pasted} ${request(person)}` } : talk,
        )
      })
    }),
  )

const seatsPerFirm = 40

/** Seats of a firm: one address, house prompts, office hours, accounts opened together. */
export const enterprise: Builder = (world, range) =>
  each(range, (at) => {
    const number = Math.floor(at / seatsPerFirm)
    const firm = world.random.fork(`firm/${number}`)
    const place = anyCountry(firm)
    const org = `org-${code(firm, 9)}`
    const known = firm.chance(0.7)
    const house = Array.from({ length: 6 }, () => system(firm, 'batch'))
    const opened = world.span.start - firm.integer(-3, 500) * 24 * hour
    const site = firm.integer(0, 0xffff)
    const created = opened + world.random.fork(`seat/${at}`).next() * 4 * 24 * hour
    const opening = { cls: 'enterprise', created, ...(known ? { org } : {}) }
    return customer(world, `enterprise/${at}`, opening, (random, account, span) => {
      const agent = userAgent(random, random.chance(0.7) ? 'browser' : 'script')
      const clients = fixedClient({
        ip: siteAddress(site, 0, 1),
        country: place.code,
        userAgent: agent,
      })
      return officeTalks(world, random, { account, clients, place, house }, span)
    })
  })

type Seat = Pick<Talk, 'account' | 'clients'> & {
  readonly place: Country
  readonly house: readonly string[]
}

function officeTalks(
  world: World,
  random: Random,
  seat: Seat,
  span: { start: number; end: number },
): Iterable<Draft> {
  const { account, clients, place, house } = seat
  const person = writer(random, place.language)
  const settings = chatSettings(random)
  const office = {
    perDay: 1.4 * world.config.activity,
    zone: place.zone,
    peaks: [10.5, 15],
    width: 1.7,
    weekend: 0.05,
  }
  return inTurn(sessions(random, office, span), (start) => {
    const talk = { account, clients, writer: person, settings, turns: turnsOf(random, 1.7) }
    if (!random.chance(0.5)) return converse(start, talk)
    return converse(start, { ...talk, first: `${random.pick(house)}\n\n${request(person)}` })
  })
}

/** People who come back for the day of a launch and try everything. */
export const launch: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `launch/${at}`, { cls: 'launch' }, (random, account, span) => {
      const { place, person, clients } = somebody(random, random.chance(0.5) ? 'script' : 'browser')
      const burst = days(world, world.config.launchDay + random.next() * 0.6, 1.2)
      const starts = later(
        sessions(random, habit(random, 0.1 * world.config.activity, place.zone), span),
        sessions(random, habit(random, 14, place.zone, 1), {
          start: Math.max(span.start, burst.start),
          end: burst.end,
        }),
      )
      return inTurn(starts, function* (start) {
        const fresh = start >= burst.start
        const settings = { ...chatSettings(random), ...(fresh ? { model: newModel } : {}) }
        const first = fresh && random.chance(0.4) ? riddle(random) : request(person)
        yield* converse(start, {
          account,
          clients,
          writer: person,
          settings,
          first,
          turns: turnsOf(random, 1.3),
        })
      })
    }),
  )

/** The questions everybody puts to a new model. */
function riddle(random: Random): string {
  return problem(seeded(`riddle/${random.integer(0, 11)}`), 'logic')
}

function later(one: Iterable<number>, other: Iterable<number>): Iterable<number> {
  return [...one, ...other].sort((a, b) => a - b)
}

/** A person with two accounts who now and then carries a conversation over from one to the other. */
export const mover: Builder = (world, range) =>
  each({ from: range.from / 2, to: Math.ceil(range.to / 2) }, (at) => {
    const created = world.span.start - (1 + (at % 400)) * 24 * hour
    const second = customer(world, `mover/${at}/b`, { cls: 'mover', created }, () => [])
    const own = second.accounts[0]
    const first = customer(
      world,
      `mover/${at}/a`,
      { cls: 'mover', created },
      (random, account, span) => {
        const { place, person, clients } = somebody(random)
        const settings = chatSettings(random)
        const both = [account, own ?? account]
        const perDay = lognormal(random, 1 * world.config.activity, 0.6)
        let held = 0
        return inTurn(sessions(random, habit(random, perDay, place.zone), span), function* (start) {
          const talk = { clients, writer: person, settings, turns: turnsOf(random, 3) }
          const [from = account, to = account] = held++ % 2 === 0 ? both : both.toReversed()
          yield* moved(converse(start, { ...talk, account: from }), to, random.chance(0.3) ? 2 : 99)
        })
      },
    )
    return { ...first, accounts: [...first.accounts, ...second.accounts] }
  })

/** Turns from `turn` on are asked from the other account. */
function* moved(talk: Iterable<Draft>, to: Draft['account'], turn: number): Generator<Draft> {
  let at = 0
  for (const draft of talk) yield ++at < turn ? draft : { ...draft, account: to }
}
