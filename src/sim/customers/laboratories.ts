import type { Random } from '../../core/random.ts'
import { code } from '../accounts.ts'
import { day, lognormal, ticks } from '../clock.ts'
import { hostedClients, userAgent } from '../clients.ts'
import { problem, subjects } from '../grammar/problems.ts'
import { system } from '../grammar/systems.ts'
import { tongues } from '../grammar/tongues.ts'
import { prose, writer } from '../grammar/writer.ts'
import { anyCountry } from '../places.ts'
import { longReply } from '../talk.ts'
import type { Settings } from '../talk.ts'
import type { Answer, Draft } from '../source.ts'
import {
  anyModel,
  benchmarkItem,
  customer,
  each,
  inTurn,
  single,
  suites,
  userOnly,
  withSystem,
} from '../world.ts'
import type { Ask, Builder, World } from '../world.ts'
import { seeded } from '../../core/random.ts'

/** The template that a public harness puts about the items of a suite, with its settings. */
function harness(suite: number): {
  readonly template: string
  readonly settings: Omit<Settings, 'model'>
} {
  const template = system(seeded(`harness/${suite % 4}`), 'harness')
  const letters = template.startsWith('Choose')
  return {
    template,
    settings: letters
      ? { temperature: 0, max_tokens: 16, logprobs: true, top_logprobs: 5 }
      : { temperature: 0, max_tokens: 2048 },
  }
}

/** People who run public benchmarks: hours of items in order, then silence until the next model. */
export const evaluator: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `evaluator/${at}`, { cls: 'evaluator' }, (random, account, span) => {
      const place = anyCountry(random)
      const clients = hostedClients(random, place, userAgent(random, 'script'))
      const base = { account, clients, settings: { model: anyModel(random) } }
      const perRun = lognormal(random, 110 * world.config.activity, 0.6)
      const length = (span.end - span.start) / day
      const runs = Array.from(
        { length: Math.max(1, Math.round((length / 14) * 4 * random.next() + 0.5)) },
        () => Math.floor(span.start + random.next() * (span.end - span.start - day / 2)),
      ).sort((a, b) => a - b)
      return inTurn(runs, (start) => run(random, start, base, Math.ceil(perRun)))
    }),
  )

function* run(
  random: Random,
  start: number,
  base: Pick<Ask, 'account' | 'clients' | 'settings'>,
  items: number,
): Generator<Draft> {
  const suite = random.integer(0, suites - 1)
  const { template, settings } = harness(suite)
  const first = random.chance(0.7) ? 0 : random.integer(0, 400)
  let at = start
  for (let item = 0; item < items; item++) {
    const messages = userOnly(`${template}\n\n${benchmarkItem(suite, first + item)}`)
    const answer = settings.logprobs
      ? letter(random)
      : longReply(random, tongues.en, ['science'], 300)
    const asked = single(random, at, {
      ...base,
      settings: { ...base.settings, ...settings },
      messages,
      answer,
      refused: 0.003,
    })
    for (const draft of asked) {
      at = draft.at
      yield draft
    }
    at += 1 + Math.floor(random.next() * 40_000)
  }
}

function letter(random: Random): Answer {
  return { text: `(${random.pick(['A', 'B', 'C', 'D'])})`, finish: 'stop', completionTokens: 3 }
}

const raters = 8

/** A vendor that has answers of other models marked by a rubric, as its customers ordered. */
export const annotator: Builder = (world, range) =>
  each(range, (at) => {
    const vendor = world.random.fork(`vendor/${Math.floor(at / raters)}`)
    const guidelines = [system(vendor, 'rubric'), system(vendor, 'rubric')]
    const org = `org-${code(vendor, 9)}`
    const opening = vendor.chance(0.5) ? { cls: 'annotator', org } : { cls: 'annotator' }
    return customer(world, `annotator/${at}`, opening, (random, account, span) => {
      const place = anyCountry(random)
      const clients = hostedClients(random, place, userAgent(random, 'server'))
      const person = writer(random, 'en')
      const settings = { model: 'heron-2-pro', temperature: 0, max_tokens: 600 }
      const perDay = lognormal(random, 24 * world.config.activity, 0.4)
      const opens = (24 + 8 - Math.round(place.zone)) % 24
      return inTurn(ticks(random, perDay, span, { opens, hours: 9 }), function* (start) {
        const messages = withSystem(
          random.pick(guidelines),
          pair(random, problem(random, random.pick(subjects))),
        )
        const answer = longReply(random, person.tongue, person.voice.topics, 130)
        yield* single(random, start, { account, clients, settings, messages, answer })
      })
    })
  })

/** A question with two candidate answers, each from somebody's model. */
export function pair(random: Random, question: string): string {
  const { tongue, voice } = writer(random, 'en')
  const [one, two] = [prose(tongue, voice, 60), prose(tongue, voice, 60)]
  return `Question: ${question}\n\nReply A: ${one}\n\nReply B: ${two}`
}

/** A customer that makes test data for its own product: grey, because nobody can tell from outside. */
export const testdata: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `testdata/${at}`, { cls: 'testdata', label: 'grey' }, (random, account, span) =>
      made(world, random, account, span),
    ),
  )

function made(
  world: World,
  random: Random,
  account: Ask['account'],
  span: { start: number; end: number },
): Iterable<Draft> {
  const place = anyCountry(random)
  const clients = hostedClients(random, place, userAgent(random, 'server'))
  const person = writer(random, 'en')
  const firm = person.voice.own[0] ?? ''
  const settings = { model: 'heron-2', temperature: 1, max_tokens: 900 }
  return inTurn(
    ticks(random, 30 * world.config.activity, span, { opens: 1, hours: 5 }),
    function* (start) {
      const subject = person.tongue.grammar.expand('title', { ...person.voice, random })
      const content = `Make ${random.integer(3, 9)} varied ${firm} customer messages about ${subject}. JSON lines with fields text and label.`
      const answer = longReply(random, person.tongue, person.voice.topics, 500)
      yield* single(random, start, {
        account,
        clients,
        settings,
        messages: userOnly(content),
        answer,
      })
    },
  )
}
