import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { SeenExchange } from '../../src/record/index.ts'
import { type Ended, type Running, start } from './cli.ts'
import { folder } from './folder.ts'

/** A gateway as a user starts it; ended after the test. */
export type Serving = {
  readonly url: string
  readonly admin: string
  readonly folder: string
  readonly running: Running
  /** What it has logged so far. */
  readonly log: () => readonly LogLine[]
  readonly logged: (part: string) => Promise<LogLine>
  /** The records, once there are `count` of them. */
  readonly records: (count: number) => Promise<readonly SeenExchange[]>
  readonly metric: (name: string) => Promise<number>
  readonly stop: () => Promise<Ended>
}

export type LogLine = {
  readonly message: string
  readonly level: string
  readonly url?: string
  readonly admin_url?: string
  readonly pid?: number
}

export const adminToken = 'token-for-the-tests-only'

/** Settings beside the upstreams, as a file would have them. */
export type Settings = {
  readonly upstreams: readonly {
    readonly url: string
    readonly dialect: string
    readonly key?: string
  }[]
  readonly on_engine_loss?: string
  readonly limits?: Readonly<Record<string, number>>
  readonly [name: string]: unknown
}

/** Settings as the text of a file (JSON is YAML), on ports of the system's choice. */
export function settingsText(settings: Settings): string {
  const rest = { listen: { port: 0 }, admin: { port: 0, token: adminToken } }
  const usual = { on_engine_loss: 'allow', detection: { enabled: false } }
  return JSON.stringify({ ...usual, ...rest, ...settings }, null, 2)
}

/** Starts `stillwatch serve` with settings, or in front of one upstream; where another ran before, if given. */
export async function serving(given: string | Settings, again?: string): Promise<Serving> {
  const file = typeof given === 'string' ? {} : { 'stillwatch.yaml': settingsText(given) }
  const here = again ?? folder(file)
  const words =
    typeof given === 'string'
      ? ['--upstream', given, '--port', '0', '--admin-port', '0', '--no-detection']
      : ['--config', 'stillwatch.yaml']
  const running = start(['serve', ...words, '--record', 'exchanges.jsonl'], {
    cwd: here,
    env: { STILLWATCH_ADMIN_TOKEN: adminToken },
  })
  onTestFinished(async () => {
    running.signal('SIGKILL')
    await running.ended
  })
  const log = (): readonly LogLine[] =>
    running
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogLine)
  const logged = (part: string): Promise<LogLine> =>
    until(
      () => log().find(({ message }) => message.includes(part)),
      () => `no "${part}" in: ${running.stderr()}`,
    )
  const { url = '', admin_url: admin = '' } = await logged('Serving on')
  const recordsNow = (): readonly SeenExchange[] =>
    textOf(join(here, 'exchanges.jsonl'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as SeenExchange)
  return {
    url,
    admin,
    folder: here,
    running,
    log,
    logged,
    records: (count) =>
      until(
        () => {
          const found = recordsNow()
          return found.length >= count ? found : undefined
        },
        () => `fewer than ${count} records`,
      ),
    metric: async (name) => {
      const answer = await fetch(`${admin}/metrics`, {
        headers: { authorization: `Bearer ${adminToken}` },
      })
      const lines = (await answer.text()).split('\n')
      return lines
        .filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    },
    stop: () => {
      running.signal('SIGTERM')
      return running.ended
    },
  }
}

/** Empty while there is no such file. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const waitMsMax = 20_000

/** Looks every few milliseconds until there is something. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  otherwise: () => string,
  millisecondsMax = waitMsMax,
): Promise<T> {
  const end = performance.now() + millisecondsMax
  while (performance.now() < end) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((done) => setTimeout(done, 10))
  }
  throw new Error(otherwise())
}
