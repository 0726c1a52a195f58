import type { HeldBackClass } from '../config.ts'
import { habit, hour, lognormal, sessions, ticks } from '../clock.ts'
import { hostedClients, userAgent } from '../clients.ts'
import { bodyFor, favourite, fullAnswer } from '../customers/asking.ts'
import { chatSettings, somebody } from '../customers/people.ts'
import { exercise } from '../grammar/exercises.ts'
import { prose, writer } from '../grammar/writer.ts'
import { anyCountry, siteAddress } from '../places.ts'
import { converse, longReply, turnsOf } from '../talk.ts'
import { benchmarkItem, customer, each, inTurn, single, suites, userOnly } from '../world.ts'
import type { Builder } from '../world.ts'

// Held back, as the campaigns beside it: honest customers of kinds that no other class has.

const contestants = 25

/**
 * An online contest: strangers in every country work on the same twenty problems in the same three
 * hours, ask for whole solutions, and are never seen before or after.
 */
const contest: Builder = (world, range) =>
  each(range, (at) => {
    const round = world.random.fork(`contest/${Math.floor(at / contestants)}`)
    const length = world.span.end - world.span.start
    const opens = world.span.start + Math.floor(round.next() * Math.max(1, length - 6 * hour))
    const problems = Array.from({ length: 20 }, () =>
      benchmarkItem(round.integer(0, suites - 1), round.integer(1_000, 9_000)),
    )
    const created = opens - world.random.fork(`contestant/${at}`).next() * 30 * hour
    const opening = { cls: 'contest', created }
    return customer(world, `contest/${at}`, opening, (random, account, span) => {
      const { person, clients } = somebody(random, random.chance(0.5) ? 'script' : 'browser')
      const way = favourite(person, 'reasoning')
      const during = {
        start: Math.max(span.start, opens),
        end: Math.min(span.end, opens + 4 * hour),
      }
      const starts = ticks(random, 30, during, { opens: 0, hours: 3 })
      return inTurn(starts, function* (start) {
        const messages = userOnly(way.about(person, random.pick(problems)))
        const answer = fullAnswer(random, person, 'reasoning')
        const settings = chatSettings(random)
        yield* single(random, start, { account, clients, settings, messages, answer })
      })
    })
  })

/**
 * A translators' office: a few accounts behind one address that have whole books translated and
 * explained, passage by passage and in order, with the last page repeated in each request.
 */
const translation: Builder = (world, range) =>
  each(range, (at) => {
    const office = world.random.fork(`translation/${Math.floor(at / 3)}`)
    const site = office.integer(0, 0xffff)
    return customer(world, `translation/${at}`, { cls: 'translation' }, (random, account, span) => {
      const place = anyCountry(random)
      const person = writer(random, place.language)
      const book = writer(random, 'en')
      const hosted = hostedClients(random, place, userAgent(random, 'script'))
      const clients = (now: number) => ({ ...hosted(now), ip: siteAddress(site, 0, 1) })
      const way = favourite(person, 'answer', 0)
      const perDay = lognormal(random, 16 * world.config.activity, 0.5)
      const settings = { model: 'heron-2-pro', temperature: 0.2, max_tokens: 2048 }
      let page = ''
      return inTurn(
        sessions(random, habit(random, perDay, place.zone, 0.1), span),
        function* (start) {
          const next = prose(book.tongue, book.voice, 260)
          if (random.chance(0.1)) {
            const first = bodyFor(person, 'answer') || exercise(random, person.language)
            const talk = { account, clients, writer: person, settings, first }
            return yield* converse(start, { ...talk, turns: turnsOf(random, 2) })
          }
          const messages = userOnly(way.about(person, `${page}\n${next}`.trim()))
          page = next
          const answer = longReply(random, person.tongue, person.voice.topics, 320)
          yield* single(random, start, { account, clients, settings, messages, answer })
        },
      )
    })
  })

export const heldBackBuilders: Readonly<Record<HeldBackClass, Builder>> = { contest, translation }
