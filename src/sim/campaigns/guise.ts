import type { Random } from '../../core/random.ts'
import type { Message } from '../../record/index.ts'
import { day } from '../clock.ts'
import type { Span } from '../clock.ts'
import type { CampaignConfig, CustomerClass } from '../config.ts'
import { builders, usualPerDay } from '../customers/builders.ts'
import type { Draft, Source } from '../source.ts'
import { hasHistory, questionOf, talksMax, wholeTalks } from '../talk.ts'
import type { World } from '../world.ts'
import type { Payload } from './payload.ts'

/** The habits an account can copy from an honest customer, each on its own. */
export const habits = [
  'network',
  'client',
  'timing',
  'sign-up',
  'wording',
  'language',
  'parameters',
] as const
export type Habits = ReadonlySet<(typeof habits)[number]>

/** Which of them one account copies: each with the campaign's sophistication. */
export function copied(random: Random, sophistication: number): Habits {
  return new Set(habits.filter(() => random.chance(sophistication)))
}

/** The honest customer whose life an account leads, from the builder that makes the honest ones. */
export type Guise = { readonly cls: CustomerClass; readonly source: Source }

export function guiseOf(
  world: World,
  config: CampaignConfig,
  number: number,
  span: Span,
  perDay = config.perAccountPerDay,
): Guise {
  const random = world.random.fork(`campaign/${config.name}/${number}/guise`)
  const cls = random.pick(config.cover)
  const activity = perDay / usualPerDay[cls]
  const posed: World = {
    config: { ...world.config, activity },
    span,
    random: config.joins ? world.random : random,
  }
  const from = config.joins ? seatBeside(world, cls, config.name, number) : 0
  const [source] = builders[cls](posed, { from, to: from + 1 })
  if (!source) throw new Error(`guiseOf: no customer of class ${cls}`)
  return { cls, source }
}

/**
 * A number between those of two honest customers of the class: builders put it into their group (a
 * firm, a class, a wave) by its whole part, and no honest customer has it.
 */
function seatBeside(world: World, cls: CustomerClass, name: string, number: number): number {
  const honest = world.config.customers
    .filter((each) => each.cls === cls)
    .reduce((sum, { accounts }) => sum + accounts, 0)
  const at = world.config.campaigns.findIndex((each) => each.name === name) + 1
  const fraction = (at * 1e5 + number + 1) / (1e5 * (world.config.campaigns.length + 2))
  return ((number * 7) % Math.max(1, honest)) + fraction
}

/** What was put into a conversation in place of its first question. */
type Swap = Payload & {
  /** The answer that the first question would have had; null until there is one. */
  readonly before: string | null
  /** Whether the answer is another one too. An agent's call of a tool stays what it was. */
  readonly answered: boolean
}

/**
 * An honest customer's exchanges with the question of some conversations exchanged for another, in
 * every turn that presents it. Everything else stays: when, where from, what with, and what follows.
 */
export function* infiltrated(
  drafts: Iterable<Draft>,
  payload: (draft: Draft) => Payload | null,
): Generator<Draft> {
  const talks = new Map<string, Swap | null>()
  for (const draft of drafts) {
    const asked = questionOf(draft)
    const begins = !hasHistory(draft)
    let swap = talks.get(asked) ?? null
    // After a refusal the same question comes again, and is the same conversation.
    if (begins && swap?.before !== null) {
      const chosen = payload(draft)
      swap = chosen && { ...chosen, before: null, answered: false }
    }
    if (begins && swap && draft.answer) {
      const { text: before, finish } = draft.answer
      swap = { ...swap, before, answered: finish !== 'tool_calls' }
    }
    talks.delete(asked)
    talks.set(asked, swap)
    const [oldest] = talks.keys()
    if (talks.size > talksMax && oldest !== undefined) talks.delete(oldest)
    yield swap ? swapped(draft, asked, swap) : draft
  }
}

function swapped(draft: Draft, asked: string, swap: Swap): Draft {
  const put = swap.messages.at(-1)?.content ?? ''
  const spoken = draft.request.messages.map((message): Message => {
    if (message.role === 'user' && message.content === asked) return { role: 'user', content: put }
    if (swap.answered && message.role === 'assistant' && message.content === swap.before)
      return { ...message, content: swap.answer.text }
    return message
  })
  const request = { ...draft.request, ...swap.settings, messages: spoken }
  const answer = swap.answered && draft.answer && !hasHistory(draft) ? swap.answer : draft.answer
  return { ...draft, request, answer }
}

/** The same exchanges at other times, as many as there are. */
export function* retimed(drafts: Iterable<Draft>, times: Iterable<number>): Generator<Draft> {
  const clock = times[Symbol.iterator]()
  let last = 0
  for (const draft of drafts) {
    const { done, value } = clock.next()
    if (done) return
    last = Math.max(value, last + 1)
    yield { ...draft, at: last }
  }
}

/** What whoever runs a pool allows one account in a day, so that none stands out by its volume. */
export function* rationed(drafts: Iterable<Draft>, perDay: number): Generator<Draft> {
  const whole = wholeTalks()
  let today = -1
  let used = 0
  for (const draft of drafts) {
    const now = Math.floor(draft.at / day)
    if (now !== today) [today, used] = [now, 0]
    if ((used >= perDay && !hasHistory(draft)) || !whole(draft)) continue
    used++
    yield draft
  }
}
