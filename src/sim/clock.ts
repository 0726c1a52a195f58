import type { Random } from '../core/random.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** The days of a world, in milliseconds since 1970. */
export type Span = { readonly start: number; readonly end: number }

export function spanOf(start: string, days: number): Span {
  const from = Date.parse(`${start}T00:00:00Z`)
  return { start: from, end: from + days * day }
}

export function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** When somebody is awake and at it. */
export type Habit = {
  readonly perDay: number
  /** Hours east of Greenwich. */
  readonly zone: number
  /** Local hours about which activity gathers, and how widely. */
  readonly peaks: readonly number[]
  readonly width: number
  /** Share of the usual activity left on Saturday and Sunday. */
  readonly weekend: number
}

export function habit(random: Random, perDay: number, zone: number, weekend = 0.7): Habit {
  const shift = random.normal() * 1.2
  const peaks = [10.5 + shift, 15 + shift, 20.5 + shift].slice(
    random.integer(0, 1),
    random.integer(2, 3),
  )
  return { perDay, zone, peaks, width: 1 + random.next() * 1.6, weekend }
}

/** Starts of a person's sessions in time order; at least one in the span, so that each account is seen. */
export function* sessions(random: Random, habits: Habit, span: Span): Generator<number> {
  const sure =
    span.start + random.integer(0, Math.max(0, Math.floor((span.end - span.start - 1) / day))) * day
  for (let from = span.start; from < span.end; from += day) {
    const weekday = new Date(from + habits.zone * hour).getUTCDay()
    const share = weekday === 0 || weekday === 6 ? habits.weekend : 1
    const count = Math.max(poisson(random, habits.perDay * share), from === sure ? 1 : 0)
    const times: number[] = []
    for (let left = count; left > 0; left--) {
      const local = random.pick(habits.peaks) + random.normal() * habits.width
      times.push(within(from + modulo(local - habits.zone, 24) * hour, span))
    }
    yield* times.sort((a, b) => a - b)
  }
}

/** Times of a machine: `perDay` spread over `hours` from `opens` (UTC), with jitter. */
export function* ticks(
  random: Random,
  perDay: number,
  span: Span,
  window: { readonly opens: number; readonly hours: number } = { opens: 0, hours: 24 },
): Generator<number> {
  const step = (window.hours * hour) / Math.max(perDay, 1e-6)
  for (let from = span.start; from < span.end; from += day) {
    const opens = from + window.opens * hour
    const closes = opens + window.hours * hour
    for (
      let at = opens + random.next() * step;
      at < closes;
      at += step * (0.4 + 1.2 * random.next())
    )
      if (at < span.end) yield Math.floor(at)
  }
}

export function poisson(random: Random, mean: number): number {
  if (mean > 40) return Math.max(0, Math.round(mean + random.normal() * Math.sqrt(mean)))
  const floor = Math.exp(-mean)
  let count = 0
  for (let product = random.next(); product > floor; product *= random.next()) count++
  return count
}

/** A positive number whose mean over many draws is `mean`; `spread` is the sigma of its logarithm. */
export function lognormal(random: Random, mean: number, spread: number): number {
  return mean * Math.exp(random.normal() * spread - (spread * spread) / 2)
}

function within(at: number, span: Span): number {
  return Math.floor(Math.min(Math.max(at, span.start), span.end - 1))
}

function modulo(value: number, base: number): number {
  return ((value % base) + base) % base
}
