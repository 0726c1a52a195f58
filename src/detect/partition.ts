import { logGamma } from '../core/statistics.ts'

/** One item to sort: its value in each field; a small whole number where the field has categories. */
export type Item = readonly number[]
/** How items differ in one respect, and how far that is trusted as an independent observation. */
export type Field = Categories | Measure
/** The share of all items in each category. */
export type Categories = { readonly shares: readonly number[]; readonly trust: number }
/** A quantity: its mean over all items, and the spread (standard deviation) expected within a part. */
export type Measure = { readonly mean: number; readonly spread: number; readonly trust: number }

/** Items that are merged in one round. Merging costs their cube. */
const seedsMax = 300
/** Fewer that are bound may be a piece of a larger body, whose other ties were not seen. */
const apartMin = 8
/** Rounds of merging; what fits nowhere after them stays by itself. */
const roundsMax = 20
/**
 * The Dirichlet prior of each field is the distribution over all items, worth this many of them: two
 * parts that agree in what nearly everyone does are not brought together by it.
 */
const priorItems = 1.5

/**
 * Sorts items into the parts under which their categories are likeliest, by Bayesian hierarchical
 * merging (Heller & Ghahramani 2005, with a Dirichlet-multinomial for each field with categories and a
 * normal-inverse-gamma for each measure): parts are merged, best pair first, while one distribution
 * explains two parts better than two do. Of more items than one round merges every n-th takes part,
 * the others join the part that explains them better than they do themselves, and what joins none is
 * sorted in the next round: a campaign of three among a thousand need not be among the first n-th.
 * Items with one key in `bound` are known to belong together, and stay so; two such bodies of `apartMin` items or more
 * are never merged, for what binds each would bind both. Returns the part of each item, counted from 0 in the order of
 * first members.
 */
export function partition(
  items: readonly Item[],
  fields: readonly Field[],
  bound: readonly (number | string)[] = items.map((_, at) => at),
): readonly number[] {
  const evidence = marginal(fields)
  const units = new Map<number | string, number>()
  for (const key of bound) if (!units.has(key)) units.set(key, units.size)
  const singles: Part[] = []
  items.forEach((item, at) => {
    const unit = units.get(bound[at] ?? at) ?? 0
    const known = singles[unit]
    singles[unit] = known === undefined ? single(item, fields) : merge(known, single(item, fields))
  })
  singles.forEach((part, unit) => {
    if (part.size >= apartMin) singles[unit] = { ...part, body: unit }
  })
  const chosen = singles.map((_, at) => -1 - at)
  let left = singles.map((_, at) => at)
  let parts = 0
  for (let round = 0; round < roundsMax && left.length > 0; round++) {
    const stride = Math.ceil(left.length / seedsMax)
    // A large body is there from the start, so that no part takes up two.
    const starts = (item: number, at: number): boolean =>
      at % stride === 0 || singles[item]?.body !== undefined
    const merged = left.flatMap((item, at) => (starts(item, at) ? (singles[item] ?? []) : []))
    mergeAll(merged, evidence)
    const own = merged.map((part) => evidence(part))
    const rest: number[] = []
    left.forEach((item, at) => {
      const alone = singles[item]
      if (alone === undefined) return
      const best = bestPart(alone, merged, own, evidence)
      if (starts(item, at) || best.gain > evidence(alone)) chosen[item] = parts + best.part
      else rest.push(item)
    })
    parts += merged.length
    left = rest
  }
  const order = new Map<number, number>()
  return bound.map((key) => {
    const part = chosen[units.get(key) ?? 0] ?? 0
    if (!order.has(part)) order.set(part, order.size)
    return order.get(part) ?? 0
  })
}

/** Per field, the items in each category that has any, or under 0 the sum and under 1 the sum of squares of a measure. */
type Part = {
  readonly size: number
  readonly counts: readonly Counts[]
  /** The large bound body that it holds; none unless given. */
  readonly body?: number
}
type Counts = ReadonlyMap<number, number>
/** The log of the marginal likelihood of one part, or of two as one; -Infinity where they cannot be. */
type Evidence = (part: Part, other?: Part) => number

function single(item: Item, fields: readonly Field[]): Part {
  return {
    size: 1,
    counts: fields.map((field, at) => {
      const value = item[at] ?? 0
      if ('shares' in field) return new Map([[value, 1]])
      return new Map([
        [0, value],
        [1, value * value],
      ])
    }),
  }
}

function merge(a: Part, b: Part): Part {
  const body = a.body ?? b.body
  return {
    size: a.size + b.size,
    counts: a.counts.map((counts, field) => {
      const sums = new Map(counts)
      for (const [at, count] of b.counts[field] ?? noCounts)
        sums.set(at, (sums.get(at) ?? 0) + count)
      return sums
    }),
    ...(body === undefined ? {} : { body }),
  }
}

const noCounts: Counts = new Map()
const nothing: Part = { size: 0, counts: [] }

/** The log of a part's marginal likelihood, each field weighted by its trust. */
function marginal(fields: readonly Field[]): Evidence {
  const ofSize: number[] = []
  const measures = fields.map((field) =>
    'shares' in field ? categoryEvidence(field, ofSize) : measureEvidence(field),
  )
  return (part, other = nothing) => {
    if (part.body !== undefined && other.body !== undefined && part.body !== other.body)
      return -Infinity
    const size = part.size + other.size
    let sum = 0
    measures.forEach((evidence, at) => {
      const weight = fields[at]?.trust ?? 0
      sum += weight * evidence(size, part.counts[at] ?? noCounts, other.counts[at] ?? noCounts)
    })
    return sum
  }
}

type FieldEvidence = (size: number, counts: Counts, others: Counts) => number

function categoryEvidence({ shares }: Categories, ofSize: number[]): FieldEvidence {
  const ofCount: number[][] = []
  const rising = (known: number[], start: number, count: number): number =>
    (known[count] ??= logGamma(count + start) - logGamma(start))
  const ofCategory = (category: number, count: number): number =>
    rising((ofCount[category] ??= []), priorItems * (shares[category] ?? 0), count)
  return (size, counts, others) => {
    let log = -rising(ofSize, priorItems, size)
    for (const [category, count] of counts)
      log += ofCategory(category, count + (others.get(category) ?? 0))
    for (const [category, count] of others)
      if (!counts.has(category)) log += ofCategory(category, count)
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
  return (size, counts, others) => {
    const own = ((counts.get(0) ?? 0) + (others.get(0) ?? 0)) / size
    const squares = (counts.get(1) ?? 0) + (others.get(1) ?? 0)
    const scatter = Math.max(0, squares - size * own * own)
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
  const own = parts.map((part) => evidence(part))
  const gains = parts.map((a, i) =>
    parts.map((b, j) => (j < i ? evidence(a, b) - (own[i] ?? 0) - (own[j] ?? 0) : -Infinity)),
  )
  for (;;) {
    const [i, j, gain] = bestPair(gains)
    if (gain <= 0) return
    const [a, b] = [parts[i], parts[j]]
    if (a === undefined || b === undefined) return
    const one = merge(a, b)
    parts[j] = one
    own[j] = evidence(one)
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
    const gain = evidence(part, other) - (own[changed] ?? 0) - (own[at] ?? 0)
    const row = gains[Math.max(changed, at)]
    if (row !== undefined) row[Math.min(changed, at)] = gain
  })
}

function bestPart(
  item: Part,
  parts: readonly Part[],
  own: readonly number[],
  evidence: Evidence,
): { readonly part: number; readonly gain: number } {
  let best = { part: 0, gain: -Infinity }
  parts.forEach((part, at) => {
    const gain = evidence(part, item) - (own[at] ?? 0)
    if (gain > best.gain) best = { part: at, gain }
  })
  return best
}
