import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { seeded } from '../../src/core/random.ts'
import { readAsks } from '../../src/fingerprint/asks.ts'
import { contentOf, examplesOf, type Example, type Kind } from './examples.ts'
import { byLabel, labels, parseGrammar, type Label } from './grammar.ts'
import { scorer, train, type Model } from './model.ts'
import { askedText } from './substrings.ts'

const seed = 'marks-1'
const folds = 5
const substringsMax = 3000
/** The share of ordinary requests that a threshold may let through. */
const falseMax = 0.005
/** Of near misses more: who asks for a recipe step by step does ask so, and a mark never counts alone. */
const nearMax = 0.08
/**
 * Nor is a threshold lower than this, in hundredths of a nat: the grammars have too few ordinary words to find
 * it alone. ‘Step by step’ suffices; the others name a deed and its object, so one word must not.
 */
const thresholdMin: Thresholds = { reasoning: 125, grading: 200, training: 200, rules: 200 }

type Scored = { readonly example: Example; readonly scores: Readonly<Record<Label, number>> }
type Thresholds = Readonly<Record<Label, number>>

/** Trains, measures what was held out, and writes the weights to `target`. */
export function trainMarks(phrases: string, target: string, say: (line: string) => void): void {
  const corpus = readCorpus(phrases)
  const { examples, content } = corpus
  say(`${examples.length} requests in ${languagesOf(examples).length} languages`)
  const heldOut = byTemplates(corpus)
  const thresholds = chooseThresholds(heldOut)
  say('\nLines of the grammars held out, a fifth at a time:')
  report(heldOut, thresholds, say)
  const model = train(trained(examples), content, substringsMax)
  writeFileSync(target, weightsFile(model, thresholds))
  say(`\n${model.substrings.length} substrings written; thresholds ${JSON.stringify(thresholds)}`)
}

/** Recall where a whole language was held out: what may be hoped for in one that is not here. */
export function measureLanguages(phrases: string, say: (line: string) => void): void {
  const corpus = readCorpus(phrases)
  const { examples, content } = corpus
  const thresholds = chooseThresholds(byTemplates(corpus))
  for (const language of languagesOf(examples)) {
    const known = scorer(
      train(
        trained(examples).filter((each) => each.language !== language),
        content,
        substringsMax,
      ),
    )
    const out = examples
      .filter((each) => each.language === language)
      .map((example) => ({ example, scores: known(example.asked) }))
    say(row(`without ${language}`, out, thresholds))
  }
}

type Corpus = { readonly examples: readonly Example[]; readonly content: ReadonlySet<string> }

function readCorpus(phrases: string): Corpus {
  const random = seeded(seed)
  const grammars = readdirSync(phrases)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => parseGrammar(basename(name, '.txt'), readFileSync(join(phrases, name), 'utf8')))
  return {
    examples: grammars.flatMap((each) => examplesOf(each, random.fork(each.language))),
    content: new Set(
      grammars.flatMap((each) => [...contentOf(each, random.fork(`${each.language}/content`))]),
    ),
  }
}

function trained(examples: readonly Example[]): readonly Example[] {
  return examples.filter(({ kind }) => kind !== 'either')
}

/** Each line's requests scored by a model that saw none of that line. */
function byTemplates({ examples, content }: Corpus): readonly Scored[] {
  const names = [...new Set(examples.map(({ template }) => template))]
  const random = seeded(`${seed}/folds`)
  const foldOf = new Map(names.map((name) => [name, random.integer(0, folds - 1)]))
  return Array.from({ length: folds }, (_, fold) => fold).flatMap((fold) => {
    const inside = examples.filter(({ template }) => foldOf.get(template) !== fold)
    const known = scorer(train(trained(inside), content, substringsMax))
    return examples
      .filter(({ template }) => foldOf.get(template) === fold)
      .map((example) => ({ example, scores: known(example.asked) }))
  })
}

function chooseThresholds(scored: readonly Scored[]): Thresholds {
  const passing = (label: Label, kinds: readonly Kind[], share: number): number => {
    const honest = scored
      .filter(({ example }) => kinds.includes(example.kind))
      .map(({ scores }) => scores[label])
      .sort((a, b) => b - a)
    return (honest[Math.floor(share * honest.length)] ?? 0) + 1
  }
  const of = (label: Label): number =>
    Math.max(
      thresholdMin[label],
      passing(label, ['ordinary', 'long'], falseMax),
      passing(label, ['near'], nearMax),
    )
  return byLabel(of)
}

function report(
  scored: readonly Scored[],
  thresholds: Thresholds,
  say: (line: string) => void,
): void {
  say(
    `| language | ${labels.map((label) => `${label} recall | precision`).join(' | ')} | ordinary marked | near misses marked | recipes marked |`,
  )
  say(`|---|${labels.map(() => '---:|---:|').join('')}---:|---:|---:|`)
  for (const language of languagesOf(scored.map(({ example }) => example)))
    say(
      row(
        language,
        scored.filter(({ example }) => example.language === language),
        thresholds,
      ),
    )
  say(row('all', scored, thresholds))
}

function row(name: string, scored: readonly Scored[], thresholds: Thresholds): string {
  const cells = labels.flatMap((label) => {
    const marked = scored.filter(({ scores }) => scores[label] >= thresholds[label])
    const meant = scored.filter(({ example }) => example.kind === label)
    const both = marked.filter(({ example }) => example.kind === label).length
    return [percent(both / Math.max(1, meant.length)), percent(both / Math.max(1, marked.length))]
  })
  const anyOf = (kinds: readonly string[]): string => {
    const those = scored.filter(({ example }) => kinds.includes(example.kind))
    const marked = those.filter(({ scores }) =>
      labels.some((each) => scores[each] >= thresholds[each]),
    )
    return percent(marked.length / Math.max(1, those.length))
  }
  return `| ${[name, ...cells, anyOf(['ordinary', 'long']), anyOf(['near']), anyOf(['either'])].join(' | ')} |`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function languagesOf(examples: readonly Example[]): readonly string[] {
  return [...new Set(examples.map(({ language }) => language))]
}

/** The file that ships: a line a substring, spaces as `_`; the first line holds the thresholds. */
function weightsFile(model: Model, thresholds: Thresholds): string {
  const lines = model.substrings.map((substring, at) =>
    [substring.replaceAll(' ', '_'), ...labels.map((label) => model.weights[label][at] ?? 0)].join(
      '\t',
    ),
  )
  return `${[
    ['substring', ...labels].join('\t'),
    ['(threshold)', ...labels.map((label) => thresholds[label])].join('\t'),
    ...lines,
  ].join('\n')}\n`
}

/** What the shipped weights mark of the lines of a file: of text that asks nothing, the false marks. */
export function measureLines(file: string, weights: URL, say: (line: string) => void): void {
  const { substrings, weights: byMark, thresholds } = readAsks(weights)
  const [reasoning = [], grading = [], training = [], rules = []] = byMark
  const known = scorer({ substrings, weights: { reasoning, grading, training, rules } })
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  const scored = lines.map((line) => known(askedText(line)))
  for (const [at, label] of labels.entries()) {
    const marked = scored.filter((each) => each[label] >= (thresholds[at] ?? 0)).length
    say(`${label}: ${marked} of ${lines.length} (${percent(marked / lines.length)})`)
  }
}
