import { closeSync, openSync, readSync } from 'node:fs'
import type { Compression } from './magic.ts'

/**
 * Whether a zstd or lz4 file ends before its last frame does. The engine takes such an end for the end
 * of the log and says nothing (measured), so the frames are walked here: headers only, by seeking.
 */
export function isTorn(path: string, bytes: number, compression: Compression): boolean {
  const walk = compression === 'zstd' ? zstdFrame : compression === 'lz4' ? lz4Frame : null
  if (!walk) return false
  const handle = openSync(path, 'r')
  try {
    const read = reader(handle, bytes)
    let at = 0
    while (at < bytes) at = isSkippable(read, at) ? at + 8 + read(at + 4, 4) : walk(read, at)
    return at > bytes
  } catch (cause) {
    // Something that is no frame follows: the engine will say so itself.
    if (cause instanceof RangeError) return true
    return false
  } finally {
    closeSync(handle)
  }
}

/** A number of up to four bytes, the lowest first; throws RangeError beyond the end. */
type Read = (at: number, size: number) => number

function reader(handle: number, bytes: number): Read {
  const buffer = Buffer.alloc(4)
  return (at, size) => {
    if (at + size > bytes || readSync(handle, buffer, 0, size, at) < size)
      throw new RangeError('beyond the end')
    return buffer.readUIntLE(0, size)
  }
}

/** Both formats leave these magics to others (RFC 8878 §3.1.2). */
function isSkippable(read: Read, at: number): boolean {
  const magic = read(at, 4)
  return magic >= 0x184d2a50 && magic <= 0x184d2a5f
}

/** Where the frame at `at` ends (RFC 8878 §3.1.1). */
function zstdFrame(read: Read, at: number): number {
  if (read(at, 4) !== 0xfd2fb528) throw new Error('not a frame')
  const descriptor = read(at + 4, 1)
  const isSingle = (descriptor & 0x20) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  const content = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  let next = at + 5 + (isSingle ? 0 : 1) + dictionary + content
  for (let isLast = false; !isLast;) {
    const header = read(next, 3)
    isLast = (header & 1) === 1
    const isRun = ((header >> 1) & 3) === 1
    next += 3 + (isRun ? 1 : header >> 3)
  }
  return next + ((descriptor & 4) === 0 ? 0 : 4)
}

/** The same for lz4 (lz4_Frame_format.md). */
function lz4Frame(read: Read, at: number): number {
  if (read(at, 4) !== 0x184d2204) throw new Error('not a frame')
  const flags = read(at + 4, 1)
  const checksum = (flags & 0x10) === 0 ? 0 : 4
  let next = at + 7 + ((flags & 0x08) === 0 ? 0 : 8) + ((flags & 0x01) === 0 ? 0 : 4)
  for (let size = read(next, 4); size !== 0; size = read(next, 4))
    next += 4 + (size & 0x7fffffff) + checksum
  return next + 4 + ((flags & 0x04) === 0 ? 0 : 4)
}
