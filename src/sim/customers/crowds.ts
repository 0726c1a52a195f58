import type { Random } from '../../core/random.ts'
import { day, habit, hour, sessions } from '../clock.ts'
import { personClients, userAgent } from '../clients.ts'
import type { Clients } from '../clients.ts'
import { request, writer } from '../grammar/writer.ts'
import { system } from '../grammar/systems.ts'
import { anyCountry, mix, siteAddress } from '../places.ts'
import type { Country } from '../places.ts'
import { converse, longReply, turnsOf } from '../talk.ts'
import { customer, days, each, inTurn, single, withSystem } from '../world.ts'
import type { Builder, World } from '../world.ts'
import { chatSettings } from './people.ts'

/** Now in the shared building, now at home. */
function nowAndThen(site: Clients, home: Clients, random: Random, share: number): Clients {
  const line = random.integer(0, 0x7fffffff)
  return (at) => (mix(line, Math.floor(at / (2 * hour))) / 4294967296 < share ? site(at) : home(at))
}

function siteClients(
  site: number,
  visitor: number,
  exits: number,
  place: Country,
  agent: string,
): Clients {
  return () => ({ ip: siteAddress(site, visitor, exits), country: place.code, userAgent: agent })
}

const studentsPerClass = 38

/** A class of students: one campus, one assignment pasted by most, accounts opened for the course. */
export const course: Builder = (world, range) =>
  each(range, (at) => {
    const number = Math.floor(at / studentsPerClass)
    const shared = world.random.fork(`course/${number}`)
    const place = anyCountry(shared)
    const site = shared.integer(0, 0xffff)
    const tasks = [system(shared, 'assignment'), system(shared, 'assignment')]
    const set = days(world, shared.integer(0, Math.max(0, world.config.days - 8)), 8)
    const joined = world.random.fork(`student/${at}`)
    const created = joined.chance(0.7)
      ? set.start - joined.integer(0, 40) * 2 * hour
      : set.start - joined.integer(30, 700) * day
    return customer(
      world,
      `course/${at}`,
      { cls: 'course', created: Math.max(created, set.start - 900 * day) },
      (random, account, span) => {
        const agent = userAgent(random, random.chance(0.6) ? 'browser' : 'script')
        const person = writer(random, random.chance(0.8) ? place.language : 'en')
        const home = personClients(random, place, agent)
        const clients = nowAndThen(siteClients(site, at, 3, place, agent), home, random, 0.65)
        const settings = chatSettings(random)
        const habits = habit(random, 2.2 * world.config.activity, place.zone, 0.9)
        const term = { start: Math.max(span.start, set.start), end: set.end }
        return inTurn(sessions(random, habits, term), (start) => {
          const talk = { account, clients, writer: person, settings, turns: turnsOf(random, 1.7) }
          const task = random.pick(tasks)
          const pasted = random.chance(0.5) ? task : `${task}\n\n${request(person)}`
          return converse(start, random.chance(0.6) ? { ...talk, first: pasted } : talk)
        })
      },
    )
  })

const hackersPerEvent = 36

/** A hackathon: a weekend, one venue, new accounts, and the same starter kit in every script. */
export const hackathon: Builder = (world, range) =>
  each(range, (at) => {
    const event = world.random.fork(`hackathon/${Math.floor(at / hackersPerEvent)}`)
    const place = anyCountry(event)
    const site = event.integer(0, 0xffff)
    const kit = system(event, 'starter')
    const agent = userAgent(event, 'script')
    const weekend = days(world, weekendOf(world, event), 2)
    const created = weekend.start - 6 * hour + world.random.fork(`hacker/${at}`).next() * 20 * hour
    return customer(
      world,
      `hackathon/${at}`,
      { cls: 'hackathon', created },
      (random, account, span) => {
        const own = userAgent(random, 'script')
        const at2 = siteClients(site, at, 2, place, random.chance(0.6) ? agent : own)
        const clients = nowAndThen(at2, personClients(random, place, own), random, 0.85)
        const person = writer(random, random.chance(0.5) ? 'en' : place.language)
        const topics = person.voice.topics.slice(0, 1)
        const settings = { model: 'heron-2', temperature: 0.7, max_tokens: 800 }
        const busy = { ...habit(random, 10 * world.config.activity, place.zone, 1), width: 3 }
        return inTurn(
          sessions(random, busy, { start: Math.max(span.start, weekend.start), end: weekend.end }),
          function* (start) {
            const messages = withSystem(kit, request(person))
            const answer = longReply(random, person.tongue, topics, 220)
            yield* single(random, start, {
              account,
              clients,
              settings,
              messages,
              answer,
              refused: 0.02,
            })
          },
        )
      },
    )
  })

/** The first Saturday of the world, or some day where there is none. */
function weekendOf(world: World, random: Random): number {
  for (let at = 0; at < world.config.days - 1; at++)
    if (new Date(world.span.start + at * day).getUTCDay() === 6 && random.chance(0.7)) return at
  return random.integer(0, Math.max(0, world.config.days - 2))
}
