/** Rows of present features, by index. */
export type Design = { readonly rows: readonly (readonly number[])[]; readonly features: number }
export type Weights = { readonly bias: number; readonly of: Float64Array }
export type Penalty = { readonly l1: number; readonly l2: number; readonly steps: number }

/**
 * Logistic regression with weights of at least 0, by accelerated proximal gradient (FISTA, Beck & Teboulle
 * 2009) with L1 and L2 penalties. As no weight is below 0, words added to a request never take a mark away.
 */
export function fit(
  design: Design,
  target: Float64Array,
  importance: Float64Array,
  penalty: Penalty,
): Weights {
  const total = importance.reduce((sum, each) => sum + each, 0)
  const { of: sizes, bias: biasSize } = stepSizes(design, importance, total, penalty.l2)
  let of = new Float64Array(design.features)
  let bias = -1
  let aheadOf = of.slice()
  let aheadBias = bias
  let momentum = 1
  for (let step = 0; step < penalty.steps; step++) {
    const slope = gradient(design, target, importance, aheadOf, aheadBias, total)
    const nextOf = new Float64Array(design.features)
    for (let at = 0; at < nextOf.length; at++) {
      const here = aheadOf[at] ?? 0
      const size = sizes[at] ?? 0
      const moved = here - size * ((slope.of[at] ?? 0) + penalty.l2 * here)
      nextOf[at] = Math.max(0, moved - size * penalty.l1)
    }
    const nextBias = aheadBias - biasSize * slope.bias
    const nextMomentum = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2
    const push = (momentum - 1) / nextMomentum
    aheadOf = nextOf.map((each, at) => each + push * (each - (of[at] ?? 0)))
    aheadBias = nextBias + push * (nextBias - bias)
    of = nextOf
    bias = nextBias
    momentum = nextMomentum
  }
  return { bias, of }
}

/**
 * How far each weight may move at once: one over a bound of the curvature there (the row sums of XᵀWX/4), or
 * what few requests have would take thousands of steps to be learnt.
 */
function stepSizes(
  { rows, features }: Design,
  importance: Float64Array,
  total: number,
  l2: number,
): Weights {
  const curvature = new Float64Array(features)
  let biasCurvature = 0
  for (const [at, row] of rows.entries()) {
    const here = ((1 + row.length) * (importance[at] ?? 0)) / total / 4
    biasCurvature += here
    for (const feature of row) curvature[feature] = (curvature[feature] ?? 0) + here
  }
  return { bias: 1 / biasCurvature, of: curvature.map((each) => 1 / (each + l2)) }
}

function gradient(
  { rows, features }: Design,
  target: Float64Array,
  importance: Float64Array,
  of: Float64Array,
  bias: number,
  total: number,
): { readonly of: Float64Array; readonly bias: number } {
  const slope = new Float64Array(features)
  let slopeBias = 0
  for (const [at, row] of rows.entries()) {
    const chance = 1 / (1 + Math.exp(-score(row, of, bias)))
    const error = ((chance - (target[at] ?? 0)) * (importance[at] ?? 0)) / total
    slopeBias += error
    for (const feature of row) slope[feature] = (slope[feature] ?? 0) + error
  }
  return { of: slope, bias: slopeBias }
}

/** The log odds that a row with these features is one of those asked for. */
export function score(row: readonly number[], of: Float64Array, bias: number): number {
  let sum = bias
  for (const feature of row) sum += of[feature] ?? 0
  return sum
}
