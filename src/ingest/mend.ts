import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { StillwatchError } from '../core/error.ts'
import { unpackBzip2 } from './bzip2.ts'
import { lineBytesMax } from './lines.ts'
import type { Source } from './sources.ts'
import { spool } from './spool.ts'

const newline = 0x0a

/** Whether this process can unpack a source itself; the others only the engine can. */
export function canUnpack(source: Source): boolean {
  const isLocal = source.kind === 'file' || source.kind === 'stdin'
  return isLocal && ['none', 'gzip', 'bz2'].includes(source.compression)
}

/** Whether a source can be mended line by line, and has not been. */
export function canMend(source: Source): boolean {
  return canUnpack(source) && source.damage === null && source.container === 'lines'
}

/**
 * A copy of a source that the engine can read to its end: unpacked as far as that goes, without the
 * half line at a torn end, overlong lines cut just above the limit. For sources the engine gave up
 * on.
 */
export async function mend(
  source: Source,
  temporary: string,
  found: Found = { truncated: false, cuts: [] },
): Promise<Source> {
  const bytes = wholeLines(untilTorn(unpacked(source), found), found)
  const { path, release } = await spool(bytes, temporary)
  source.release()
  const sound = !found.truncated && found.cuts.length === 0
  return {
    ...source,
    path,
    compression: 'none',
    damage: sound ? null : { ...found, linesMax: null },
    release,
  }
}

/** The same for bzip2, which this build of the engine cannot read: unpacked, and lines left alone. */
export async function unpack(source: Source, temporary: string): Promise<Source> {
  const found: Found = { truncated: false, cuts: [] }
  const { path, release } = await spool(untilTorn(unpacked(source), found), temporary)
  source.release()
  const plain: Source = { ...source, path, compression: 'none', release }
  return found.truncated ? await mend(plain, temporary, found) : plain
}

/** So much of a source is unpacked to tell its format. */
const headBytesMax = 1024 ** 2

/** The beginning of a source for which `canUnpack` holds, up to its last whole line. */
export async function readHeadLines(source: Source): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of untilTorn(unpacked(source), { truncated: false, cuts: [] })) {
    parts.push(part)
    size += part.length
    if (size >= headBytesMax) break
  }
  const bytes = Buffer.concat(parts)
  const end = bytes.lastIndexOf(newline)
  return size >= headBytesMax && end >= 0 ? bytes.subarray(0, end + 1) : bytes
}

/** A copy of that beginning. */
export async function unpackHead(source: Source, temporary: string): Promise<Source> {
  const { path, release } = await spool([await readHeadLines(source)], temporary)
  return { ...source, path, compression: 'none', release }
}

type Found = { truncated: boolean; readonly cuts: { line: number; bytes: number }[] }

/** The bytes of a source for which `canUnpack` holds. */
export function unpacked(source: Source): AsyncIterable<Uint8Array> {
  if (source.compression === 'gzip') return gunzipped(source.path)
  const file = createReadStream(source.path, { highWaterMark: 1024 ** 2 })
  return source.compression === 'bz2' ? unpackBzip2(file) : file
}

/** Packed bytes handed to zlib at a time; they may unpack to a thousand times as much (RFC 1951). */
const packedBytesMax = 64 * 1024

/**
 * What a gzip file holds, as far as it is whole; then throws. Written piece by piece, each read out before the
 * next: a stream that fails drops what nobody has read of it yet, so that a pipe lost the good part of a torn
 * file whenever its reader was late.
 */
export async function* gunzipped(path: string): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 1024 ** 2 })
  const parts: Uint8Array[] = []
  let failure: Error | undefined
  gunzip.on('data', (part: Uint8Array) => parts.push(part))
  gunzip.on('error', (cause) => (failure = cause))
  // A piece that zlib fails on is never called done; the stream closes.
  const closed = new Promise<void>((resolve) => gunzip.once('close', resolve))
  try {
    for await (const packed of createReadStream(path, { highWaterMark: packedBytesMax })) {
      const taken = new Promise<void>((resolve) => gunzip.write(packed, () => resolve()))
      await Promise.race([taken, closed])
      yield* parts.splice(0)
      if (failure !== undefined) throw failure
    }
    gunzip.end()
    await closed
    yield* parts.splice(0)
    if (failure !== undefined) throw failure
  } finally {
    gunzip.destroy()
  }
}

/** Ends quietly where the packed data is torn; what came before is good. */
async function* untilTorn(
  input: AsyncIterable<Uint8Array>,
  found: Found,
): AsyncIterable<Uint8Array> {
  try {
    for await (const part of input) yield part
  } catch (cause) {
    if (cause instanceof StillwatchError) throw cause
    found.truncated = true
  }
}

async function* wholeLines(
  input: AsyncIterable<Uint8Array>,
  found: Found,
): AsyncIterable<Uint8Array> {
  let lines = 0
  let begun: { parts: Uint8Array[]; bytes: number; dropped: number } = {
    parts: [],
    bytes: 0,
    dropped: 0,
  }
  const add = (part: Uint8Array): void => {
    // One byte more than the limit, so that the engine counts the line as too long.
    const kept = part.subarray(0, Math.max(0, lineBytesMax + 1 - begun.bytes))
    begun.parts.push(kept)
    begun.bytes += kept.length
    begun.dropped += part.length - kept.length
  }
  for await (const part of input) {
    const first = part.indexOf(newline)
    const last = part.lastIndexOf(newline)
    add(first < 0 ? part : part.subarray(0, first))
    if (first < 0) continue
    lines++
    if (begun.dropped > 0) found.cuts.push({ line: lines, bytes: begun.dropped })
    yield Buffer.concat([...begun.parts, Uint8Array.of(newline)])
    yield part.subarray(first + 1, last + 1)
    lines += newlines(part, first + 1, last + 1)
    begun = { parts: [], bytes: 0, dropped: 0 }
    add(part.subarray(last + 1))
  }
  // A torn end leaves half a line behind; the end of a sound file may lack its newline.
  if (found.truncated) return
  if (begun.dropped > 0) found.cuts.push({ line: lines + 1, bytes: begun.dropped })
  yield Buffer.concat(begun.parts)
}

function newlines(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (
    let at = bytes.indexOf(newline, from);
    at >= 0 && at < to;
    at = bytes.indexOf(newline, at + 1)
  )
    count++
  return count
}
