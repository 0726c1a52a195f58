import { readFileSync } from 'node:fs'
import { literal } from '../engine/sql.ts'

/** What the trained model knows (docs/marks.md): substrings, and for each mark their weights. */
export type Asks = {
  readonly substrings: readonly string[]
  /** By the order of the file's columns, which is that of the bits 1, 2, 4, 8; hundredths of a nat. */
  readonly weights: readonly (readonly number[])[]
  readonly thresholds: readonly number[]
}

/** Reads `asks.tsv`: a heading, the thresholds, then a substring a line, its spaces written as `_`. */
export function readAsks(file: URL): Asks {
  const [, first = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const { numbers: thresholds } = rowOf(first)
  const rows = lines.map(rowOf)
  return {
    substrings: rows.map(({ name }) => name.replaceAll('_', ' ')),
    weights: thresholds.map((_, mark) => rows.map(({ numbers }) => numbers[mark] ?? 0)),
    thresholds,
  }
}

function rowOf(line: string): { readonly name: string; readonly numbers: readonly number[] } {
  const [name = '', ...cells] = line.split('\t')
  return { name, numbers: cells.map(Number) }
}

/**
 * The SQL that finds the substrings in `asked_text`: the indices of those in it, each once. They are letters,
 * spaces and angle brackets, so as expressions of Hyperscan they stand for themselves.
 */
export function asksFoundSql({ substrings }: Asks): string {
  return `multiMatchAllIndices(asked_text, [${substrings.map(literal).join(', ')}])`
}

/** The SQL that adds up the weights of what was found (`asks_found`) and gives the bits of the marks passed. */
export function asksBitsSql({ weights, thresholds }: Asks): string {
  return thresholds
    .map(
      (threshold, mark) =>
        `(arraySum(arrayMap(i -> [${(weights[mark] ?? []).join(', ')}][i], asks_found)) >= ${threshold} ? ${2 ** mark} : 0)`,
    )
    .join('\n+ ')
}
