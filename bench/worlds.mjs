// Writes simulated logs for the benchmarks, once: a world that is on disk already is used again.
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nativeLine } from '../dist/sim/native.js'
import { simulate } from '../dist/sim/simulate.js'
import { world } from '../dist/sim/worlds.js'

const linesPerFile = 1_000_000
const linesPerWrite = 4_000

/** The logs by name: how many exchanges, and what is special about them. */
export const logs = {
  'short-1m': {
    exchanges: 1_000_000,
    options: { seed: 'bench-1', accounts: 8_000, days: 14, mix: shortMix() },
  },
  'agents-50kb': {
    exchanges: 20_000,
    options: {
      seed: 'bench-2',
      accounts: 400,
      days: 14,
      mix: { coder: 1 },
      agentRequestBytes: 50_000,
    },
  },
  'world-1m': { exchanges: 1_000_000, options: { seed: 'bench-3', accounts: 10_000, days: 14 } },
  'world-10m': { exchanges: 10_000_000, options: { seed: 'bench-4', accounts: 100_000, days: 14 } },
}

/** Customers whose requests are short, for lines of some 600 bytes. */
function shortMix() {
  return { chat: 20, hobbyist: 20, app: 10, batch: 10, writer: 5, course: 5 }
}

/** Makes sure the log is in `folder`; its files, lines and bytes. */
export async function writeLog(folder, name) {
  const done = join(folder, name, 'done.json')
  mkdirSync(join(folder, name), { recursive: true })
  const { exchanges, options } = logs[name]
  if (!existsSync(done)) {
    const lines = await write(
      join(folder, name),
      world({ ...options, exchanges: exchanges * 1.1 }),
      exchanges,
    )
    writeFileSync(done, JSON.stringify({ lines }))
  }
  const files = Array.from({ length: Math.ceil(exchanges / linesPerFile) }, (_, at) =>
    fileName(folder, name, at),
  ).filter(existsSync)
  return { files, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) }
}

function fileName(folder, name, at) {
  return join(folder, name, `exchanges-${String(at).padStart(3, '0')}.jsonl`)
}

async function write(folder, config, exchangesMax) {
  let lines = 0
  let part = []
  let stream = null
  const flush = async () => {
    if (!stream.write(part.join(''))) await once(stream, 'drain')
    part = []
  }
  for (const exchange of simulate(config)) {
    if (lines >= exchangesMax) break
    if (lines % linesPerFile === 0) {
      if (stream) {
        await flush()
        stream.end()
        await once(stream, 'close')
      }
      stream = createWriteStream(
        join(folder, `exchanges-${String(lines / linesPerFile).padStart(3, '0')}.jsonl`),
      )
    }
    part.push(nativeLine(exchange))
    lines += 1
    if (part.length === linesPerWrite) await flush()
    if (lines % 500_000 === 0) process.stderr.write(`  ${lines} lines written\n`)
  }
  await flush()
  stream.end()
  await once(stream, 'close')
  return lines
}
