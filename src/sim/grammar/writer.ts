import type { Random } from '../../core/random.ts'
import { zipf } from './expand.ts'
import type { Voice } from './expand.ts'
import type { Tongue } from './tongue.ts'
import { topicNames } from './topics.ts'
import { tongues } from './tongues.ts'
import type { Language } from './tongues.ts'

/** A person who types: a language, a few topics, own names and own habits. */
export type Writer = {
  readonly tongue: Tongue
  readonly language: Language
  readonly voice: Voice
  /** Types capitals and stops. */
  readonly tidy: boolean
  /** Share of sentences with one slip of the fingers. */
  readonly slips: number
  /** Share of conversations that begin with a greeting, and of prompts that anyone could have typed. */
  readonly greets: number
  readonly plain: number
  /** Sentences of a usual prompt, at least 1. */
  readonly length: number
}

export function writer(random: Random, language: Language): Writer {
  const tongue = tongues[language]
  const own = Array.from({ length: random.integer(3, 9) }, () => tongue.coin(random))
  const topics = Array.from({ length: random.integer(2, 4) }, () => random.pick(topicNames))
  return {
    tongue,
    language,
    voice: { random, own, topics },
    tidy: random.chance(0.5),
    slips: random.chance(0.4) ? random.next() * 0.3 : 0,
    greets: random.chance(0.3) ? 0.5 : 0.05,
    plain: random.next() * 0.16,
    length: 1 + Math.floor(random.next() ** 2 * 4),
  }
}

/** The first thing this person types in a conversation. */
export function opening(person: Writer): string {
  const { random } = person.voice
  if (random.chance(person.plain)) return common(person)
  const hello = random.chance(person.greets)
    ? typed(person, zipf(person.tongue.greetings, random))
    : ''
  return join(person, hello, request(person))
}

/** A request that only this person could have typed. */
export function request(person: Writer): string {
  const { tongue, voice } = person
  const asked = sentence(person, 'ask', tongue.query)
  let before = ''
  let after = ''
  for (let left = voice.random.integer(0, person.length); left > 0; left--) {
    if (voice.random.chance(0.6))
      before = join(person, before, sentence(person, 'tell', tongue.stop))
    else after = join(person, after, sentence(person, 'wish', tongue.stop))
  }
  return join(person, before, asked, after)
}

/** What is typed after an answer: mostly words many use, else something that leans on the answer. */
export function followUp(person: Writer, answer: string): string {
  const { tongue, voice } = person
  const kind = voice.random.next()
  if (kind < 0.3) return zipf(tongue.followUps, voice.random)
  if (kind < 0.36) return zipf(tongue.thanks, voice.random)
  if (kind < 0.6) return typed(person, tongue.quoting(wordOf(answer, voice.random))) + tongue.query
  return request(person)
}

/** What strangers ask in the same words, most common first. */
export function common(person: Writer): string {
  return typed(person, zipf(person.tongue.common, person.voice.random))
}

/** One sentence as this person types it. A rule that ends with a stop of its own keeps to that. */
export function sentence(person: Writer, rule: string, stop: string): string {
  const said = person.tongue.grammar.expand(rule, person.voice)
  const whole = said.endsWith(person.tongue.stop)
  const bare = whole ? said.slice(0, -1) : said
  return typed(person, bare) + (person.tidy ? (whole ? person.tongue.stop : stop) : '')
}

/** Several sentences of finished prose, at least `charactersMin` long. */
export function prose(tongue: Tongue, voice: Voice, charactersMin: number, rule = 'reply'): string {
  let text = ''
  while (text.length < charactersMin) {
    const next = tongue.grammar.expand(rule, voice)
    text += (text === '' ? '' : tongue.space) + capital(next) + tongue.stop
  }
  return text
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function typed(person: Writer, text: string): string {
  const shown = person.tidy ? capital(text) : text.toLowerCase()
  return person.slips > 0 && person.voice.random.chance(person.slips)
    ? slip(shown, person.voice.random)
    : shown
}

/** Two neighbouring letters change places, or one is typed twice. */
function slip(text: string, random: Random): string {
  const at = random.integer(0, Math.max(0, text.length - 2))
  const pair = text.slice(at, at + 2)
  const wrong = random.chance(0.5) ? (pair[1] ?? '') + (pair[0] ?? '') : (pair[0] ?? '') + pair
  return text.slice(0, at) + wrong + text.slice(at + 2)
}

function join(person: Writer, ...pieces: readonly string[]): string {
  const gap =
    person.tongue.space === '' ? '' : person.tidy || person.voice.random.chance(0.7) ? ' ' : '\n'
  return pieces.filter((piece) => piece !== '').join(gap)
}

/** Three words of an answer in a row, or as many signs where words are not spaced. */
function wordOf(answer: string, random: Random): string {
  const piece = answer.slice(random.integer(0, Math.max(0, answer.length - 45)))
  const words = piece.slice(0, 60).split(' ')
  return words.length > 4 ? words.slice(1, 4).join(' ') : piece.slice(0, 8)
}
