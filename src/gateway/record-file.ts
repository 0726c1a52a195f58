import { type FileHandle, open } from 'node:fs/promises'
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
  let torn: boolean | null = null
  return async (batch) => {
    const file = await open(path, 'a+', 0o600)
    try {
      torn ??= await endsTorn(file)
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

/** Whether what an earlier run left ends within a line. */
async function endsTorn(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== 0x0a
}
