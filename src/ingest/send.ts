import { createReadStream } from 'node:fs'
import { StillwatchError } from '../core/error.ts'
import type { Body } from '../engine/engine.ts'
import { canUnpack, readHeadLines } from './mend.ts'
import type { Source } from './sources.ts'

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
  const bytes = once(await readHeadLines(source))
  return { body: { bytes, encoding: '' }, format: formatOf(source) }
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
