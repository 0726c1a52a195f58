/** What everybody does, for comparison: everybody but the accounts that were flagged. */
export type Baseline = {
  readonly sorted: (name: string, read: (account: number) => number) => Float64Array
  readonly shares: (name: string, read: (account: number) => number) => readonly number[]
  readonly isReference: (account: number) => boolean
  readonly referenceSize: () => number
  readonly exclude: (account: number) => void
  /** Forgets what was worked out if enough has changed since. */
  readonly refresh: (step: number, exchanges: number) => void
}

/**
 * What everybody does is taken anew when the log has grown by this share, a day has gone by or this
 * share of the accounts was flagged: it moves slowly, and reading every account in every step would
 * make a long log cost the square of its length.
 */
const growthShare = 0.03
const flaggedShare = 0.001
const seconds = 86_400

export function emptyBaseline(size: () => number, stepSeconds: number): Baseline {
  const sortedBy = new Map<string, Float64Array>()
  const sharesBy = new Map<string, readonly number[]>()
  const excluded = new Set<number>()
  const taken = { exchanges: 0, step: 0, excluded: 0 }
  return {
    sorted: (name, read) => remember(sortedBy, name, () => sortedOver(size(), excluded, read)),
    shares: (name, read) => remember(sharesBy, name, () => sharesOver(size(), excluded, read)),
    isReference: (account) => !excluded.has(account),
    referenceSize: () => size() - excluded.size,
    exclude: (account) => excluded.add(account),
    refresh: (step, exchanges) => {
      const grown = exchanges > (1 + growthShare) * taken.exchanges
      const waited = (step - taken.step) * stepSeconds >= seconds
      const fewer = excluded.size - taken.excluded > flaggedShare * size()
      if (!grown && !waited && !fewer) return
      sortedBy.clear()
      sharesBy.clear()
      Object.assign(taken, { exchanges, step, excluded: excluded.size })
    },
  }
}

function remember<T>(cache: Map<string, T>, name: string, work: () => T): T {
  const known = cache.get(name)
  if (known !== undefined) return known
  const fresh = work()
  cache.set(name, fresh)
  return fresh
}

function sortedOver(
  size: number,
  excluded: ReadonlySet<number>,
  read: (account: number) => number,
): Float64Array {
  const values = Float64Array.from({ length: size }, (_, account) =>
    excluded.has(account) ? Number.NaN : read(account),
  )
  return values.filter((value) => !Number.isNaN(value)).sort()
}

function sharesOver(
  size: number,
  excluded: ReadonlySet<number>,
  read: (account: number) => number,
): readonly number[] {
  const counts: number[] = []
  for (let account = 0; account < size; account++) {
    if (excluded.has(account)) continue
    const value = read(account)
    counts[value] = (counts[value] ?? 0) + 1
  }
  return Array.from(counts, (count) => (count ?? 0) / Math.max(1, size - excluded.size))
}
