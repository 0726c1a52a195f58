// Writes simulated logs for the benchmarks, once: a world that is on disk already is used again.
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { nativeLine } from '../dist/sim/native.js'
import { simulate } from '../dist/sim/simulate.js'
import { world } from '../dist/sim/worlds.js'

const linesPerPart = 1_000_000
const linesPerWrite = 4_000

/**
 * The logs by name: how many exchanges, and what is special about them. A log of several million is
 * several worlds of a million side by side in one fortnight, each with its own seed and accounts.
 */
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
  'world-10m': { exchanges: 10_000_000, options: { seed: 'bench-4', accounts: 10_000, days: 14 } },
}

/** Customers whose requests are short, for lines of some 600 bytes. */
function shortMix() {
  return { chat: 20, hobbyist: 20, app: 10, batch: 10, writer: 5, course: 5 }
}

/** Makes sure the log is in `folder`; its files and bytes. */
export async function writeLog(folder, name) {
  mkdirSync(join(folder, name), { recursive: true })
  const { exchanges, options } = logs[name]
  const parts = Math.ceil(exchanges / linesPerPart)
  const files = Array.from({ length: parts }, (_, part) => fileOf(folder, name, part))
  for (let part = 0; part < parts; part++) await writePart(folder, name, part)
  return { files, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0), options }
}

function fileOf(folder, name, part) {
  return join(folder, name, `exchanges-${String(part).padStart(3, '0')}.jsonl`)
}

/** Writes one part unless it is there; under another name until it is whole. */
export async function writePart(folder, name, part) {
  const file = fileOf(folder, name, part)
  if (existsSync(file)) return
  const { exchanges, options } = logs[name]
  const linesMax = Math.min(linesPerPart, exchanges)
  const seed = part === 0 ? options.seed : `${options.seed} part ${part}`
  process.stderr.write(`  writing ${name}, part ${part + 1} …\n`)
  await write(`${file}.part`, world({ ...options, seed, exchanges: linesMax * 1.1 }), linesMax)
  renameSync(`${file}.part`, file)
}

async function write(file, config, linesMax) {
  const stream = createWriteStream(file)
  let lines = 0
  let batch = []
  const flush = async () => {
    if (!stream.write(batch.join(''))) await once(stream, 'drain')
    batch = []
  }
  for (const exchange of simulate(config)) {
    if (lines >= linesMax) break
    batch.push(nativeLine(exchange))
    lines += 1
    if (batch.length === linesPerWrite) await flush()
  }
  await flush()
  stream.end()
  await once(stream, 'close')
}
