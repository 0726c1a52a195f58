import { seeded } from '../../core/random.ts'
import type { Exchange, Message } from '../../record/index.ts'
import { tongueOf } from './tongues.ts'
import type { Phrasing } from './tongues.ts'

/** Chances of each change. */
const chances = {
  /** Of a word that has a synonym in the table. */
  synonym: 0.5,
  dropped: 0.03,
  inserted: 0.04,
  capital: 0.04,
  punctuation: 0.12,
  /** Of a whole message. */
  swapped: 0.12,
  greeted: 0.2,
  thanked: 0.1,
} as const

/** Letters on each side of a place that decide, with the seed, what becomes of it. */
const nearCharacters = 8

/** Texts whose new wording is remembered, for the same prompts come again and again. */
const rememberedMax = 5_000

/**
 * The same questions in other words: synonyms, words dropped and put in, other stops and capitals,
 * clauses swapped, a greeting. What becomes of a place depends on the few letters about it alone, so what
 * two texts shared they mostly still share, as it would be had their writer written otherwise; only
 * swapping, greeting and thanking depend on the whole message. Answers, code in fences, calls and results
 * of tools stay. It knows no grammar: the outcome is at times clumsy, and its meaning may suffer.
 */
export function rewording(seed: string): (exchange: Exchange) => Exchange {
  const remembered = new Map<string, string>()
  const reword = (text: string, asked: boolean): string => {
    const key = `${asked ? 1 : 0}${text}`
    const known = remembered.get(key)
    if (known !== undefined) return known
    const made = reworded(seed, text, asked)
    if (remembered.size >= rememberedMax) remembered.clear()
    remembered.set(key, made)
    return made
  }
  return (exchange) => ({
    ...exchange,
    request: {
      ...exchange.request,
      messages: exchange.request.messages.map((message) => rewordedMessage(message, reword)),
    },
  })
}

function rewordedMessage(
  message: Message,
  rewordText: (text: string, asked: boolean) => string,
): Message {
  const { role, content } = message
  if (role === 'assistant' || role === 'tool') return message
  const reword = (text: string): string => rewordText(text, role === 'user')
  if (typeof content === 'string') return { ...message, content: reword(content) }
  if (content === null) return message
  return {
    ...message,
    content: content.map((part) =>
      part.text === undefined ? part : { ...part, text: reword(part.text) },
    ),
  }
}

/** One text in other words, `asked` where a person asks it (who may greet); exported for tests. */
export function reworded(seed: string, text: string, asked: boolean): string {
  // Every other part is code in a fence. A line has a language of its own: templates frame foreign items.
  const parts = text.split(/(```[\s\S]*?(?:```|$))/)
  const changed = parts.map((part, at) =>
    at % 2 === 1
      ? part
      : part.replaceAll(/[^\n]+/g, (line) => placesOf(seed, line, tongueOf(line))),
  )
  return asked ? wholeOf(seed, changed.join(''), tongueOf(text)) : changed.join('')
}

/** What changes by place. */
function placesOf(seed: string, text: string, phrasing: Phrasing): string {
  const near = (kind: string, whole: string, from: number, to: number) =>
    seeded(
      `${seed}/${kind}/${whole
        .slice(Math.max(0, from - nearCharacters), to + nearCharacters)
        .toLowerCase()
        .replaceAll(/\d+/g, '0')}`,
    )
  const synonyms = text.replaceAll(phrasing.pattern, (found: string, ...rest: unknown[]) => {
    const at = rest.find((each) => typeof each === 'number') ?? 0
    const random = near('synonym', text, at, at + found.length)
    const others = phrasing.synonyms.get(found.toLowerCase())
    return others && random.chance(chances.synonym) ? asBefore(found, random.pick(others)) : found
  })
  const words = synonyms.replaceAll(/\p{L}+/gu, (word, at: number) => {
    const random = near('word', synonyms, at, at + word.length)
    const drawn = random.next()
    if (phrasing.spaced && drawn < chances.dropped && word.length <= 4) return ''
    if (drawn > 1 - chances.inserted && phrasing.fillers.length > 0) {
      const filler = random.pick(phrasing.fillers)
      return phrasing.spaced ? `${filler} ${word}` : `${filler}${word}`
    }
    if (drawn < chances.dropped + chances.capital) return turned(word)
    return word
  })
  return words.replaceAll(/[.!?。！？,;](?=\s|$)/gu, (stop, at: number) => {
    const random = near('stop', words, at, at + 1)
    return random.chance(chances.punctuation) ? random.pick(stopsFor(stop)) : stop
  })
}

/** What changes by message. */
function wholeOf(seed: string, text: string, phrasing: Phrasing): string {
  const random = seeded(`${seed}/whole/${text}`)
  const swaps = random.chance(chances.swapped)
  const greets = random.chance(chances.greeted)
  const thanks = random.chance(chances.thanked)
  const gap = phrasing.spaced ? ' ' : ''
  let said = swaps ? swapped(text) : text
  if (greets && phrasing.greetings.length > 0) said = random.pick(phrasing.greetings) + gap + said
  if (thanks && phrasing.closings.length > 0) said = said + gap + random.pick(phrasing.closings)
  return said
}

/** The first two sentences of a paragraph in the other order. */
function swapped(text: string): string {
  return text.replace(/([^.!?\n。！？]+[.!?。！？])(\s*)([^.!?\n。！？]+[.!?。！？])/u, '$3$2$1')
}

function asBefore(found: string, other: string): string {
  const first = found.charAt(0)
  return first === first.toLowerCase() ? other : turned(other)
}

/** With its first letter large where it was small, and the other way round. */
function turned(word: string): string {
  const first = word.charAt(0)
  const other = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()
  return other + word.slice(1)
}

function stopsFor(stop: string): readonly string[] {
  if (',;'.includes(stop)) return [' –', ';', ',']
  if ('。！？'.includes(stop)) return ['！', '……', '。']
  return stop === '?' ? ['??', ' ?', '?!'] : ['!', '…', ' .', ';']
}
