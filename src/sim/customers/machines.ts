import { code, openAccount } from '../accounts.ts'
import { day, hour, lognormal, ticks } from '../clock.ts'
import { hostedClients, userAgent } from '../clients.ts'
import { failover as failingOver } from '../failover.ts'
import { agents } from '../grammar/agents.ts'
import { zipf } from '../grammar/expand.ts'
import { system } from '../grammar/systems.ts'
import { languages } from '../grammar/tongues.ts'
import { request, writer } from '../grammar/writer.ts'
import { merge } from '../merge.ts'
import { anyCountry } from '../places.ts'
import { converse, longReply, turnsOf } from '../talk.ts'
import type { Draft, Source, Thread } from '../source.ts'
import { anyModel, customer, each, inTurn, single, userOnly, withSystem } from '../world.ts'
import type { Builder, World } from '../world.ts'
import { loop } from './coders.ts'

// Machines of honest firms that never sleep.

/** Coding agents in a pipeline: a task for each push, day and night. */
export const ci: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `ci/${at}`, { cls: 'ci' }, (random, account, span) => {
      const place = anyCountry(random)
      const agent = zipf(agents, random)
      const clients = hostedClients(random, place, agent.userAgent, random.integer(1, 12))
      const settings = { model: anyModel(random) }
      const job = { account, clients, agent, settings, repository: '', bytes: 0 }
      const perDay = lognormal(random, 14 * world.config.activity, 0.7)
      return inTurn(ticks(random, perDay, span), (start) => loop(random, start, job))
    }),
  )

/** Regression rigs: the same prompts every night, several times each, in two wordings. */
export const regression: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `regression/${at}`, { cls: 'regression' }, (random, account, span) => {
      const place = anyCountry(random)
      const clients = hostedClients(random, place, userAgent(random, 'server'), 2)
      const person = writer(random, random.chance(0.6) ? 'en' : place.language)
      const arms = [system(random, 'support'), system(random, 'front')]
      const count = Math.ceil(lognormal(random, 14 * world.config.activity, 0.5))
      const prompts = Array.from({ length: count }, () => request(person))
      const model = anyModel(random)
      const opens = random.integer(0, 22) * hour
      const nights = [...nightly(span.start, span.end, opens)]
      return inTurn(nights, function* (start): Generator<Draft> {
        let now = start
        for (const prompt of prompts)
          for (const arm of arms) {
            const settings = { model, temperature: 0, max_tokens: 1024, seed: 7 }
            const messages = withSystem(arm, prompt)
            const answer = longReply(random, person.tongue, person.voice.topics, 180)
            const ask = { account, clients, settings, messages, answer, refused: 0.01 }
            for (const draft of single(random, now, ask)) {
              now = draft.at
              yield draft
            }
            now += random.integer(300, 9_000)
          }
      })
    }),
  )

function* nightly(start: number, end: number, opens: number): Generator<number> {
  for (let at = Math.floor(start / day) * day + opens; at < end; at += day)
    if (at >= start) yield at
}

const keysPerFirm = 4

/** A firm that spreads its traffic over several accounts and goes on with the next when one is refused. */
export const failover: Builder = (world, { from, to }) =>
  each({ from: from / keysPerFirm, to: Math.ceil(to / keysPerFirm) }, (at) =>
    balanced(world, at, Math.min(keysPerFirm, to - at * keysPerFirm)),
  )

function balanced(world: World, at: number, members: number): Source {
  const random = world.random.fork(`failover/${at}`)
  const created = world.span.start - random.integer(20, 700) * day
  const org = random.chance(0.6) ? { org: `org-${code(random, 9)}` } : {}
  const place = anyCountry(random)
  const agent = userAgent(random, 'server')
  const pool = Array.from({ length: members }, (_, member) => {
    const own = random.fork(`key/${member}`)
    const opened = created + own.integer(0, 60) * day
    const account = openAccount(own, {
      cls: 'failover',
      created: Math.min(opened, world.span.start),
      ...org,
    })
    return { account, clients: hostedClients(own, place, agent, 2) }
  })
  const prompt = system(random, 'support')
  const settings = { model: anyModel(random), max_tokens: 1024 }
  const perDay = lognormal(random, 9 * members * world.config.activity, 0.5)
  function* threads(): Generator<Thread> {
    for (const start of ticks(random, perDay, world.span))
      yield {
        start,
        open: () => {
          const guest = writer(random, random.chance(0.8) ? place.language : random.pick(languages))
          const key = random.pick(pool)
          if (random.chance(0.5))
            return single(random, start, {
              ...key,
              settings,
              messages: random.chance(0.5)
                ? withSystem(prompt, request(guest))
                : userOnly(request(guest)),
              answer: longReply(random, guest.tongue, guest.voice.topics, 160),
            })
          const turns = turnsOf(random, 2, 5)
          return converse(start, { ...key, settings, system: prompt, writer: guest, turns })
        },
      }
  }
  return {
    accounts: pool.map(({ account }) => account),
    start: world.span.start,
    open: () => failingOver(random, merge(threads()), () => pool, 0.02),
  }
}
