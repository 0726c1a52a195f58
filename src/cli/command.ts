import type { Given, Options } from './option.ts'

/** A command as data, and the function it calls. */
export type Command = {
  /** Words that call it: `audit`, `demo audit`. */
  readonly name: string
  /** What it takes beside options, as Commander writes it: `<source...>`. */
  readonly takes: readonly { readonly name: string; readonly about: string }[]
  readonly about: string
  readonly options: Options
  /** Put under the options in help. */
  readonly notes: () => readonly Note[]
  /** Gives the exit code. */
  readonly run: (
    words: readonly string[],
    given: Readonly<Record<string, unknown>>,
  ) => Promise<number>
}

export type Note = { readonly heading: string; readonly lines: readonly string[] }

/** Makes a command whose function is handed its options by name and type. */
export function command<const O extends Options>(
  made: Omit<Command, 'options' | 'run'> & {
    readonly options: O
    readonly run: (words: readonly string[], given: Given<O>) => Promise<number>
  },
): Command {
  // The one place that trusts the table: `program.ts` fills every option by the same table.
  return { ...made, run: (words, given) => made.run(words, given as Given<O>) }
}
