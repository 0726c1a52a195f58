import { createWriteStream, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Copies a stream to a file without a name: it is unlinked before the first byte is written, so
 * nothing of it can be found in the data directory, not even after `kill -9`. Returns the path under
 * which this process alone can open it, until the process ends.
 */
export async function spool(input: Readable, temporary: string): Promise<string> {
  const path = join(temporary, `spool-${process.pid}-${++spools}`)
  const handle = openSync(path, 'wx+', 0o600)
  rmSync(path)
  await pipeline(input, createWriteStream(path, { fd: handle, autoClose: false }))
  return handlePath(handle)
}

let spools = 0

/** An open file by its number. On macOS each opening of /dev/fd/N shares one position. */
export function handlePath(handle: number): string {
  return process.platform === 'linux' ? `/proc/self/fd/${handle}` : `/dev/fd/${handle}`
}
