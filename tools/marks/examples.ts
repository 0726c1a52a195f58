import type { Random } from '../../src/core/random.ts'
import { expand, labels, type Grammar, type Label, type Template } from './grammar.ts'
import { askedText, candidates } from './substrings.ts'

export type Kind = Label | 'ordinary' | 'near' | 'long' | 'either'
export type Example = {
  readonly language: string
  /** The line of the grammar it came from: what is held out is held out by lines. */
  readonly template: string
  readonly kind: Kind
  readonly asked: string
}

const wordings = 14

/** Requests made from a grammar: each line several times, alone and among other text. */
export function examplesOf(grammar: Grammar, random: Random): readonly Example[] {
  const made: Example[] = []
  const add = (kind: Kind, template: Template, text: string): void => {
    made.push({ language: grammar.language, template: template.id, kind, asked: askedText(text) })
  }
  const lines: readonly (readonly [Kind, Template])[] = [
    ...labels.flatMap((label) => grammar.asks[label].map((each) => [label, each] as const)),
    ...grammar.ordinary.map((each) => ['ordinary', each] as const),
    ...grammar.near.map((each) => ['near', each] as const),
    ...grammar.either.map((each) => ['either', each] as const),
  ]
  for (const [kind, template] of lines)
    for (let at = 0; at < wordings; at++)
      add(kind, template, among(expand(template.text, grammar, random), grammar, random))
  for (const label of labels)
    for (const template of grammar.cores[label])
      for (let at = 0; at < wordings / 2; at++)
        add(label, template, around(template.text, label, grammar, random))
  for (const template of grammar.ordinary)
    for (let at = 0; at < wordings / 2; at++)
      add('long', template, long(expand(template.text, grammar, random), grammar, random))
  return made
}

/**
 * The substrings of what is asked about: tasks, texts, topics. No feature is made of them, or a model would
 * learn that it is about the few things the grammars speak of.
 */
export function contentOf(grammar: Grammar, random: Random): ReadonlySet<string> {
  const lines = ['task', 'text', 'topic'].flatMap((name) => grammar.lists.get(name) ?? [])
  const wordingsOf = (line: string): readonly string[] =>
    Array.from({ length: wordings }, () => expand(line, grammar, random))
  return new Set(
    lines.flatMap(wordingsOf).flatMap((wording) => [...candidates(askedText(wording))]),
  )
}

/** A line alone, after a greeting of a sort, or with text before or after it. */
function among(line: string, grammar: Grammar, random: Random): string {
  const other = (): string => expand('<text>', grammar, random)
  const dice = random.next()
  if (dice < 0.6) return line
  if (dice < 0.75) return `${line}\n\n${other()} ${other()}`
  if (dice < 0.9) return `${other()}\n${line}`
  return `${other()} ${other()}\n\n${line}\n\n${other()}`
}

/** A bare phrase before or after what it is about. */
function around(phrase: string, label: Label, grammar: Grammar, random: Random): string {
  const subject = expand(label === 'reasoning' ? '<task>' : '<text>', grammar, random)
  const dice = random.next()
  if (dice < 0.4) return `${subject} ${phrase}`
  if (dice < 0.8) return `${phrase}: ${subject}`
  return `${expand('<text>', grammar, random)} ${phrase}. ${subject}`
}

function long(line: string, grammar: Grammar, random: Random): string {
  const ordinary = (): string => expand(random.pick(grammar.ordinary).text, grammar, random)
  const rest = Array.from({ length: random.integer(3, 7) }, ordinary)
  return [line, ...rest].join(' ')
}
