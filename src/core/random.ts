/** A seeded source of numbers: the same seed gives the same sequence on every machine. */
export type Random = {
  /** A float in [0, 1). */
  readonly next: () => number
  /** An integer in [low, high], both ends included. */
  readonly integer: (low: number, high: number) => number
  readonly pick: <T>(items: readonly T[]) => T
  readonly chance: (probability: number) => boolean
  /** A standard normal deviate (Box–Muller). */
  readonly normal: () => number
  /** An independent generator whose sequence depends on this seed and `label` only. */
  readonly fork: (label: string) => Random
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded from a string by four rounds of FNV-1a. */
export function seeded(seed: string): Random {
  let a = fnv1a(`${seed}/a`)
  let b = fnv1a(`${seed}/b`)
  let c = fnv1a(`${seed}/c`)
  let d = 1
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    c |= 0
    return (t >>> 0) / 4294967296
  }
  // PractRand discards the first outputs, in which the seed's pattern still shows.
  for (let round = 0; round < 15; round++) next()
  return {
    next,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)]
      if (item === undefined) throw new RangeError('pick: no items')
      return item
    },
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (label) => seeded(`${seed}/${label}`),
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash ^= text.charCodeAt(at)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}
