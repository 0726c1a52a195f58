import { logGamma } from '../core/statistics.ts'

/** One item to sort: its value in each field; a small whole number where the field has categories. */
export type Item = readonly number[]
/** How items differ in one respect, and how far that is trusted as an independent observation. */
export type Field = Categories | Measure
/** The share of all items in each category. */
export type Categories = { readonly shares: readonly number[]; readonly trust: number }
/** A quantity: its mean over all items, and the spread (standard deviation) expected within a part. */
export type Measure = { readonly mean: number; readonly spread: number; readonly trust: number }

/** Items that take part in merging; the rest are put where they fit best. Merging costs their cube. */
const seedsMax = 300
/**
 * The Dirichlet prior of each field is the distribution over all items, worth this many of them: two
 * parts that agree in what nearly everyone does are not brought together by it.
 */
const priorItems = 1.5

/**
 * Sorts items into the parts under which their categories are likeliest, by Bayesian hierarchical
 * merging (Heller & Ghahramani 2005, with a Dirichlet-multinomial for each field with categories and a
 * normal-inverse-gamma for each measure): parts are merged,
 * best pair first, while one distribution explains two parts better than two do. Returns the part of
 * each item, counted from 0 in the order of first members.
 */
export function partition(items: readonly Item[], fields: readonly Field[]): readonly number[] {
  const stride = Math.max(1, Math.ceil(items.length / seedsMax))
  const parts = items.filter((_, at) => at % stride === 0).map((item) => single(item, fields))
  const evidence = marginal(fields)
  mergeAll(parts, evidence)
  const chosen = items.map((item) => bestPart(single(item, fields), parts, evidence))
  const order = new Map<number, number>()
  return chosen.map((part) => {
    if (!order.has(part)) order.set(part, order.size)
    return order.get(part) ?? 0
  })
}

/** Per field, the count of each category, or the sum and the sum of squares of a measure. */
type Part = { size: number; counts: number[][] }
type Evidence = (part: Part) => number

function single(item: Item, fields: readonly Field[]): Part {
  return {
    size: 1,
    counts: fields.map((field, at) => {
      const value = item[at] ?? 0
      if (!('shares' in field)) return [value, value * value]
      const row = field.shares.map(() => 0)
      row[value] = 1
      return row
    }),
  }
}

function merged(a: Part, b: Part): Part {
  return {
    size: a.size + b.size,
    counts: a.counts.map((row, field) =>
      row.map((count, at) => count + (b.counts[field]?.[at] ?? 0)),
    ),
  }
}

/** The log of a part's marginal likelihood, each field weighted by its trust. */
function marginal(fields: readonly Field[]): Evidence {
  const ofSize: number[] = []
  const measures = fields.map((field) =>
    'shares' in field ? categoryEvidence(field, ofSize) : measureEvidence(field),
  )
  return (part) =>
    measures.reduce(
      (sum, evidence, at) =>
        sum + (fields[at]?.trust ?? 0) * evidence(part.size, part.counts[at] ?? []),
      0,
    )
}

type FieldEvidence = (size: number, row: readonly number[]) => number

function categoryEvidence({ shares }: Categories, ofSize: number[]): FieldEvidence {
  const ofCount = shares.map((): number[] => [])
  const rising = (known: number[], start: number, count: number): number =>
    (known[count] ??= logGamma(count + start) - logGamma(start))
  return (size, row) => {
    let log = -rising(ofSize, priorItems, size)
    row.forEach((count, category) => {
      const known = ofCount[category]
      if (count > 0 && known !== undefined)
        log += rising(known, priorItems * (shares[category] ?? 0), count)
    })
    return log
  }
}

/** How many items' worth the overall mean is believed, and (half of it) the spread: little, and some. */
const meanPrior = 0.2
const spreadPrior = 2

/** The normal-inverse-gamma marginal (Murphy 2007, "Conjugate Bayesian analysis of the Gaussian distribution", eq. 201). */
function measureEvidence({ mean, spread }: Measure): FieldEvidence {
  const scale = spreadPrior * spread * spread
  const constant = spreadPrior * Math.log(scale) - logGamma(spreadPrior)
  return (size, row) => {
    const own = (row[0] ?? 0) / size
    const scatter = Math.max(0, (row[1] ?? 0) - size * own * own)
    const apart = (meanPrior * size * (own - mean) ** 2) / (2 * (meanPrior + size))
    const shape = spreadPrior + size / 2
    return (
      logGamma(shape) +
      constant -
      shape * Math.log(scale + scatter / 2 + apart) +
      0.5 * Math.log(meanPrior / (meanPrior + size)) -
      (size / 2) * Math.log(2 * Math.PI)
    )
  }
}

function mergeAll(parts: Part[], evidence: Evidence): void {
  const own = parts.map(evidence)
  const gains = parts.map((a, i) =>
    parts.map((b, j) =>
      j < i ? evidence(merged(a, b)) - (own[i] ?? 0) - (own[j] ?? 0) : -Infinity,
    ),
  )
  for (;;) {
    const [i, j, gain] = bestPair(gains)
    if (gain <= 0) return
    const [a, b] = [parts[i], parts[j]]
    if (a === undefined || b === undefined) return
    parts[j] = merged(a, b)
    own[j] = evidence(parts[j])
    parts.splice(i, 1)
    own.splice(i, 1)
    gains.splice(i, 1)
    for (const row of gains) row.splice(i, 1)
    refresh(j, parts, own, gains, evidence)
  }
}

function bestPair(gains: readonly (readonly number[])[]): readonly [number, number, number] {
  let best: readonly [number, number, number] = [0, 0, -Infinity]
  gains.forEach((row, i) => {
    for (let j = 0; j < i; j++)
      if ((row[j] ?? -Infinity) > best[2]) best = [i, j, row[j] ?? -Infinity]
  })
  return best
}

function refresh(
  changed: number,
  parts: readonly Part[],
  own: readonly number[],
  gains: number[][],
  evidence: Evidence,
): void {
  const part = parts[changed]
  if (part === undefined) return
  parts.forEach((other, at) => {
    if (at === changed) return
    const gain = evidence(merged(part, other)) - (own[changed] ?? 0) - (own[at] ?? 0)
    const row = gains[Math.max(changed, at)]
    if (row !== undefined) row[Math.min(changed, at)] = gain
  })
}

function bestPart(item: Part, parts: readonly Part[], evidence: Evidence): number {
  let best = 0
  let bestGain = -Infinity
  parts.forEach((part, at) => {
    const gain = evidence(merged(part, item)) - evidence(part)
    if (gain > bestGain) {
      best = at
      bestGain = gain
    }
  })
  return best
}
