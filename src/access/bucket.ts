/**
 * A token bucket: it holds up to `max`, is spent from, and fills by `max` in `periodMs`, evenly. So in any
 * stretch of time no more is taken than `max` (what it held) and what filled in meanwhile, and the whole of
 * `max` may be taken at once. Anthropic's API limits in this way
 * (https://docs.anthropic.com/en/api/rate-limits), and clients are made for it.
 */
export type Bucket = {
  /** What is left. Below 0 where more was used than had been reckoned with. */
  readonly level: number
  /** When that was, in milliseconds of a clock of the caller's. */
  readonly atMs: number
}

export type Rate = { readonly max: number; readonly periodMs: number }

export function fullBucket({ max }: Rate, nowMs: number): Bucket {
  return { level: max, atMs: nowMs }
}

/** The bucket as it is now. A clock that goes back fills nothing, and nothing twice. */
export function filled({ level, atMs }: Bucket, { max, periodMs }: Rate, nowMs: number): Bucket {
  const passedMs = Math.max(0, nowMs - atMs)
  // A limit that was lowered meanwhile holds at once.
  return { level: Math.min(max, level + (max * passedMs) / periodMs), atMs: Math.max(atMs, nowMs) }
}

export type Taken = {
  readonly bucket: Bucket
  /** 0 where it was taken; else how long until it could be, and nothing was. */
  readonly waitMs: number
}

/** Takes an amount of a bucket that was filled just now, all of it or nothing. More than `max` is never there. */
export function taken(bucket: Bucket, { max, periodMs }: Rate, amount: number): Taken {
  if (amount <= bucket.level)
    return { bucket: { ...bucket, level: bucket.level - amount }, waitMs: 0 }
  // What allows nothing never will.
  const waitMs = max === 0 ? periodMs : ((amount - bucket.level) * periodMs) / max
  return { bucket, waitMs: Math.ceil(waitMs) }
}

/** Puts right what was taken beforehand: `over` more was used in the end, or less where it is below 0. */
export function settled(bucket: Bucket, { max }: Rate, over: number): Bucket {
  return { ...bucket, level: Math.min(max, bucket.level - over) }
}
