import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StillwatchError } from '../core/error.ts'
import { gunzipped } from '../ingest/mend.ts'
import type { Exchange } from '../record/index.ts'
import { type Costume, disguising } from '../sim/disguise/disguise.ts'
import type { Disguise } from '../sim/disguise/disguises.ts'
import { nativeLine } from '../sim/native.ts'
import type { World, WorldTruth } from './world.ts'

/** Lines handed to the disk at a time. */
const linesPerWrite = 1_000

/**
 * Writes a world again into `folder` with other names, other wording or both (src/sim/disguise says what
 * that is), and gives it with its truth. Takes logs in the native format, plain or packed with gzip;
 * throws `source-unreadable` for others.
 */
export async function disguised(
  world: World,
  {
    what,
    seed,
    folder,
  }: { readonly what: Disguise; readonly seed: string; readonly folder: string },
): Promise<World> {
  const costume = disguising(what, seed)
  mkdirSync(folder, { recursive: true })
  const sources: string[] = []
  for (const [at, source] of world.sources.entries()) {
    const path = join(folder, `exchanges-${at}.jsonl`)
    await pipeline(Readable.from(chunksOf(source, costume)), createWriteStream(path))
    sources.push(path)
  }
  return { name: `${world.name}, ${words[what]}`, sources, truth: truthIn(world.truth, costume) }
}

const words: Readonly<Record<Disguise, string>> = {
  names: 'other names',
  wording: 'other wording',
  both: 'other names and wording',
}

function truthIn({ accounts, campaigns }: WorldTruth, costume: Costume): WorldTruth {
  const renamed = Object.entries(accounts).map(([id, known]) => [costume.account(id), known])
  return { accounts: Object.fromEntries(renamed) as WorldTruth['accounts'], campaigns }
}

async function* chunksOf(source: string, costume: Costume): AsyncGenerator<string> {
  let chunk: string[] = []
  let number = 0
  for await (const line of linesOf(source)) {
    number += 1
    if (line === '') continue
    chunk.push(nativeLine(costume.exchange(exchangeFrom(line, source, number))))
    if (chunk.length < linesPerWrite) continue
    yield chunk.join('')
    chunk = []
  }
  yield chunk.join('')
}

function linesOf(source: string): AsyncIterable<string> {
  const input = source.endsWith('.gz') ? Readable.from(gunzipped(source)) : createReadStream(source)
  return createInterface({ input, crlfDelay: Infinity })
}

function exchangeFrom(line: string, source: string, number: number): Exchange {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    value = null
  }
  if (isExchange(value)) return value
  throw new StillwatchError(
    'source-unreadable',
    `Line ${number} of ${source} is no exchange in the native format.`,
    { fix: 'Disguises take logs as `stillwatch simulate` writes them, plain or packed with gzip.' },
  )
}

/** As much as a disguise touches. */
function isExchange(value: unknown): value is Exchange {
  if (typeof value !== 'object' || value === null || !('request' in value)) return false
  const { request } = value
  const named = 'id' in value && 'account' in value && typeof value.account === 'string'
  return (
    named &&
    typeof request === 'object' &&
    request !== null &&
    'messages' in request &&
    Array.isArray(request.messages) &&
    'model' in request &&
    typeof request.model === 'string'
  )
}
