import type { Random } from '../../core/random.ts'
import { lognormal, ticks } from '../clock.ts'
import { hostedClients, userAgent } from '../clients.ts'
import { code as accountCode } from '../accounts.ts'
import { coinIdentifier, coinLatin } from '../grammar/coin.ts'
import { exercise } from '../grammar/exercises.ts'
import { system } from '../grammar/systems.ts'
import type { SystemRule } from '../grammar/systems.ts'
import { languages } from '../grammar/tongues.ts'
import { problem, subjects } from '../grammar/problems.ts'
import { capital, opening, prose, request, sentence, writer } from '../grammar/writer.ts'
import type { Writer } from '../grammar/writer.ts'
import { merge } from '../merge.ts'
import { anyCountry } from '../places.ts'
import { converse, longReply, tokens, turnsOf } from '../talk.ts'
import type { Answer, Draft, Thread } from '../source.ts'
import { anyModel, customer, each, single, withSystem } from '../world.ts'
import type { Builder, World } from '../world.ts'
import type { Ask } from '../world.ts'
import { favourite } from './asking.ts'

// One account, many people or records behind it: a product that calls the API from its own servers.

type Product = {
  readonly cls: 'app' | 'rag' | 'batch' | 'tutor' | 'school' | 'frontend' | 'writer' | 'aggregator'
  readonly system: SystemRule
  readonly perDay: number
  readonly spread: number
  /** Whether it runs at night, from its servers' point of view. */
  readonly nightly: boolean
  readonly machines: number
  readonly tokens: number
  readonly temperature: number
}

const products: Readonly<Record<Product['cls'], Product>> = {
  app: {
    cls: 'app',
    system: 'support',
    perDay: 22,
    spread: 0.8,
    nightly: false,
    machines: 3,
    tokens: 70,
    temperature: 0.2,
  },
  rag: {
    cls: 'rag',
    system: 'rag',
    perDay: 16,
    spread: 0.7,
    nightly: false,
    machines: 2,
    tokens: 120,
    temperature: 0,
  },
  batch: {
    cls: 'batch',
    system: 'batch',
    perDay: 36,
    spread: 0.9,
    nightly: true,
    machines: 2,
    tokens: 60,
    temperature: 0,
  },
  tutor: {
    cls: 'tutor',
    system: 'tutor',
    perDay: 55,
    spread: 0.5,
    nightly: false,
    machines: 2,
    tokens: 420,
    temperature: 0.3,
  },
  frontend: {
    cls: 'frontend',
    system: 'front',
    perDay: 100,
    spread: 0.5,
    nightly: false,
    machines: 9,
    tokens: 100,
    temperature: 0.7,
  },
  school: {
    cls: 'school',
    system: 'tutor',
    perDay: 55,
    spread: 0.7,
    nightly: false,
    machines: 2,
    tokens: 600,
    temperature: 0.3,
  },
  writer: {
    cls: 'writer',
    system: 'article',
    perDay: 9,
    spread: 0.8,
    nightly: true,
    machines: 1,
    tokens: 900,
    temperature: 0.8,
  },
  aggregator: {
    cls: 'aggregator',
    system: 'front',
    perDay: 75,
    spread: 0.3,
    nightly: false,
    machines: 5,
    tokens: 250,
    temperature: 0.7,
  },
}

function product(kind: Product, serve: Serve): Builder {
  return (world, range) =>
    each(range, (at) =>
      customer(world, `${kind.cls}/${at}`, { cls: kind.cls }, (random, account, span) => {
        const place = anyCountry(random)
        const home = writer(random, place.language)
        const desk: Desk = {
          world,
          kind,
          home,
          account,
          system: system(random, kind.system),
          clients: hostedClients(random, place, userAgent(random, 'server'), kind.machines),
          settings: {
            model: anyModel(random),
            temperature: kind.temperature,
            max_tokens: random.pick([256, 512, 1024, 2048]),
          },
        }
        const perDay = lognormal(random, kind.perDay * world.config.activity, kind.spread)
        const opens = kind.nightly ? random.integer(0, 23) : (24 + 7 - Math.round(place.zone)) % 24
        const hours = kind.nightly ? random.integer(1, 6) : 15
        return merge(
          threads(ticks(random, perDay, span, { opens, hours }), (start) =>
            serve(random, start, desk),
          ),
        )
      }),
    )
}

type Desk = Omit<Ask, 'messages' | 'answer'> & {
  readonly world: World
  readonly kind: Product
  readonly home: Writer
  readonly system: string
}
type Serve = (random: Random, start: number, desk: Desk) => Iterator<Draft>

function* threads(
  starts: Iterable<number>,
  open: (start: number) => Iterator<Draft>,
): Generator<Thread> {
  for (const start of starts) yield { start, open: () => open(start) }
}

/** A stranger who uses the product; made for one conversation and forgotten. */
function visitor(random: Random, desk: Desk): Writer {
  const language = random.chance(0.9) ? desk.home.language : random.pick(languages)
  return writer(random, language)
}

function talking(turnsMean: number): Serve {
  return (random, start, desk) => {
    const guest = visitor(random, desk)
    const { account, clients, settings, system: prompt, kind } = desk
    return converse(start, {
      account,
      clients,
      settings,
      system: prompt,
      writer: guest,
      turns: turnsOf(random, turnsMean, 5),
      characters: kind.tokens * 1.6,
    })
  }
}

function asking(
  content: (random: Random, desk: Desk) => string,
  answer?: (random: Random) => Answer,
): Serve {
  return (random, start, desk) =>
    single(random, start, {
      ...desk,
      messages: withSystem(desk.system, content(random, desk)),
      answer:
        answer?.(random) ??
        longReply(random, desk.home.tongue, desk.home.voice.topics, desk.kind.tokens),
      refused: 0.004,
    })
}

/** Support bots: short conversations under one system prompt. */
export const app: Builder = product(products.app, talking(1.3))

/** Chat front ends: strangers in every language through one key. */
export const aggregator: Builder = product(products.aggregator, (random, start, desk) => {
  const guest = writer(random, random.pick(languages))
  const { account, clients, settings, system: prompt } = desk
  return converse(start, {
    account,
    clients,
    settings,
    system: prompt,
    writer: guest,
    turns: turnsOf(random, 1.8, 5),
  })
})

/** Chat front ends at home in one country, whose visitors mostly speak its language. */
export const frontend: Builder = product(products.frontend, talking(1.9))

/** Questions over a firm's own papers, with the passages in the request. */
export const rag: Builder = product(
  products.rag,
  asking((random, desk) => {
    const { tongue, voice } = desk.home
    const passages = [1, 2].map((n) => `[${n}] ${prose(tongue, { ...voice, random }, 90, 'tell')}`)
    return `Context:\n${passages.join('\n')}\n\nQuestion: ${request(visitor(random, desk))}`
  }),
)

/** Pipelines that label, extract or translate records, at night. */
export const batch: Builder = product(
  products.batch,
  asking(
    (random, desk) => {
      const { tongue, voice } = desk.home
      const id = `${coinIdentifier(random)}-${random.integer(1000, 99999)}`
      return `record ${id}\n${prose(tongue, { ...voice, random }, 120, 'tell')}`
    },
    (random) => {
      const text = JSON.stringify({
        label: coinIdentifier(random),
        why: `${coinLatin(random)} ${random.integer(2, 99)}`,
        ref: accountCode(random, 6),
      })
      return { text, finish: 'stop', completionTokens: tokens(text) }
    },
  ),
)

/** Homework services: self-contained problems, each worked out in full. */
export const tutor: Builder = product(
  products.tutor,
  asking((random, desk) => {
    const subject = random.pick(subjects)
    const asked = problem(random, desk.home.language === 'zh' ? 'chinese' : subject)
    return random.chance(0.3) ? `${asked}\n${sentence(visitor(random, desk), 'wish', '.')}` : asked
  }),
)

/** Homework services in any language, whose pupils say how they want it explained. */
export const school: Builder = product(
  products.school,
  asking((random, desk) => {
    const person = visitor(random, desk)
    const asked = exercise(random, person.language)
    return random.chance(0.6) ? favourite(person, 'reasoning', 0).about(person, asked) : asked
  }),
)

/** Article generators: a title in, an article out. */
export const articles: Builder = product(
  products.writer,
  asking((random, desk) => {
    const { tongue, voice } = desk.home
    const title = capital(tongue.grammar.expand('title', { ...voice, random }))
    return random.chance(0.5) ? `Title: ${title}` : `${title}\n${opening(visitor(random, desk))}`
  }),
)
