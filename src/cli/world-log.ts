import {
  closeSync,
  createWriteStream,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Exchange } from '../record/index.ts'
import type { WorldConfig } from '../sim/config.ts'
import { nativeLine } from '../sim/native.ts'
import { merge } from '../sim/merge.ts'
import { blocksOf } from '../sim/plan.ts'
import { numbered, type Run, runsOf, simulate } from '../sim/simulate.ts'
import type { Progress } from './progress.ts'

/** Characters handed to the stream at a time: one write for each line would take longer than making it. */
const chunkCharacters = 256 * 1024

/**
 * Writes the log of a simulated world as it is made, packed where the name ends in .gz; memory holds
 * a chunk of it. `meet` sees each exchange.
 */
export async function writeWorld(
  config: WorldConfig,
  path: string,
  progress: Progress,
  meet?: (exchange: Exchange) => void,
): Promise<{ readonly exchanges: number }> {
  if (meet === undefined && blocksOf(config).length > 1)
    return await writeByBlocks(config, path, progress)
  return await writeLines(path, progress, linesOf(config, meet))
}

function* linesOf(config: WorldConfig, meet?: (exchange: Exchange) => void): Generator<string> {
  for (const exchange of simulate(config)) {
    meet?.(exchange)
    yield nativeLine(exchange)
  }
}

async function writeLines(
  path: string,
  progress: Progress,
  lines: Iterable<string>,
): Promise<{ readonly exchanges: number }> {
  let exchanges = 0
  function* chunks(): Generator<string> {
    let chunk = ''
    for (const line of lines) {
      exchanges++
      chunk += line
      if (chunk.length < chunkCharacters) continue
      progress.tell(`writing the log: ${exchanges} exchanges`)
      yield chunk
      chunk = ''
    }
    yield chunk
  }
  const file = createWriteStream(path)
  const parts = Readable.from(chunks(), { objectMode: true, highWaterMark: 1 })
  if (path.endsWith('.gz')) await pipeline(parts, createGzip({ level: 4 }), file)
  else await pipeline(parts, file)
  return { exchanges }
}

/**
 * A large world, a block of accounts at a time: each block's log goes to a file of its own, and the
 * files are merged. So memory holds one block, and the disk for a while twice the log.
 */
async function writeByBlocks(
  config: WorldConfig,
  path: string,
  progress: Progress,
): Promise<{ readonly exchanges: number }> {
  const plain = statSync(path, { throwIfNoEntry: false })?.isFile() ?? true
  const folder = mkdtempSync(join(plain ? dirname(resolve(path)) : tmpdir(), '.stillwatch-'))
  try {
    const blocks = blocksOf(config)
    const files = blocks.map((block, at) => {
      progress.tell(`simulating: block ${at + 1} of ${blocks.length}`)
      return writeRun(join(folder, `${at}`), runsOf(config, block))
    })
    return await writeLines(path, progress, mergedRuns(files))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes each line with its time before it; gives the file's name. */
function writeRun(path: string, runs: Iterable<Run>): string {
  const file = openSync(path, 'w')
  try {
    let chunk = ''
    for (const { at, line } of runs) {
      chunk += `${at} ${line}`
      if (chunk.length < chunkCharacters) continue
      writeFileSync(file, chunk)
      chunk = ''
    }
    writeFileSync(file, chunk)
  } finally {
    closeSync(file)
  }
  return path
}

function* mergedRuns(files: readonly string[]): Generator<string> {
  let number = 0
  const threads = files.map((file) => ({ start: -Infinity, open: () => readRun(file) }))
  for (const { line } of merge(threads)) yield numbered(line, number++)
}

const readBytes = 1024 * 1024
const newline = 10

function* readRun(path: string): Generator<Run> {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(readBytes)
    let left = Buffer.alloc(0)
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      // Whole lines only, so that no character is cut in two.
      const bytes = Buffer.concat([left, buffer.subarray(0, size)])
      const end = bytes.lastIndexOf(newline) + 1
      yield* runsIn(bytes.toString('utf8', 0, end))
      left = bytes.subarray(end)
    }
  } finally {
    closeSync(file)
  }
}

function* runsIn(text: string): Generator<Run> {
  for (let from = 0; from < text.length;) {
    const blank = text.indexOf(' ', from)
    const end = text.indexOf('\n', blank) + 1
    yield { at: Number(text.slice(from, blank)), line: text.slice(blank + 1, end) }
    from = end
  }
}
