import { code } from '../accounts.ts'
import { day, habit, hour, lognormal, sessions } from '../clock.ts'
import { personClients, userAgent } from '../clients.ts'
import type { Clients } from '../clients.ts'
import { system } from '../grammar/systems.ts'
import { request, writer } from '../grammar/writer.ts'
import { anyCountry, hostAddress, mix, mobileAddress, siteAddress } from '../places.ts'
import type { Country } from '../places.ts'
import { converse, longReply, turnsOf } from '../talk.ts'
import type { Draft } from '../source.ts'
import { customer, each, inTurn, single, userOnly } from '../world.ts'
import type { Builder } from '../world.ts'
import { anySettings, bodyFor, favourite, fullAnswer } from './asking.ts'
import { chatSettings, somebody } from './people.ts'

// People whose network, place or pace says something wrong about them.

const customersPerExit = 30

/** Strangers who come out of the same commercial tunnel, often far from where their words are from. */
export const vpn: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `vpn/${at}`, { cls: 'vpn' }, (random, account, span) => {
      const exit = world.random.fork(`tunnel/${Math.floor(at / customersPerExit)}`)
      const place = anyCountry(exit)
      const [provider, first] = [exit.integer(0, 5), exit.integer(0, 0x7fffffff)]
      const {
        place: home,
        person,
        clients,
      } = somebody(random, random.chance(0.7) ? 'browser' : 'script')
      const line = random.integer(0, 0x7fffffff)
      const tunnelled: Clients = (now) => {
        const plain = clients(now)
        if (mix(line, Math.floor(now / (6 * hour))) % 5 === 0) return plain
        const machine = first + (mix(line, Math.floor(now / day)) % 4)
        return { ...plain, ip: hostAddress(provider, machine), country: place.code }
      }
      const settings = chatSettings(random)
      const perDay = lognormal(random, 1.1 * world.config.activity, 1)
      return inTurn(sessions(random, habit(random, perDay, home.zone), span), (start) => {
        const turns = turnsOf(random, 1.9)
        return converse(start, { account, clients: tunnelled, writer: person, settings, turns })
      })
    }),
  )

/** People whose address changes by the hour: on the road, or on a campus. */
export const roamer: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `roamer/${at}`, { cls: 'roamer' }, (random, account, span) => {
      const { place, person, clients } = somebody(random)
      const line = random.integer(0, 0x7fffffff)
      const campus = random.chance(0.4) ? random.integer(0, 40) : null
      const moving: Clients = (now) => {
        const moment = Math.floor(now / hour)
        const ip =
          campus === null
            ? mobileAddress(place, line, moment)
            : siteAddress(campus, mix(line, moment), 200)
        return { ...clients(now), ip }
      }
      const settings = chatSettings(random)
      const perDay = lognormal(random, 2 * world.config.activity, 1.1)
      return inTurn(sessions(random, habit(random, perDay, place.zone), span), (start) => {
        const turns = turnsOf(random, 1.8)
        return converse(start, { account, clients: moving, writer: person, settings, turns })
      })
    }),
  )

const membersPerTeam = 12

/** Colleagues in different towns who share a library of prompts; the bill is not always one. */
export const team: Builder = (world, range) =>
  each(range, (at) => {
    const firm = world.random.fork(`team/${Math.floor(at / membersPerTeam)}`)
    const org = `org-${code(firm, 9)}`
    const known = firm.chance(0.5)
    const home = anyCountry(firm)
    const author = writer(firm, firm.chance(0.5) ? 'en' : home.language)
    const library = Array.from({ length: 5 }, (_, n) =>
      favourite(author, n < 2 ? 'reasoning' : n < 4 ? 'answer' : 'grading', 0.2),
    )
    const brief = system(firm, 'batch')
    return customer(
      world,
      `team/${at}`,
      known ? { cls: 'team', org } : { cls: 'team' },
      (random, account, span) => {
        const place: Country = random.chance(0.6) ? home : anyCountry(random)
        const person = writer(random, author.language)
        const clients = personClients(
          random,
          place,
          userAgent(random, random.chance(0.5) ? 'browser' : 'script'),
        )
        const settings = anySettings(random)
        const share = 0.3 + 0.7 * random.next()
        const perDay = lognormal(random, 2.4 * world.config.activity, 0.7)
        return inTurn(
          sessions(random, habit(random, perDay, place.zone, 0.15), span),
          function* (start): Generator<Draft> {
            const kind = random.next()
            if (kind > share)
              return yield* converse(start, {
                account,
                clients,
                writer: person,
                settings,
                turns: turnsOf(random, 1.8),
              })
            const chosen = random.pick(library)
            const asked = bodyFor(person, chosen.aim)
            const content =
              kind < share / 3 ? `${brief}\n\n${request(person)}` : chosen.about(person, asked)
            const answer = fullAnswer(random, person, chosen.aim)
            yield* single(random, start, {
              account,
              clients,
              settings,
              messages: userOnly(content),
              answer,
            })
          },
        )
      },
    )
  })

/** Old accounts that hardly ask, until a project begins: another client, another place, far more of it. */
export const returner: Builder = (world, range) =>
  each(range, (at) => {
    const opened = world.random.fork(`returner-opened/${at}`).integer(90, 1100)
    const created = world.span.start - opened * day
    return customer(
      world,
      `returner/${at}`,
      { cls: 'returner', created },
      (random, account, span) => {
        const { place, person, clients } = somebody(random)
        const back = span.start + random.next() * Math.max(0, span.end - span.start - day)
        const away = somebody(random, 'script')
        const project = anySettings(random)
        const kept = [favourite(person, 'reasoning'), favourite(person, 'answer')]
        const lists = random.chance(0.5)
        const rarely = habit(random, 0.15 * world.config.activity, place.zone)
        const often = habit(
          random,
          lognormal(random, 8 * world.config.activity, 0.7),
          place.zone,
          1,
        )
        const until = Math.min(span.end, back + random.integer(2, 9) * day)
        const starts = [
          ...sessions(random, rarely, { start: span.start, end: Math.max(span.start + 1, back) }),
          ...sessions(random, often, { start: back, end: until }),
        ].sort((a, b) => a - b)
        return inTurn(starts, function* (start): Generator<Draft> {
          if (start < back)
            return yield* converse(start, {
              account,
              clients,
              writer: person,
              settings: chatSettings(random),
              turns: turnsOf(random, 1.8),
            })
          const chosen = random.pick(kept)
          const asked = lists ? chosen.about(person, bodyFor(person, chosen.aim)) : request(person)
          const answer = lists
            ? fullAnswer(random, person, chosen.aim)
            : longReply(random, person.tongue, person.voice.topics, 300)
          yield* single(random, start, {
            account,
            clients: away.clients,
            settings: project,
            messages: userOnly(asked),
            answer,
          })
        })
      },
    )
  })
