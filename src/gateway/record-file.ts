import { open } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import type { Sink } from './queue.ts'

/** Records written as text in one go; between two, requests are served. */
const linesAtOnceMax = 32

/**
 * A sink that appends records to a file of JSON Lines, the native format that `stillwatch audit` reads.
 * Only its owner may read it: it holds prompts and answers. The file is opened anew for each batch, so
 * that it may be moved away at any time.
 */
export function recordFile(path: string): Sink {
  let torn = false
  return async (batch) => {
    const file = await open(path, 'a', 0o600)
    try {
      // A write that failed may have left half a line; the batch comes again, and ids tell the copies.
      if (torn) await file.appendFile('\n')
      torn = true
      for (let at = 0; at < batch.length; at += linesAtOnceMax) {
        const lines = batch
          .slice(at, at + linesAtOnceMax)
          .map((each) => `${JSON.stringify(each)}\n`)
        await file.appendFile(lines.join(''))
        await turn()
      }
      torn = false
    } finally {
      await file.close()
    }
  }
}
