import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'

/** The repository, and the program as `npm test` has built it. */
export const root = join(import.meta.dirname, '../..')
const main = join(root, 'dist/cli/main.js')

export type Ended = {
  /** As a shell tells it: 128 and the signal's number for a process that died of a signal. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export type Running = {
  readonly ended: Promise<Ended>
  readonly signal: (name: NodeJS.Signals) => void
  readonly stdin: NodeJS.WritableStream
  /** What it has written to standard error so far. */
  readonly stderr: () => string
  readonly stdout: NodeJS.ReadableStream & { readonly destroy: () => void }
}

export type Circumstances = {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Options of Node itself. */
  readonly node?: readonly string[]
}

/** Starts `stillwatch` as a user's shell would, without a terminal. */
export function start(words: readonly string[], where: Circumstances = {}): Running {
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...env } = process.env
  const child = spawn(process.execPath, [...(where.node ?? []), main, ...words], {
    cwd: where.cwd ?? root,
    env: { ...env, ...where.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdin.on('error', () => undefined)
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()))
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()))
  const ended = new Promise<Ended>((settle) =>
    child.on('close', (code, signal) =>
      settle({ code: code ?? 128 + (signal ? constants.signals[signal] : 0), stdout, stderr }),
    ),
  )
  return {
    ended,
    signal: (name) => child.kill(name),
    stdin: child.stdin,
    stderr: () => stderr,
    stdout: child.stdout,
  }
}

/** Runs `stillwatch` to its end with `input` as its standard input. */
export function stillwatch(
  words: readonly string[],
  where: Circumstances & { readonly input?: string } = {},
): Promise<Ended> {
  const running = start(words, where)
  running.stdin.end(where.input ?? '')
  return running.ended
}
