import type { Random } from '../../core/random.ts'
import { code } from '../accounts.ts'
import { day, habit, lognormal, sessions } from '../clock.ts'
import { hostedClients, personClients, userAgent } from '../clients.ts'
import type { Clients } from '../clients.ts'
import { coinIdentifier } from '../grammar/coin.ts'
import { system } from '../grammar/systems.ts'
import { exercise } from '../grammar/exercises.ts'
import { capital, prose, request, writer } from '../grammar/writer.ts'
import type { Writer } from '../grammar/writer.ts'
import { anyCountry } from '../places.ts'
import { converse, longReply, turnsOf } from '../talk.ts'
import type { Account, Draft } from '../source.ts'
import {
  anyModel,
  benchmarkItem,
  customer,
  each,
  inTurn,
  newModel,
  single,
  suites,
  userOnly,
  withSystem,
} from '../world.ts'
import type { Builder } from '../world.ts'
import { anyAim, anySettings, bodyFor, favourite, fullAnswer } from './asking.ts'
import type { Favourite } from './asking.ts'
import { somebody } from './people.ts'

// People who ask as extraction does: for every step, at length, for marks, or the same thing many times.

/** People who collect prompts and put the same recipes about all they ask. */
export const prompter: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `prompter/${at}`, { cls: 'prompter' }, (random, account, span) => {
      const { place, person, clients } = somebody(random, random.chance(0.4) ? 'browser' : 'script')
      const settings = anySettings(random)
      const kept = Array.from({ length: random.pick([1, 1, 1, 2, 3, 5]) }, () =>
        favourite(person, anyAim(random)),
      )
      // Some never ask twice in the same words, and they are the ones who ask most.
      const improvises = random.chance(0.5)
      const always = random.chance(0.5) ? anyAim(random) : null
      const planted = plantedIn(
        world.config.campaigns.filter(({ frames }) => frames).length,
        random,
      )
      const share = random.chance(0.6) ? 1 : 0.3 + 0.7 * random.next()
      const perDay = lognormal(random, (improvises ? 11 : 2.5) * world.config.activity, 1)
      const talks = random.chance(0.5)
      return inTurn(
        sessions(random, habit(random, perDay, place.zone), span),
        function* (start): Generator<Draft> {
          const chosen = improvises
            ? favourite(person, always ?? anyAim(random), 0.15)
            : random.pick(kept)
          const body = bodyFor(person, chosen.aim)
          const plain = planted === '' ? body : `${planted}\n${body}`
          const asked = random.chance(share) ? chosen.about(person, plain) : request(person)
          if (talks) {
            const turns = turnsOf(random, 1.5, 4)
            const talk = { account, clients, writer: person, settings, first: asked, turns }
            return yield* converse(start, { ...talk, characters: 700 })
          }
          const answer = fullAnswer(random, person, chosen.aim)
          const messages = userOnly(asked)
          yield* single(random, start, { account, clients, settings, messages, answer })
        },
      )
    }),
  )

/** A text that a campaign put into the public lists from which some people take their prompts. */
function plantedIn(campaigns: number, random: Random): string {
  return campaigns > 0 && random.chance(0.15) ? plantedText(random.integer(0, campaigns - 1)) : ''
}

const plants = [
  'Answer as a panel of three: the builder, the doubter and the clerk. Each speaks once before the vote.',
  'Treat my message as the first page of a casebook and write the page that follows it.',
  'You keep a logbook. Every entry has a guess, a test and a verdict; close the entry before you answer.',
]

export function plantedText(at: number): string {
  return plants[at % plants.length] ?? ''
}

/** Pupils and students who paste their exercises and want to see how it is done. */
export const pupil: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `pupil/${at}`, { cls: 'pupil' }, (random, account, span) => {
      const { place, person, clients } = somebody(random)
      const settings = anySettings(random)
      const says: Favourite = favourite(person, 'reasoning', 0.1)
      const improvises = random.chance(0.4)
      const asks = random.chance(0.5) ? 0.9 : 0.25
      const perDay = lognormal(random, 2.2 * world.config.activity, 0.9)
      return inTurn(sessions(random, habit(random, perDay, place.zone, 0.8), span), (start) => {
        const body = exercise(random, person.language)
        const way = improvises ? favourite(person, 'reasoning', 0.1) : says
        const first = random.chance(asks) ? way.about(person, body) : body
        const talk = { account, clients, writer: person, settings, first }
        return converse(start, { ...talk, turns: turnsOf(random, 1.8, 6), characters: 500 })
      })
    }),
  )

const accountsPerLaboratory = 3

type Bench = {
  readonly random: Random
  readonly account: Account
  readonly clients: Clients
  readonly person: Writer
}
type Trial = (at: number, item: number, bench: Bench) => Iterable<Draft>

/** Academic studies of prompts: one thing varied over many items, for a few days, by a few accounts. */
export const study: Builder = (world, range) =>
  each(range, (at) => {
    const laboratory = world.random.fork(`study/${Math.floor(at / accountsPerLaboratory)}`)
    const org = `org-${code(laboratory, 9)}`
    const kind = laboratory.integer(0, trials.length - 1)
    const opening = laboratory.chance(0.3) ? { cls: 'study', org } : { cls: 'study' }
    return customer(world, `study/${at}`, opening, (random, account, span) => {
      const place = anyCountry(random)
      const agent = userAgent(random, 'script')
      const clients = random.chance(0.5)
        ? hostedClients(random, place, agent)
        : personClients(random, place, agent)
      const person = writer(random, random.chance(0.5) ? 'en' : place.language)
      const bench = { random, account, clients, person }
      const runs = Array.from({ length: random.integer(1, 3) }, () =>
        Math.floor(span.start + random.next() * Math.max(1, span.end - span.start - day / 4)),
      ).sort((a, b) => a - b)
      const items = Math.ceil(lognormal(random, 70 * world.config.activity, 0.7))
      const trial = trials[kind]?.(random, person) ?? (() => [])
      return inTurn(runs, function* (start) {
        let now = start
        for (let item = 0; item < items; item++) {
          for (const draft of trial(now, item, bench)) {
            now = draft.at
            yield draft
          }
          now += 500 + Math.floor(random.next() * 30_000)
        }
      })
    })
  })

/** What a study varies; each is also something that extraction does. */
const trials: readonly ((random: Random, person: Writer) => Trial)[] = [
  // How to ask for steps.
  (random, person) => {
    const model = anyModel(random)
    const ways = Array.from({ length: random.integer(3, 12) }, () => favourite(person, 'reasoning'))
    return (at, item, { random: own, account, clients }) => {
      const suite = benchmarkItem(item % suites, Math.floor(item / suites))
      const way = ways[item % ways.length]
      const messages = userOnly(way?.about(person, suite) ?? suite)
      const settings = { model, temperature: own.pick([0, 0.3, 0.7, 1]), max_tokens: 4096 }
      const answer = fullAnswer(own, person, 'reasoning')
      return single(own, at, { account, clients, settings, messages, answer, refused: 0.01 })
    }
  },
  // How much answers differ: the same question many times.
  (random, person) => {
    const model = anyModel(random)
    const questions = Array.from({ length: random.integer(3, 20) }, () => request(person))
    return (at, item, { random: own, account, clients }) => {
      const messages = userOnly(questions[item % questions.length] ?? '')
      const settings = { model, temperature: 1, n: own.pick([1, 4, 8]), seed: item }
      const answer = longReply(own, person.tongue, person.voice.topics, 500)
      return single(own, at, { account, clients, settings, messages, answer })
    }
  },
  // How sure it is: one token and its likeliest alternatives, some of them forbidden.
  (random, person) => {
    const model = anyModel(random)
    return (at, item, { random: own, account, clients }) => {
      const bias = Object.fromEntries(
        Array.from({ length: item % 4 }, () => [String(own.integer(100, 99_999)), -100]),
      )
      const settings = {
        model,
        temperature: 0,
        max_tokens: 1,
        logprobs: true,
        top_logprobs: own.pick([5, 10, 20]),
        ...(item % 4 > 0 ? { logit_bias: bias } : {}),
      }
      const messages = userOnly(exercise(own, person.language))
      const text = ` ${coinIdentifier(own).slice(0, own.integer(1, 5))}`
      const answer = { text, finish: 'length', completionTokens: 1 } as const
      return single(own, at, { account, clients, settings, messages, answer })
    }
  },
  // What it knows by heart: openings of texts, to be gone on with.
  (random, person) => {
    const model = anyModel(random)
    const order = favourite(person, 'answer')
    return (at, _, { random: own, account, clients }) => {
      const opening = capital(prose(person.tongue, { ...person.voice, random: own }, 90, 'tell'))
      const messages = userOnly(own.chance(0.7) ? opening : order.about(person, opening))
      const most = own.pick([32, 48, 64, 64, 100, 128, 256])
      const settings = { model, temperature: 0, max_tokens: most, logprobs: true }
      const answer = longReply(own, person.tongue, person.voice.topics, 64)
      return single(own, at, { account, clients, settings, messages, answer })
    }
  },
  // Which marks it gives, and whether the order matters.
  (random, person) => {
    const model = random.chance(0.5) ? newModel : 'heron-2-pro'
    const rubric = system(random, 'rubric')
    const way = favourite(person, 'grading')
    return (at, item, { random: own, account, clients }) => {
      const asked = bodyFor(person, 'grading')
      const messages =
        item % 2 === 0 ? withSystem(rubric, asked) : userOnly(way.about(person, asked))
      const settings = { model, temperature: 0, max_tokens: 700 }
      const answer = fullAnswer(own, person, 'grading')
      return single(own, at, { account, clients, settings, messages, answer })
    }
  },
]
