import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { onTestFinished } from 'vitest'
import { until } from './serving.ts'

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Starts a program of somebody else's, and waits until it answers; ended after the test. */
export async function program(
  words: readonly [string, ...string[]],
  where: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly url: string },
): Promise<ChildProcess> {
  const [name, ...rest] = words
  const env = { ...process.env, ...where.env }
  const child = spawn(name, rest, { cwd: where.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  onTestFinished(() => void child.kill('SIGKILL'))
  const up = await until(
    async () => {
      if (child.exitCode !== null) return false
      return await fetch(where.url).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      )
    },
    () => `${name} did not start: ${said.slice(-4000)}`,
    150_000,
  )
  if (!up) throw new Error(`${name} ended: ${said.slice(-4000)}`)
  return child
}
