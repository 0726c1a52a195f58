import { StillwatchError } from '../core/error.ts'

/** Turns the text given for an option into its value; throws `usage` naming the option. */
export type Reader<T> = (given: string, flag: string) => T

const secondsIn = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const
type TimeUnit = keyof typeof secondsIn

/** `90s`, `30m`, `1h`, `7d`, `2w`, in seconds. */
export function duration(given: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(given)
  if (!match)
    throw wrong(given, flag, 'a duration: a number and s, m, h, d or w', `${flag} 1h, ${flag} 90d`)
  return Number(match[1]) * secondsIn[match[2] as TimeUnit]
}

/** The length of a step: whole seconds, up to a week. */
export function step(given: string, flag: string): number {
  const seconds = duration(given, flag)
  if (seconds < 1 || seconds > secondsIn.w || !Number.isInteger(seconds))
    throw wrong(given, flag, 'whole seconds, from 1s to 7d', `${flag} 15m, ${flag} 1h`)
  return seconds
}

/** Whole days. */
export function days(given: string, flag: string): number {
  const count = duration(given, flag) / secondsIn.d
  if (!Number.isInteger(count) || count < 1)
    throw wrong(given, flag, 'whole days, at least one', `${flag} 90d`)
  return count
}

const bytesIn = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
} as const
type SizeUnit = keyof typeof bytesIn

/** Less than the engine's own buffers take. */
const memoryBytesMin = 256e6

/** `3GB` (decimal) or `3GiB` (binary), in bytes. */
export function memory(given: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?)\s?([MGT]i?B)$/.exec(given)
  const bytes = match ? Math.floor(Number(match[1]) * bytesIn[match[2] as SizeUnit]) : 0
  if (bytes < memoryBytesMin)
    throw wrong(given, flag, 'a size of at least 256MB, in MB, GB, MiB or GiB', `${flag} 3GB`)
  return bytes
}

/** `1%`, `0.5 %`, as a part of one. */
export function share(given: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?)\s?%$/.exec(given)
  const percent = match ? Number(match[1]) : 101
  if (percent > 100) throw wrong(given, flag, 'a share from 0% to 100%', `${flag} 1%`)
  return percent / 100
}

/** A share that is neither nothing nor all. */
export function baseRate(given: string, flag: string): number {
  const part = share(given, flag)
  if (part <= 0 || part >= 1)
    throw wrong(given, flag, 'a share above 0% and below 100%', `${flag} 0.1%`)
  return part
}

/** Beyond these nothing could be shown, and little would have to be. */
const rareShareMin = 1e-9
const rareShareMax = 0.1

/** `1/10000`, `0.01%` or `0.0001`, as a part of one: a share of accounts that is to be small. */
export function rareShare(given: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?)(?:\/(\d+)|\s?(%))?$/.exec(given)
  const parts = match?.[3] === '%' ? 100 : Number(match?.[2] ?? 1)
  const part = match ? Number(match[1]) / parts : 0
  if (!(part >= rareShareMin && part <= rareShareMax))
    throw wrong(
      given,
      flag,
      'a share above 0 and up to a tenth, as a fraction, a percentage or a decimal',
      `${flag} 1/10000, ${flag} 0.01%`,
    )
  return part
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): Reader<number> {
  return (given, flag) => {
    const count = /^\d+$/.test(given) ? Number(given) : -1
    if (count < least || count > most)
      throw wrong(given, flag, `a whole number from ${least} to ${most}`, `${flag} ${least}`)
    return count
  }
}

/** One of some words. */
export function oneOf<T extends string>(words: readonly T[]): Reader<T> {
  return (given, flag) => {
    const word = words.find((each) => each === given)
    if (word === undefined)
      throw wrong(given, flag, `one of ${words.join(', ')}`, `${flag} ${words[0] ?? ''}`)
    return word
  }
}

/** Any text but none. */
export function text(given: string, flag: string): string {
  if (given === '') throw wrong(given, flag, 'a value', `${flag} …`)
  return given
}

function wrong(given: string, flag: string, expected: string, example: string): StillwatchError {
  return new StillwatchError('usage', `${flag} was given "${given}"; it takes ${expected}.`, {
    fix: `For example: ${example}.`,
  })
}
