import { closeSync, openSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { StillwatchError } from '../core/error.ts'

/** A copy without a name. */
export type Spool = {
  /** Where this process alone can open it, until `release`. */
  readonly path: string
  readonly release: () => void
}

/**
 * Copies a stream to a file without a name: it is unlinked before the first byte is written, so
 * nothing of it can be found in the data directory, not even after `kill -9`.
 */
export async function spool(
  input: AsyncIterable<string | Uint8Array> | Iterable<Uint8Array>,
  temporary: string,
): Promise<Spool> {
  const path = join(temporary, `spool-${process.pid}-${++spools}`)
  const file = await open(path, 'wx+', 0o600)
  rmSync(path)
  try {
    for await (const part of input) await file.writeFile(part)
    // A number of our own: a FileHandle that nobody holds is closed when it is collected.
    const handle = openSync(handlePath(file.fd), 'r')
    await file.close()
    return { path: handlePath(handle), release: once(() => closeSync(handle)) }
  } catch (cause) {
    await file.close()
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC')
      throw new StillwatchError('disk-full', `There is no room in ${temporary} for a copy.`, {
        fix: 'Free space, or put the data elsewhere with --data.',
        cause,
      })
    throw cause
  }
}

let spools = 0

/** A number that was closed twice may be someone else's by then. */
function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}

/** An open file by its number; on macOS all openings of one share a position, which `pread` ignores. */
function handlePath(handle: number): string {
  return process.platform === 'linux' ? `/proc/self/fd/${handle}` : `/dev/fd/${handle}`
}
