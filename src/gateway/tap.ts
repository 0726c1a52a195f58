import { promisify } from 'node:util'
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  gunzip,
  inflate,
} from 'node:zlib'
import { type Answer, listen, nothingSaid, readAnswer } from '../wire/answer.ts'
import { header } from '../wire/headers.ts'

/** Reads along while an answer passes; never holds it up. */
export type Tap = {
  readonly push: (chunk: Buffer) => void
  readonly end: () => Promise<Answer>
}

/** An answer that is not streamed is kept whole until it is read, up to here; a longer one is not read. */
const answerBytesMax = 8 * 1024 * 1024
/** Packed bytes that may wait to be unpacked. */
const packedBytesMax = 16 * 1024 * 1024

/** Chooses how to read an answer by its headers; null where there is nothing to read. */
export function tapOf(raw: readonly string[], outputCharsMax: number): Tap | null {
  const reader = readerOf(header(raw, 'content-type') ?? '', outputCharsMax)
  const encoding = encodingOf(raw)
  if (reader === null || encoding === 'other') return null
  if (encoding === 'none') return { push: reader.push, end: () => Promise.resolve(reader.end()) }
  return unpacked(reader, encoding)
}

export function isEventStream(raw: readonly string[]): boolean {
  return /^text\/event-stream\b/i.test(header(raw, 'content-type') ?? '')
}

type Reader = { readonly push: (chunk: Buffer) => void; readonly end: () => Answer }

function readerOf(type: string, outputCharsMax: number): Reader | null {
  if (/^text\/event-stream\b/i.test(type)) return listen(outputCharsMax)
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) return null
  const chunks: Buffer[] = []
  let bytes = 0
  return {
    push: (chunk) => {
      bytes += chunk.length
      if (bytes <= answerBytesMax) chunks.push(chunk)
      else chunks.length = 0
    },
    end: () =>
      bytes > answerBytesMax
        ? nothingSaid
        : readAnswer(Buffer.concat(chunks).toString('utf8'), outputCharsMax),
  }
}

type Encoding = 'none' | 'gzip' | 'deflate' | 'br' | 'other'

function encodingOf(raw: readonly string[]): Encoding {
  const said = header(raw, 'content-encoding')?.trim().toLowerCase() ?? ''
  if (said === '' || said === 'identity') return 'none'
  if (said === 'x-gzip') return 'gzip'
  return said === 'gzip' || said === 'deflate' || said === 'br' ? said : 'other'
}

const unpackers = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress }

function unpacked(reader: Reader, encoding: keyof typeof unpackers): Tap {
  const unpacker = unpackers[encoding]()
  const done = new Promise<void>((settle) => {
    unpacker.on('close', settle)
    // Damaged or torn: what could be unpacked has been read.
    unpacker.on('error', () => settle())
  })
  unpacker.on('data', reader.push)
  return {
    push: (chunk) => {
      if (!unpacker.destroyed && unpacker.writableLength < packedBytesMax) unpacker.write(chunk)
    },
    end: async () => {
      if (!unpacker.destroyed) unpacker.end()
      await done
      return reader.end()
    },
  }
}

const unpackWhole = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/** The text of a request's body, unpacked to `bytesMax` at most; empty where it cannot be. */
export async function bodyText(
  body: Buffer,
  raw: readonly string[],
  bytesMax: number,
): Promise<string> {
  const encoding = encodingOf(raw)
  if (encoding === 'none') return body.toString('utf8')
  if (encoding === 'other') return ''
  try {
    return (await unpackWhole[encoding](body, { maxOutputLength: bytesMax })).toString('utf8')
  } catch {
    return ''
  }
}
