import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

/** What a child of `ingest-child.mjs` is to do. */
export type Errand = {
  readonly built: string
  readonly data: string
  readonly sources: readonly string[]
  readonly options?: Readonly<Record<string, unknown>>
  /** Opens the store and keeps it, instead of ingesting. */
  readonly hold?: boolean
}

export type Child = {
  readonly process: ChildProcess
  /** Everything it has written to either output. */
  readonly output: () => string
  readonly ended: Promise<number | null>
  /** Resolves when it has written `word`; rejects when it ends without. */
  readonly said: (word: string) => Promise<void>
}

/** Runs an errand in a process of its own, its standard input from `input`. */
export function startChild(
  errand: Errand,
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Child {
  const script = join(import.meta.dirname, 'ingest-child.mjs')
  const child = spawn(process.execPath, [script, JSON.stringify(errand)], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let text = ''
  let hear = (): void => undefined
  const add = (part: Buffer): void => {
    text += part.toString()
    hear()
  }
  child.stdout.on('data', add)
  child.stderr.on('data', add)
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = new Promise<number | null>((settle) => child.on('close', settle))
  const said = (word: string): Promise<void> =>
    new Promise((settle, fail) => {
      hear = () => {
        if (text.includes(word)) settle()
      }
      hear()
      void ended.then(() => fail(new Error(`the child ended without "${word}": ${text}`)))
    })
  return { process: child, output: () => text, ended, said }
}
