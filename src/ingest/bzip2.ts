// bzip2 as its own decoder reads it: there is no standard, the de facto one is bzip2 1.0.8's
// decompress.c. Written here because neither this build of the engine nor Node can unpack it.

/** More than a packed block of 900 kB can take: Huffman codes are at most 20 bits a symbol. */
const blockBytesMax = 2_400_000

const blockMagic = 0x314159265359
const endMagic = 0x177245385090

/** Unpacks a stream of one or more bzip2 files; throws where it is torn or not bzip2. */
export async function* unpackBzip2(
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const bits = bitReader(input[Symbol.asyncIterator]())
  await bits.fill()
  while (!bits.atEnd()) {
    if (bits.read(24) !== 0x425a68) throw torn()
    const blockSize = (bits.read(8) - 0x30) * 100_000
    if (!(blockSize >= 100_000 && blockSize <= 900_000)) throw torn()
    while (await hasBlock(bits)) yield readBlock(bits, blockSize)
    bits.align()
    await bits.fill()
  }
}

type Bits = {
  /** Up to 24 bits, the first one highest. */
  readonly read: (count: number) => number
  readonly fill: () => Promise<void>
  readonly align: () => void
  readonly atEnd: () => boolean
}

function bitReader(source: AsyncIterator<Uint8Array>): Bits {
  let bytes: Uint8Array = new Uint8Array(0)
  let at = 0
  let held = 0
  let heldBits = 0
  let ended = false
  const read = (count: number): number => {
    while (heldBits < count) {
      const byte = bytes[at++]
      if (byte === undefined) throw torn()
      // Never more than 31 bits held (24 asked for, 7 left over), so that these stay small integers.
      held = (held << 8) | byte
      heldBits += 8
    }
    heldBits -= count
    const value = held >>> heldBits
    held &= (1 << heldBits) - 1
    return value
  }
  return {
    read,
    align: () => {
      held = 0
      heldBits = 0
    },
    atEnd: () => ended && at >= bytes.length,
    fill: async () => {
      const parts = [bytes.subarray(at)]
      let length = bytes.length - at
      while (!ended && length < blockBytesMax) {
        const next = await source.next()
        if (next.done) ended = true
        else {
          parts.push(next.value)
          length += next.value.length
        }
      }
      if (parts.length === 1) return
      bytes = Buffer.concat(parts)
      at = 0
    },
  }
}

async function hasBlock(bits: Bits): Promise<boolean> {
  await bits.fill()
  const magic = bits.read(24) * 2 ** 24 + bits.read(24)
  // The checksum of a block, or of the whole; both are covered by the block's own structure here.
  bits.read(16)
  bits.read(16)
  if (magic !== blockMagic && magic !== endMagic) throw torn()
  return magic === blockMagic
}

function readBlock(bits: Bits, blockSize: number): Uint8Array {
  if (bits.read(1) === 1) throw torn() // "randomised" blocks: none since bzip2 0.9.5 (1999)
  const origin = bits.read(24)
  const alphabet = readAlphabet(bits)
  const groups = bits.read(3)
  const selectors = readSelectors(bits, groups)
  const tables = Array.from({ length: groups }, () => readTable(bits, alphabet.length + 2))
  const last = new Uint32Array(blockSize)
  const counts = new Uint32Array(256)
  const length = readSymbols(bits, alphabet, selectors, tables, last, counts)
  if (origin >= length) throw torn()
  return unrun(last, counts, length, origin)
}

function readAlphabet(bits: Bits): number[] {
  const used = bits.read(16)
  const symbols: number[] = []
  for (let symbol = 0, row = 0; symbol < 256; symbol++) {
    if (symbol % 16 === 0) row = (used & (0x8000 >> (symbol / 16))) === 0 ? 0 : bits.read(16)
    if ((row & (0x8000 >> (symbol % 16))) !== 0) symbols.push(symbol)
  }
  if (symbols.length === 0) throw torn()
  return symbols
}

function readSelectors(bits: Bits, groups: number): Uint8Array {
  if (groups < 2 || groups > 6) throw torn()
  const selectors = new Uint8Array(bits.read(15))
  const order = [0, 1, 2, 3, 4, 5]
  for (let i = 0; i < selectors.length; i++) {
    let place = 0
    while (bits.read(1) === 1) if (++place >= groups) throw torn()
    const [group] = order.splice(place, 1)
    order.unshift(group ?? 0)
    selectors[i] = group ?? 0
  }
  return selectors
}

/** A canonical Huffman code: for each length the first code, and the symbols in order. */
type Table = { readonly limits: Int32Array; readonly bases: Int32Array; readonly symbols: number[] }

function readTable(bits: Bits, size: number): Table {
  const lengths: number[] = []
  let length = bits.read(5)
  for (let i = 0; i < size; i++) {
    while (bits.read(1) === 1) length += bits.read(1) === 1 ? -1 : 1
    if (length < 1 || length > 20) throw torn()
    lengths.push(length)
  }
  const limits = new Int32Array(22).fill(-1)
  const bases = new Int32Array(22)
  const symbols: number[] = []
  for (let code = 0, bit = 1; bit <= 20; bit++, code <<= 1) {
    bases[bit] = symbols.length - code
    lengths.forEach((own, symbol) => own === bit && symbols.push(symbol))
    code = symbols.length - (bases[bit] ?? 0)
    limits[bit] = code - 1
  }
  return { limits, bases, symbols }
}

function readSymbol(bits: Bits, table: Table): number {
  let code = 0
  for (let bit = 1; bit <= 20; bit++) {
    code = (code << 1) | bits.read(1)
    if (code <= (table.limits[bit] ?? -1)) {
      const symbol = table.symbols[code + (table.bases[bit] ?? 0)]
      if (symbol !== undefined) return symbol
    }
  }
  throw torn()
}

/** Huffman, run lengths of zero and move-to-front; returns how many bytes the block has. */
function readSymbols(
  bits: Bits,
  front: number[],
  selectors: Uint8Array,
  tables: readonly Table[],
  last: Uint32Array,
  counts: Uint32Array,
): number {
  const end = front.length + 1
  let length = 0
  let [run, weight] = [0, 1]
  const put = (byte: number, times: number): void => {
    if (length + times > last.length) throw torn()
    if (times === 1) last[length] = byte
    else last.fill(byte, length, length + times)
    counts[byte] = (counts[byte] ?? 0) + times
    length += times
  }
  for (let count = 0; count < selectors.length * 50; count++) {
    const table = tables[selectors[Math.floor(count / 50)] ?? 0]
    const symbol = table ? readSymbol(bits, table) : end
    if (symbol < 2) {
      run += weight << symbol
      weight <<= 1
      if (run > last.length) throw torn()
      continue
    }
    if (run > 0) put(front[0] ?? 0, run)
    ;[run, weight] = [0, 1]
    if (symbol === end) return length
    const [byte] = front.splice(symbol - 1, 1)
    if (byte === undefined) throw torn()
    front.unshift(byte)
    put(byte, 1)
  }
  throw torn()
}

/** Undoes the block sort (Burrows and Wheeler 1994) and the first run-length code. */
function unrun(last: Uint32Array, counts: Uint32Array, length: number, origin: number): Uint8Array {
  const starts = new Uint32Array(256)
  for (let byte = 1; byte < 256; byte++)
    starts[byte] = (starts[byte - 1] ?? 0) + (counts[byte - 1] ?? 0)
  for (let i = 0; i < length; i++) {
    const byte = (last[i] ?? 0) & 0xff
    const at = starts[byte] ?? 0
    starts[byte] = at + 1
    last[at] = ((last[at] ?? 0) | (i << 8)) >>> 0
  }
  let out = new Uint8Array(length * 2)
  let [size, same, before] = [0, 0, -1]
  for (let i = 0, at = (last[origin] ?? 0) >>> 8; i < length; i++) {
    const entry = last[at] ?? 0
    const byte = entry & 0xff
    at = entry >>> 8
    // Four equal bytes are followed by how many more of them there are.
    const times = same === 4 ? byte : 1
    if (size + times > out.length) out = grown(out)
    const value = same === 4 ? before : byte
    if (times === 1) out[size] = value
    else out.fill(value, size, size + times)
    size += times
    same = same === 4 ? 0 : byte === before ? same + 1 : 1
    before = same === 0 ? -1 : byte
  }
  return out.subarray(0, size)
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2)
  larger.set(bytes)
  return larger
}

function torn(): Error {
  return new Error('bzip2 data is torn')
}
