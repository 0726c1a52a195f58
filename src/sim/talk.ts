import type { ExchangeRequest, Message } from '../record/index.ts'
import { seeded } from '../core/random.ts'
import type { Random } from '../core/random.ts'
import { minute } from './clock.ts'
import type { Clients } from './clients.ts'
import { zipf } from './grammar/expand.ts'
import type { Tongue } from './grammar/tongue.ts'
import { tongues } from './grammar/tongues.ts'
import { followUp, opening, prose } from './grammar/writer.ts'
import type { Writer } from './grammar/writer.ts'
import type { Account, Answer, Draft } from './source.ts'

/** Request fields beside the messages. */
export type Settings = Omit<ExchangeRequest, 'messages'>

const openers: readonly string[] = [
  'Sure! ',
  'Of course. ',
  'Good question. ',
  'Here is one way. ',
  'Certainly. ',
]

/** An answer of some `characters`; no two are alike, because the details are invented each time. */
export function reply(
  random: Random,
  tongue: Tongue,
  topics: readonly string[],
  characters: number,
): Answer {
  const voice = { random, own: [tongue.coin(random)], topics }
  const opener = tongue === tongues.en && random.chance(0.25) ? zipf(openers, random) : ''
  const text = opener + prose(tongue, voice, tongue.space === '' ? characters / 2.5 : characters)
  return { text, finish: 'stop', completionTokens: tokens(text) }
}

/** An answer of which the log need only hold the beginning: `tokens` are counted, not written. */
export function longReply(
  random: Random,
  tongue: Tongue,
  topics: readonly string[],
  tokensMean: number,
): Answer {
  const shown = reply(random, tongue, topics, 262)
  const wanted = Math.round(tokensMean * (0.6 + 0.8 * random.next()))
  const completionTokens = Math.max(wanted, shown.completionTokens)
  const rest = (): string => restOf(shown, tongue, topics, completionTokens)
  return { ...shown, completionTokens, rest }
}

/** What follows the beginning of a long answer, from the beginning alone: it is written only if asked for. */
function restOf(
  { text, completionTokens: begun }: Answer,
  tongue: Tongue,
  topics: readonly string[],
  completionTokens: number,
): string {
  const random = seeded(text)
  const characters = (completionTokens - begun) * (tongue.space === '' ? 1.5 : 4)
  if (characters < 20) return ''
  const voice = { random, own: [tongue.coin(random)], topics }
  return tongue.space + prose(tongue, voice, characters - 10)
}

/** About four Latin characters make a token, and one and a half Chinese. */
export function tokens(text: string): number {
  return Math.max(
    1,
    Math.ceil(text.length / (text.charCodeAt(text.length >> 1) > 0x2e80 ? 1.5 : 4)),
  )
}

export type Talk = {
  readonly account: Account
  readonly clients: Clients
  readonly writer: Writer
  readonly settings: Settings
  readonly system?: string
  /** The first user turn; the writer's own by default. */
  readonly first?: string
  readonly turns: number
  /** Usual length of an answer in Latin characters. */
  readonly characters?: number
}

/** A conversation as chat clients hold it: each request carries all turns before it, word for word. */
export function* converse(start: number, talk: Talk): Generator<Draft> {
  const { writer, account } = talk
  const { random } = writer.voice
  const messages: Message[] =
    talk.system === undefined ? [] : [{ role: 'system', content: talk.system }]
  let at = start
  let typed = talk.first ?? opening(writer)
  for (let turn = 0; turn < talk.turns; turn++) {
    messages.push({ role: 'user', content: typed })
    const length = (talk.characters ?? 110) * (0.4 + 1.2 * random.next())
    const answer = reply(random, writer.tongue, writer.voice.topics, length)
    const request = { ...talk.settings, messages: [...messages] }
    yield { at, account, client: talk.clients(at), request, answer }
    messages.push({ role: 'assistant', content: answer.text })
    typed = followUp(writer, answer.text)
    at += pause(random)
  }
}

/** Milliseconds in which a person reads and types. */
export function pause(random: Random): number {
  return Math.floor(8_000 + random.next() ** 3 * 6 * minute)
}

/** How many turns a conversation has: mostly few, seldom many. */
export function turnsOf(random: Random, mean: number, most = 8): number {
  let turns = 1
  while (turns < most && random.chance(1 - 1 / mean)) turns++
  return turns
}

/** The first question of the conversation that a request goes on with. */
export function questionOf({ request }: Draft): string {
  const first = request.messages.find(({ role }) => role === 'user')
  return typeof first?.content === 'string' ? first.content : ''
}

export function hasHistory({ request }: Draft): boolean {
  return request.messages.some(({ role }) => role === 'assistant')
}

/** Conversations under way that anybody remembers; a customer seldom holds as many at once. */
export const talksMax = 64

/** Whether a request belongs to a conversation that this was asked about from its beginning. */
export function wholeTalks(): (draft: Draft) => boolean {
  const begun = new Set<string>()
  return (draft) => {
    if (hasHistory(draft)) return begun.has(nameOf(draft, firstAnswerOf(draft)))
    // Many conversations begin with the same words, and no two with the same answer.
    if (draft.answer) begun.add(nameOf(draft, draft.answer.text))
    const [oldest] = begun
    if (begun.size > talksMax && oldest !== undefined) begun.delete(oldest)
    return true
  }
}

function nameOf(draft: Draft, answer: string): string {
  return `${questionOf(draft)}\n${answer}`
}

function firstAnswerOf({ request }: Draft): string {
  const first = request.messages.find(({ role }) => role === 'assistant')
  return typeof first?.content === 'string' ? first.content : ''
}
