/** How a file is packed, in the engine's own words; `auto` leaves it to the file's name. */
export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bz2' | 'lz4' | 'auto'

// First bytes: RFC 1952 §2.3.1, RFC 8878 §3.1.1, xz-file-format §2.1.1.1, bzip2 (`BZh1`–`BZh9`),
// lz4_Frame_format.md.
const magics: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bz2', [0x42, 0x5a, 0x68]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
]

/** Told by content, so that a name may say what it likes. */
export function compressionOf(head: Uint8Array): Compression {
  return magics.find(([, magic]) => magic.every((byte, at) => head[at] === byte))?.[0] ?? 'none'
}

/** `PAR1` (parquet-format README). */
export function isParquet(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1'
}
