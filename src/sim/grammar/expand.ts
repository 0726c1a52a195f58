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

type Part = string | { readonly slot: string }

/**
 * A context-free grammar. In a rule, `{name}` is another rule or a terminal and `{name?}` is left out
 * half of the time. A slot that nothing fills is an error when the grammar is made, not when used.
 */
export function grammar(rules: Rules, terminals: Readonly<Record<string, Terminal>>): Grammar {
  const compiled = new Map<string, readonly (readonly Part[])[]>()
  for (const [name, alternatives] of Object.entries(rules))
    compiled.set(name, alternatives.map(parts))
  const known = new Set([...compiled.keys(), ...Object.keys(terminals)])
  for (const alternatives of compiled.values())
    for (const part of alternatives.flat())
      if (typeof part !== 'string' && !known.has(bare(part.slot)))
        throw new Error(`grammar: nothing fills {${part.slot}}`)

  const fill = (slot: string, voice: Voice): string => {
    if (slot.endsWith('?')) return voice.random.chance(0.5) ? fill(bare(slot), voice) : ''
    const alternatives = compiled.get(slot)
    if (!alternatives) return terminals[slot]?.(voice) ?? ''
    let text = ''
    for (const part of voice.random.pick(alternatives))
      text += typeof part === 'string' ? part : fill(part.slot, voice)
    return text
  }
  return { expand: fill }
}

function parts(text: string): readonly Part[] {
  return text
    .split(/(\{\w+\??\})/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^\{\w+\??\}$/.test(piece) ? { slot: piece.slice(1, -1) } : piece))
}

function bare(slot: string): string {
  return slot.endsWith('?') ? slot.slice(0, -1) : slot
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
