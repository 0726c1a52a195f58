import { createReadStream } from 'node:fs'
import { StillwatchError } from '../core/error.ts'
import type { Body } from '../engine/engine.ts'
import { canUnpack, unpacked } from './mend.ts'
import type { Source } from './sources.ts'

/** So much of a file is unpacked to tell its format, where this process can unpack it. */
const sampleBytesMax = 1024 ** 2

/** Bytes for a server, and how the server has to read them. */
export type Sent = { readonly body: Body; readonly format: string }

/** A source's bytes as they are; the server unpacks them. Throws `source-unreadable` for Parquet. */
export function wholeBody(source: Source): Sent {
  const encoding = source.compression === 'none' ? '' : source.compression
  return { body: { bytes: createReadStream(source.path), encoding }, format: formatOf(source) }
}

/** The beginning of a source, or where only the server can unpack it, all of it. */
export async function sampleBody(source: Source): Promise<Sent> {
  if (!canUnpack(source) || source.container !== 'lines') return wholeBody(source)
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of unpacked(source)) {
      parts.push(part)
      size += part.length
      if (size >= sampleBytesMax) break
    }
  } catch {
    // Torn: what came before is the sample, and reading it whole will find the tear.
  }
  return {
    body: { bytes: once(wholeLinesOf(parts, size)), encoding: '' },
    format: formatOf(source),
  }
}

function wholeLinesOf(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = Buffer.concat(parts)
  const end = bytes.lastIndexOf(0x0a)
  return size >= sampleBytesMax && end >= 0 ? bytes.subarray(0, end + 1) : bytes
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

function formatOf(source: Source): string {
  if (source.container === 'lines') return 'LineAsString'
  if (source.container === 'values') return 'JSONAsString'
  throw new StillwatchError('source-unreadable', `${source.name} is Parquet, which is not sent.`, {
    fix: 'Put it where the server can read it itself (s3:// or https://), or audit it without --engine.',
  })
}
