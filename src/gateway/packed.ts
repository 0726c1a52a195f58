import { promisify } from 'node:util'
import {
  brotliCompress,
  brotliDecompress,
  constants,
  deflate,
  gunzip,
  gzip,
  inflate,
} from 'node:zlib'
import { header } from '../wire/headers.ts'

type Packing = {
  readonly unpack: (bytes: Buffer, bytesMax: number) => Promise<Buffer>
  readonly pack: (bytes: Buffer) => Promise<Buffer>
}

const gzipped: Packing = {
  unpack: (bytes, maxOutputLength) => promisify(gunzip)(bytes, { maxOutputLength }),
  pack: (bytes) => promisify(gzip)(bytes),
}

/** Quick rather than small: a request waits for it. */
const brotliQuality = 4

const packings: Readonly<Record<string, Packing>> = {
  '': { unpack: async (bytes) => bytes, pack: async (bytes) => bytes },
  identity: { unpack: async (bytes) => bytes, pack: async (bytes) => bytes },
  gzip: gzipped,
  'x-gzip': gzipped,
  deflate: {
    unpack: (bytes, maxOutputLength) => promisify(inflate)(bytes, { maxOutputLength }),
    pack: (bytes) => promisify(deflate)(bytes),
  },
  br: {
    unpack: (bytes, maxOutputLength) => promisify(brotliDecompress)(bytes, { maxOutputLength }),
    pack: (bytes) =>
      promisify(brotliCompress)(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality },
      }),
  },
}

/** A body unpacked, and how to pack another like it, so that its headers stay true. */
export type Unpacked = { readonly bytes: Buffer; readonly pack: Packing['pack'] }

/** Unpacks a request's body; null where it is packed in a way that is not known, is damaged, or too large. */
export async function unpack(
  body: Buffer,
  raw: readonly string[],
  bytesMax: number,
): Promise<Unpacked | null> {
  const encoding = header(raw, 'content-encoding')?.trim().toLowerCase() ?? ''
  const packing = Object.hasOwn(packings, encoding) ? packings[encoding] : undefined
  if (!packing) return null
  try {
    return { bytes: await packing.unpack(body, bytesMax), pack: packing.pack }
  } catch {
    return null
  }
}
