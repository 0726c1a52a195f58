import { byLabel, labels, type Label } from './grammar.ts'
import type { Example } from './examples.ts'
import { fit, score, type Design, type Weights } from './fit.ts'
import { candidates, matcher } from './substrings.ts'

/** Substrings and, for each label, their weights in hundredths of a nat. */
export type Model = {
  readonly substrings: readonly string[]
  readonly weights: Readonly<Record<Label, readonly number[]>>
}

const candidatesMaxPerLabel = 2500
const examplesMin = 5
/** A substring counts for a label when so large a share of the examples that have it are of that label. */
const purityMin = 0.6
const selecting = { l1: 1.5e-4, l2: 2e-4, steps: 80 }
const final = { l1: 1e-5, l2: 2e-4, steps: 150 }
/** Weights below this (in hundredths of a nat) are left out. */
const weightMin = 12

/** Selects substrings by L1, fits those again without it, rounds. The same examples give the same model. */
export function train(
  examples: readonly Example[],
  content: ReadonlySet<string>,
  substringsMax: number,
): Model {
  const pool = promising(examples, content)
  const wide = designOf(pool, examples)
  const importance = importances(examples)
  const first = labels.map((label) => fit(wide, targetOf(label, examples), importance, selecting))
  const strength = pool.map((_, at) => Math.max(...first.map((each) => each.of[at] ?? 0)))
  const kept = pool
    .map((substring, at) => ({ substring, strength: strength[at] ?? 0 }))
    .filter((each) => each.strength > 0)
    .sort((a, b) => b.strength - a.strength || compare(a.substring, b.substring))
    .slice(0, substringsMax)
    .map((each) => each.substring)
    .sort(compare)
  const narrow = designOf(kept, examples)
  const second = labels.map((label) => fit(narrow, targetOf(label, examples), importance, final))
  return rounded(kept, second)
}

function rounded(kept: readonly string[], fitted: readonly Weights[]): Model {
  const whole = fitted.map(({ of }) =>
    Array.from(of, (weight) => (100 * weight < weightMin ? 0 : Math.round(100 * weight))),
  )
  const used = kept.map((_, at) => whole.some((each) => each[at] !== 0))
  const only = <T>(items: readonly T[]): readonly T[] => items.filter((_, at) => used[at])
  return {
    substrings: only(kept),
    weights: byLabel((label) => only(whole[labels.indexOf(label)] ?? [])),
  }
}

/** Scores of texts by label, in hundredths of a nat, bias left out: what the SQL adds up. */
export function scorer(model: Model): (asked: string) => Readonly<Record<Label, number>> {
  const match = matcher(model.substrings)
  const weights = labels.map((label) => Float64Array.from(model.weights[label]))
  return (asked) => {
    const row = match(asked)
    const [reasoning = 0, grading = 0, training = 0, rules = 0] = weights.map((of) =>
      score(row, of, 0),
    )
    return { reasoning, grading, training, rules }
  }
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function targetOf(label: Label, examples: readonly Example[]): Float64Array {
  return Float64Array.from(examples, ({ kind }) => (kind === label ? 1 : 0))
}

/** Every language counts the same; bare phrases thrice, as each must suffice; what only sounds alike half. */
function importances(examples: readonly Example[]): Float64Array {
  const sizes = new Map<string, number>()
  for (const { language } of examples) sizes.set(language, (sizes.get(language) ?? 0) + 1)
  return Float64Array.from(
    examples,
    ({ language, kind, template }) =>
      (1000 / (sizes.get(language) ?? 1)) *
      (kind === 'near' ? 0.5 : template.includes('_core/') ? 3 : 1),
  )
}

function designOf(substrings: readonly string[], examples: readonly Example[]): Design {
  const match = matcher(substrings)
  return { rows: examples.map(({ asked }) => match(asked)), features: substrings.length }
}

/** Candidates seen more often where a label holds, and not in what is asked about; of equals the fittest. */
function promising(examples: readonly Example[], content: ReadonlySet<string>): readonly string[] {
  const seen = new Map<string, number[]>()
  for (const [at, { asked }] of examples.entries())
    for (const gram of candidates(asked)) {
      if (content.has(gram)) continue
      const places = seen.get(gram)
      if (places === undefined) seen.set(gram, [at])
      else places.push(at)
    }
  const groups = new Map<string, { gram: string; places: readonly number[] }>()
  for (const [gram, places] of seen) {
    if (places.length < examplesMin) continue
    const key = places.join()
    const other = groups.get(key)
    if (other === undefined || fitter(gram, other.gram)) groups.set(key, { gram, places })
  }
  const chosen = new Set<string>()
  for (const label of labels)
    for (const gram of strongest([...groups.values()], label, examples)) chosen.add(gram)
  return [...chosen].sort(compare)
}

/** Of substrings seen in the same examples: two words before three before one, then the longer, the whole word. */
function fitter(a: string, b: string): boolean {
  const [rankA, rankB] = [rank(a), rank(b)]
  if (rankA !== rankB) return rankA < rankB
  return a.length > b.length || (a.length === b.length && a < b)
}

function rank(gram: string): number {
  return [3, 2, 0, 1][gram.trim().split(' ').length] ?? 3
}

function strongest(
  groups: readonly { readonly gram: string; readonly places: readonly number[] }[],
  label: Label,
  examples: readonly Example[],
): readonly string[] {
  const positive = examples.filter(({ kind }) => kind === label).length
  const share = positive / examples.length
  return groups
    .map(({ gram, places }) => {
      const hits = places.filter((at) => examples[at]?.kind === label).length
      const expected = places.length * share
      return {
        gram,
        purity: hits / places.length,
        surprise: (hits - expected) / Math.sqrt(expected),
      }
    })
    .filter(({ purity, surprise }) => purity >= purityMin && surprise > 1)
    .sort((a, b) => b.surprise - a.surprise || compare(a.gram, b.gram))
    .slice(0, candidatesMaxPerLabel)
    .map(({ gram }) => gram)
}
