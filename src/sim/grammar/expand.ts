import type { Random } from '../../core/random.ts'

/** Who is writing: the random source of this text and the words only this writer uses. */
export type Voice = {
  readonly random: Random
  /** Names of the writer's own projects, people and things; never empty. */
  readonly own: readonly string[]
  /** Names of the topics this writer keeps to. */
  readonly topics: readonly string[]
}

export type Terminal = (voice: Voice) => string
export type Rules = Readonly<Record<string, readonly string[]>>
export type Grammar = { readonly expand: (rule: string, voice: Voice) => string }

type Part = string | { readonly filler: Filler; readonly optional: boolean }
type Filler = readonly (readonly Part[])[] | Terminal

const slot = /(\{\w+\??\})/

/**
 * A context-free grammar. In a rule, `{name}` is another rule or a terminal and `{name?}` is left out
 * half of the time. A slot that nothing fills is an error when the grammar is made, not when used.
 */
export function grammar(rules: Rules, terminals: Readonly<Record<string, Terminal>>): Grammar {
  const fillers = new Map<string, Part[][] | Terminal>(Object.entries(terminals))
  for (const name of Object.keys(rules)) fillers.set(name, [])
  const part = (piece: string): Part => {
    if (!slot.test(piece)) return piece
    const optional = piece.endsWith('?}')
    const filler = fillers.get(piece.slice(1, optional ? -2 : -1))
    if (!filler) throw new Error(`grammar: nothing fills ${piece}`)
    return { filler, optional }
  }
  for (const [name, alternatives] of Object.entries(rules)) {
    const filler = fillers.get(name)
    if (Array.isArray(filler))
      for (const text of alternatives)
        filler.push(
          text
            .split(slot)
            .filter((piece) => piece !== '')
            .map(part),
        )
  }
  return {
    expand: (rule, voice) => {
      const filler = fillers.get(rule)
      if (!filler) throw new Error(`grammar: no rule ${rule}`)
      return fill(filler, voice)
    },
  }
}

function fill(filler: Filler, voice: Voice): string {
  if (typeof filler === 'function') return filler(voice)
  let text = ''
  for (const part of voice.random.pick(filler))
    if (typeof part === 'string') text += part
    else if (!part.optional || voice.random.chance(0.5)) text += fill(part.filler, voice)
  return text
}

/** A list written as words with blanks between, which keeps the tables short. */
export function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}

/** A list written with bars between, for entries of several words. */
export function phrases(text: string): readonly string[] {
  return text
    .trim()
    .split(/\s*\|\s*/)
    .filter((entry) => entry !== '')
}

/** An item with probability in proportion to 1/(rank + 2): the head is very common, the tail long. */
export function zipf<T>(items: readonly T[], random: Random): T {
  // The inverse of the integral of 1/(x + 2), which needs no table of sums.
  const at = Math.floor(2 * ((items.length + 2) / 2) ** random.next() - 2)
  const item = items[Math.min(items.length - 1, Math.max(0, at))]
  if (item === undefined) throw new RangeError('zipf: no items')
  return item
}
