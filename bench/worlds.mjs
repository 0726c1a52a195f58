// Writes simulated logs for the benchmarks, once: a world that is on disk already is used again.
import { once } from 'node:events'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { campaign } from '../dist/sim/campaigns/styles.js'
import { nativeLine } from '../dist/sim/native.js'
import { simulate } from '../dist/sim/simulate.js'
import { world } from '../dist/sim/worlds.js'

const linesPerPart = 1_000_000
const linesPerWrite = 4_000

/**
 * The logs by name: how many exchanges, and what is special about them. A log of several million is
 * one world of a million and copies of it in other letters, with other accounts and addresses, side by
 * side in one fortnight: copying is five times faster than simulating, and to fingerprints a text in
 * other letters is another text.
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
  'days-10k': { exchanges: 130_000, options: { seed: 'bench-4', accounts: 9_000, days: 2 } },
  'world-1m': { exchanges: 1_000_000, options: { ...busyWorld(), seed: 'bench-3' } },
  'world-10m': { exchanges: 10_000_000, options: { ...busyWorld(), seed: 'bench-3' } },
}

/** Every tenth exchange is a campaign's: what is flagged costs time too. */
function busyWorld() {
  return {
    accounts: 10_000,
    days: 14,
    campaigns: [
      campaign('hydra', 'hydra', 2, 14, { accounts: 400 }),
      campaign('paraphrase', 'paraphrase', 3, 14, { accounts: 100 }),
      campaign('relay', 'relay', 4, 13, { accounts: 40 }),
      campaign('farm', 'farm', 2, 12, { accounts: 20 }),
      campaign('slow', 'slow', 1, 14, { accounts: 200 }),
      campaign('bulk', 'bulk', 5, 9),
    ],
  }
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
  process.stderr.write(`  writing ${name}, part ${part + 1} …\n`)
  if (part === 0) await write(`${file}.part`, world({ ...options, exchanges: linesMax }), linesMax)
  else await writeLines(`${file}.part`, copies(fileOf(folder, name, 0), part))
  renameSync(`${file}.part`, file)
}

/** The lines of a log with every account, id, address and letter another one. */
async function* copies(file, part) {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const exchange = JSON.parse(line)
    exchange.id += `-${part}`
    exchange.account += `-${part}`
    exchange.key += `-${part}`
    if (exchange.org) exchange.org += `-${part}`
    exchange.ip = exchange.ip.replace(
      /^[0-9a-f]+/,
      (first) => `${first.length > 3 ? '2001' : 230 + part}`,
    )
    if (exchange.output) exchange.output = otherLetters(exchange.output, part)
    for (const message of exchange.request.messages)
      if (typeof message.content === 'string') message.content = otherLetters(message.content, part)
    yield `${JSON.stringify(exchange)}\n`
  }
}

/** Alphabets, each turned by some places: Latin, Cyrillic, kana, Han. */
const alphabets = [
  [0x61, 26],
  [0x41, 26],
  [0x430, 32],
  [0x3041, 86],
  [0x30a1, 86],
  [0x4e00, 20_000],
]

const turned = new Map()

/** For each UTF-16 code unit the one that a copy writes instead. */
function tableOf(part) {
  if (turned.has(part)) return turned.get(part)
  const table = Uint16Array.from({ length: 65_536 }, (_, code) => code)
  for (const [first, size] of alphabets)
    for (let at = 0; at < size; at++) table[first + at] = first + ((at + part * 2 + 1) % size)
  turned.set(part, table)
  return table
}

function otherLetters(text, part) {
  const table = tableOf(part)
  const bytes = Buffer.from(text, 'utf16le')
  const codes = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
  for (let at = 0; at < codes.length; at++) codes[at] = table[codes[at]]
  return bytes.toString('utf16le')
}

async function write(file, config, linesMax) {
  await writeLines(file, lines(config, linesMax))
}

function* lines(config, linesMax) {
  let count = 0
  for (const exchange of simulate(config)) {
    if (count >= linesMax) return
    count += 1
    yield nativeLine(exchange)
  }
}

async function writeLines(file, source) {
  const stream = createWriteStream(file)
  let batch = []
  const flush = async () => {
    if (!stream.write(batch.join(''))) await once(stream, 'drain')
    batch = []
  }
  for await (const line of source) {
    batch.push(line)
    if (batch.length === linesPerWrite) await flush()
  }
  await flush()
  stream.end()
  await once(stream, 'close')
}
