import type { Reader } from './quantities.ts'

/**
 * One option of a command. The tables made of these are the single source of what is parsed, of
 * `--help` and of docs/cli.md.
 */
export type Option<T> = {
  /** As Commander takes it: `--step <duration>`, or `--quiet` for a switch. */
  readonly flags: string
  readonly about: string
  /** How help shows the value used when the option is absent. */
  readonly standard?: string
  /** What turns the text given into a value (each of them, with `many`); null for a switch. */
  readonly read: Reader<unknown> | null
  readonly many?: true
  readonly initial: T
  /** The heading that help puts it under. */
  readonly group?: string
}

/** An option that takes a value; absent, it is `undefined`. */
export function value<T>(flags: string, about: string, read: Reader<T>): Option<T | undefined> {
  return { flags, about, read, initial: undefined }
}

/** An option that takes a value and has one without being given. */
export function valueOr<T>(
  flags: string,
  standard: string,
  about: string,
  read: Reader<T>,
): Option<T> {
  return { flags, about, standard, read, initial: read(standard, longFlag(flags)) }
}

/** An option that is on or off. */
export function toggle(flags: string, about: string): Option<boolean> {
  return { flags, about, read: null, initial: false }
}

/** An option that takes one or more values, and may be given more than once. */
export function several<T>(flags: string, about: string, read: Reader<T>): Option<readonly T[]> {
  return { flags, about, many: true, read, initial: [] }
}

export type Options = Readonly<Record<string, Option<unknown>>>

/** What a command is handed: a value for each option of its table. */
export type Given<O extends Options> = {
  readonly [Name in keyof O]: O[Name]['initial']
}

/** Puts options under a heading. */
export function group<O extends Options>(heading: string, options: O): O {
  const named = Object.entries(options).map(([name, option]) => [
    name,
    { ...option, group: heading },
  ])
  return Object.fromEntries(named) as O
}

/** `--step` of `--step <duration>`. */
export function longFlag(flags: string): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags
}
