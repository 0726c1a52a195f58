import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A ClickHouse server as far as the front goes (clickhouse-front.mjs). */
export type Front = {
  /** For `openStore({ server })`. */
  readonly address: string
  readonly host: string
  /** What it was asked: how long each address was, and how its body was packed. */
  readonly requests: () => Promise<readonly { bytes: number; encoding: string }[]>
}

/** Starts the front in a process of its own, which ends with the test. */
export async function startFront(password: string): Promise<Front> {
  const script = join(import.meta.dirname, 'clickhouse-front.mjs')
  const child = spawn(process.execPath, [script, password], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.stdin.end()
  })
  const port = await new Promise<string>((settle, fail) => {
    child.stdout.on('data', (part: Buffer) => {
      const found = /listening (\d+)/.exec(part.toString())?.[1]
      if (found !== undefined) settle(found)
    })
    child.on('close', () => fail(new Error('the front did not start')))
  })
  const host = `127.0.0.1:${port}`
  return {
    address: `clickhouse://default:${encodeURIComponent(password)}@${host}/logs_of_ours`,
    host,
    requests: async () => (await (await fetch(`http://${host}/requests`)).json()) as never,
  }
}
