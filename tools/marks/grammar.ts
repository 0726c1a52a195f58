import type { Random } from '../../src/core/random.ts'

/** What a request can ask for; in the order of the bits 1, 2, 4, 8 of `src/fingerprint/marks.ts`. */
export const labels = ['reasoning', 'grading', 'training', 'rules'] as const
export type Label = (typeof labels)[number]

/** A line of a grammar: `{a|b}` is one of the two, `<name>` a line of the list of that name. */
export type Template = { readonly id: string; readonly text: string }
export type Grammar = {
  readonly language: string
  readonly lists: ReadonlyMap<string, readonly string[]>
  readonly asks: Readonly<Record<Label, readonly Template[]>>
  /** Bare phrases that are the heart of such a request. */
  readonly cores: Readonly<Record<Label, readonly Template[]>>
  readonly ordinary: readonly Template[]
  /** What only sounds like one of the four. */
  readonly near: readonly Template[]
  /** A recipe step by step: may be marked or not. Nothing is trained on these, what is marked is reported. */
  readonly either: readonly Template[]
}

/** Reads `phrases/<language>.txt`: sections in brackets, a template a line, `#` for remarks. */
export function parseGrammar(language: string, text: string): Grammar {
  const sections = new Map<string, string[]>()
  let section: string[] = []
  for (const line of text.split('\n').map((each) => each.trim())) {
    const heading = /^\[(\w+)\]$/.exec(line)?.[1]
    if (heading !== undefined) sections.set(heading, (section = sections.get(heading) ?? []))
    else if (line !== '' && !line.startsWith('#')) section.push(line)
  }
  const templates = (name: string): readonly Template[] =>
    (sections.get(name) ?? []).map((line, at) => ({ id: `${language}/${name}/${at}`, text: line }))
  return {
    language,
    lists: sections,
    asks: byLabel(templates),
    cores: byLabel((label) => templates(`${label}_core`)),
    ordinary: templates('ordinary'),
    near: templates('near'),
    either: templates('either'),
  }
}

/** The same thing made for each label. */
export function byLabel<T>(of: (label: Label) => T): Readonly<Record<Label, T>> {
  return {
    reasoning: of('reasoning'),
    grading: of('grading'),
    training: of('training'),
    rules: of('rules'),
  }
}

/** One wording of a template, alternatives and lists chosen by `random`. Throws on an unknown list. */
export function expand(text: string, grammar: Grammar, random: Random): string {
  let whole = text
  for (;;) {
    const inner = /\{([^{}]*)\}/.exec(whole)
    if (inner === null) break
    whole = whole.replace(inner[0], () => random.pick((inner[1] ?? '').split('|')))
  }
  return whole.replace(/<([a-z]+)>/g, (found, name: string) => {
    if (forced.has(found)) return found
    const list = grammar.lists.get(name)
    if (list === undefined) throw new Error(`${grammar.language}: no list <${name}>`)
    return expand(random.pick(list), grammar, random)
  })
}

/** Tags that requests force upon an answer stand in the grammars as themselves. */
const forced = new Set(['<think>', '<thinking>', '<reasoning>', '<scratchpad>', '<answer>'])
