import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { type Answer, listen, nothingSaid, readAnswer } from '../wire/answer.ts'
import { header } from '../wire/headers.ts'

/** Reads along while an answer passes; never holds it up. Ended or dropped, once. */
export type Tap = {
  readonly push: (chunk: Buffer) => void
  readonly end: () => Promise<Heard>
  readonly drop: () => void
}

/** What an answer said, and why it was not read to its end if it was not. */
export type Heard = { readonly answer: Answer; readonly unread: Unread | null }
export type Unread = 'too-large' | 'no-room' | 'coding'

/** Memory that all taps share; `take` is false where there is no more. */
export type Hold = {
  readonly take: (bytes: number) => boolean
  readonly give: (bytes: number) => void
}

/** An answer that is not streamed is kept whole until it is read, up to here; a longer one is not read. */
const answerBytesMax = 8 * 1024 * 1024
/** Of one answer: packed bytes that may wait to be unpacked, and bytes it may unpack to. */
const packedBytesMax = 16 * 1024 * 1024
const unpackedBytesMax = 64 * 1024 * 1024

/** Chooses how to read an answer by its headers; null where there is nothing to read. */
export function tapOf(raw: readonly string[], outputCharsMax: number, hold: Hold): Tap | null {
  const reader = readerOf(header(raw, 'content-type') ?? '', outputCharsMax, hold)
  if (reader === null) return null
  const encoding = encodingOf(raw)
  switch (encoding) {
    case 'none':
      return { push: reader.push, end: () => Promise.resolve(reader.end()), drop: reader.drop }
    case 'other':
      return unreadable
    case 'gzip':
    case 'deflate':
    case 'br':
      return unpacked(reader, encoding, hold)
  }
}

export function isEventStream(raw: readonly string[]): boolean {
  return /^text\/event-stream\b/i.test(header(raw, 'content-type') ?? '')
}

const unreadable: Tap = {
  push: () => undefined,
  end: () => Promise.resolve({ answer: nothingSaid, unread: 'coding' }),
  drop: () => undefined,
}

type Reader = {
  readonly push: (chunk: Buffer) => void
  /** It has given up, and nothing more need be pushed. */
  readonly full: () => boolean
  readonly end: () => Heard
  readonly drop: () => void
}

function readerOf(type: string, outputCharsMax: number, hold: Hold): Reader | null {
  if (/^text\/event-stream\b/i.test(type)) {
    const { push, end } = listen(outputCharsMax)
    const heard = (): Heard => ({ answer: end(), unread: null })
    return { push, full: () => false, end: heard, drop: () => undefined }
  }
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) return null
  const { push, full, take } = pile(answerBytesMax, hold)
  return {
    push,
    full,
    end: () => {
      const { bytes, unread } = take()
      return {
        answer: unread === null ? readAnswer(bytes.toString('utf8'), outputCharsMax) : nothingSaid,
        unread,
      }
    },
    drop: () => void take(),
  }
}

type Piled = { readonly bytes: Buffer; readonly unread: Unread | null }

/** Keeps bytes up to a limit of its own and the one that all share; beyond, it lets go of all it had. */
function pile(
  bytesMax: number,
  hold: Hold,
): {
  readonly push: (chunk: Buffer) => void
  readonly full: () => boolean
  /** What was kept. It no longer counts as held. */
  readonly take: () => Piled
} {
  let chunks: Buffer[] = []
  let bytes = 0
  let unread: Unread | null = null
  const release = (): void => {
    hold.give(bytes)
    bytes = 0
    chunks = []
  }
  return {
    full: () => unread !== null,
    push: (chunk) => {
      if (unread !== null) return
      if (bytes + chunk.length > bytesMax) unread = 'too-large'
      else if (!hold.take(chunk.length)) unread = 'no-room'
      if (unread !== null) return release()
      bytes += chunk.length
      chunks.push(chunk)
    },
    take: () => {
      const [only] = chunks
      const all = chunks.length === 1 && only ? only : Buffer.concat(chunks)
      release()
      return { bytes: all, unread }
    },
  }
}

type Encoding = 'none' | 'other' | Packing
type Packing = 'gzip' | 'deflate' | 'br'

function encodingOf(raw: readonly string[]): Encoding {
  const said = header(raw, 'content-encoding')?.trim().toLowerCase() ?? ''
  if (said === '' || said === 'identity') return 'none'
  if (said === 'x-gzip') return 'gzip'
  return said === 'gzip' || said === 'deflate' || said === 'br' ? said : 'other'
}

const unpackers = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress }

function unpacked(reader: Reader, encoding: Packing, hold: Hold): Tap {
  const unpacker = unpackers[encoding]()
  let waiting = 0
  let out = 0
  let unread: Unread | null = null
  const stop = (why: Unread): void => {
    unread ??= why
    unpacker.destroy()
  }
  const done = new Promise<void>((settle) => {
    unpacker.on('close', () => {
      hold.give(waiting)
      waiting = 0
      settle()
    })
    // Damaged or torn: what could be unpacked has been read.
    unpacker.on('error', () => settle())
  })
  unpacker.on('data', (part: Buffer) => {
    if (unpacker.destroyed) return
    out += part.length
    reader.push(part)
    // A few packed bytes may be gigabytes of nothing.
    if (out > unpackedBytesMax || reader.full()) stop('too-large')
  })
  return {
    push: (chunk) => {
      if (unpacker.destroyed) return
      if (waiting + chunk.length > packedBytesMax) return stop('too-large')
      if (!hold.take(chunk.length)) return stop('no-room')
      waiting += chunk.length
      unpacker.write(chunk, () => {
        // Once it is closed, all that waited has been given back.
        if (unpacker.closed || waiting === 0) return
        waiting -= chunk.length
        hold.give(chunk.length)
      })
    },
    end: async () => {
      if (!unpacker.destroyed) unpacker.end()
      await done
      const heard = reader.end()
      return { answer: heard.answer, unread: heard.unread ?? unread }
    },
    drop: () => {
      unpacker.destroy()
      reader.drop()
    },
  }
}

/** The text of a request's body, unpacked to `bytesMax` at most; empty where it cannot be. */
export async function bodyText(
  body: Buffer,
  raw: readonly string[],
  bytesMax: number,
  hold: Hold,
): Promise<string> {
  const encoding = encodingOf(raw)
  if (encoding === 'none') return body.toString('utf8')
  if (encoding === 'other') return ''
  const { push, full, take } = pile(bytesMax, hold)
  const unpacker = unpackers[encoding]()
  try {
    unpacker.end(body)
    for await (const part of unpacker) {
      push(part as Buffer)
      if (full()) break
    }
    return take().bytes.toString('utf8')
  } catch {
    take()
    return ''
  }
}

/** Whether a body arrives packed, so that its text is larger than it. */
export function isPacked(raw: readonly string[]): boolean {
  return encodingOf(raw) !== 'none'
}
