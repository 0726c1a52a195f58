import type { Random } from '../../core/random.ts'
import { grammar } from './expand.ts'
import type { Grammar, Rules } from './expand.ts'

/**
 * One language: sentences by rule (`ask`, `tell`, `wish`, `reply`, `title`), without their stops, and
 * what half the world says in the same words, most common first.
 */
export type Tongue = {
  readonly grammar: Grammar
  readonly coin: (random: Random) => string
  readonly stop: string
  readonly query: string
  /** What stands between sentences; empty in Chinese and Japanese. */
  readonly space: string
  readonly greetings: readonly string[]
  readonly thanks: readonly string[]
  readonly followUps: readonly string[]
  readonly common: readonly string[]
  readonly quoting: (word: string) => string
}

export type Lexicon = {
  readonly things: readonly string[]
  readonly acts: readonly string[]
  readonly traits: readonly string[]
  readonly units: readonly string[]
  readonly times: readonly string[]
}

/** The terminals that every short grammar shares: words of the lexicon, coined names, and numbers. */
export function shortGrammar(
  rules: Rules,
  lexicon: Lexicon,
  coin: (random: Random) => string,
): Grammar {
  return grammar(rules, {
    thing: (voice) => voice.random.pick(lexicon.things),
    act: (voice) => voice.random.pick(lexicon.acts),
    trait: (voice) => voice.random.pick(lexicon.traits),
    unit: (voice) => voice.random.pick(lexicon.units),
    time: (voice) => voice.random.pick(lexicon.times),
    own: (voice) => voice.random.pick(voice.own),
    coin: (voice) => coin(voice.random),
    count: (voice) => String(voice.random.integer(13, 900)),
    small: (voice) => String(voice.random.integer(2, 12)),
  })
}
