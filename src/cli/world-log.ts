import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Exchange } from '../record/index.ts'
import type { WorldConfig } from '../sim/config.ts'
import { nativeLine } from '../sim/native.ts'
import { simulate } from '../sim/simulate.ts'
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
  meet: (exchange: Exchange) => void = () => undefined,
): Promise<{ readonly exchanges: number }> {
  let exchanges = 0
  function* chunks(): Generator<string> {
    let chunk = ''
    for (const exchange of simulate(config)) {
      exchanges++
      meet(exchange)
      chunk += nativeLine(exchange)
      if (chunk.length < chunkCharacters) continue
      progress.tell(`simulating: up to ${exchange.time.slice(0, 10)}, ${exchanges} exchanges`)
      yield chunk
      chunk = ''
    }
    yield chunk
  }
  const file = createWriteStream(path)
  const lines = Readable.from(chunks(), { objectMode: true, highWaterMark: 1 })
  if (path.endsWith('.gz')) await pipeline(lines, createGzip({ level: 4 }), file)
  else await pipeline(lines, file)
  return { exchanges }
}
