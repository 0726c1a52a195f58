import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Store } from '../../src/engine/store.ts'
import { ingest, type IngestSummary } from '../../src/ingest/ingest.ts'
import { rejectedFile } from '../../src/ingest/rejects.ts'
import { line, now } from '../support/exchanges.ts'
import { folder } from '../support/folder.ts'
import { rejectedLines, withStore } from '../support/ingesting.ts'

/** Lines as the reader divides them; blank ones are none. */
function linesOf(bytes: Buffer): readonly { at: number; text: Buffer }[] {
  const found: { at: number; text: Buffer }[] = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at)
    const text = bytes.subarray(at, end < 0 ? bytes.length : end)
    found.push({ at, text })
    at += text.length + 1
  }
  return found
}

const isBlank = (text: Buffer): boolean => text.every((byte) => [0x20, 0x09, 0x0d].includes(byte))

async function read(store: Store, path: string, bytes: Uint8Array): Promise<IngestSummary> {
  writeFileSync(path, bytes)
  const options = { now, maxRejectedShare: 1, format: 'native' }
  return await ingest(store.engine, store.directory, [path], options)
}

/** Every line is an exchange, a repeated one or a rejected one, and rejected ones are where they are. */
async function everyLineCounts(store: Store, path: string, bytes: Buffer): Promise<IngestSummary> {
  const summary = await read(store, path, bytes)
  const lines = linesOf(bytes)
  const { exchanges, duplicates, rejected } = summary
  const held = lines.filter(({ text }) => !isBlank(text)).length
  expect(exchanges + duplicates + rejected.lines).toBe(held)
  const places = rejectedLines(store.directory.path)
  expect(places).toHaveLength(rejected.lines)
  for (const { line: no, offset } of places) expect(offset).toBe(lines[no - 1]?.at)
  rmSync(rejectedFile(store.directory), { force: true })
  return summary
}

const mutation = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), byte: fc.nat(60) }),
)

const wildLine = fc.oneof(
  { weight: 3, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 6 }).map(mutated) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.nat(9).map((n) => Buffer.from(line(n))) },
  {
    weight: 1,
    arbitrary: fc
      .record({
        id: fc.jsonValue(),
        time: fc.jsonValue(),
        account: fc.jsonValue(),
        request: fc.jsonValue(),
      })
      .map((value) => Buffer.from(JSON.stringify(value))),
  },
)

function mutated(changes: readonly { kind: string; at: number; byte: number }[]): Buffer {
  let bytes = Buffer.from(line(1))
  for (const { kind, at, byte } of changes) {
    const place = at % (bytes.length + 1)
    const after = kind === 'insert' ? place : place + (kind === 'flip' ? 1 : byte)
    const middle = kind === 'cut' ? [] : [byte]
    bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(middle), bytes.subarray(after)])
  }
  return bytes
}

test('whatever the lines hold, each is counted once and found again', async () => {
  const path = join(folder(), 'log.jsonl')
  const runs = await withStore(folder(), async (store) => {
    let count = 0
    await fc.assert(
      fc.asyncProperty(fc.array(wildLine, { maxLength: 60 }), async (lines) => {
        const first = Buffer.from(line(0))
        await everyLineCounts(store, path, Buffer.concat([first, ...lines].flatMap(withNewline)))
        count++
      }),
      { numRuns: 20 },
    )
    return count
  })
  expect(runs).toBeGreaterThanOrEqual(20)
})

test('a packed log cut or changed anywhere is read as far as it goes', async () => {
  const path = join(folder(), 'log.jsonl.gz')
  const packed = gzipSync(Array.from({ length: 200 }, (_, n) => line(n)).join('\n'))
  await withStore(folder(), (store) =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: packed.length - 1 }), async (at) => {
        const { exchanges, rejected } = await read(store, path, packed.subarray(0, at))
        expect(exchanges).toBeLessThan(200)
        expect(rejected.lines).toBe(1)
        const changed = Buffer.from(packed)
        changed.writeUInt8((packed[at] ?? 0) ^ 0x10, at)
        expect((await read(store, path, changed)).exchanges).toBeLessThanOrEqual(200)
      }),
      { numRuns: 10 },
    ),
  )
})

// After JSONTestSuite (Seriot, "Parsing JSON is a Minefield"): what may stand where a value stands.
const oddValues = [
  '[ ] { } [] {} [[[[[[ {"a" {"a": {"a":} [,] [1,] {"a":1,} {,} {"a":1,"a":2} {"":0} {"a\\u0000b":0}',
  '" "\\ "\\u "\\uD8 "\\uD800" "\\uDC00\\uD800" "\\x" "\u0001" \'a\' "a""b" "\u2029" #',
  '01 - -0 +1 1. .1 1e 1e999 -1e-999 0x1 NaN Infinity 1,2 123456789012345678901234567890',
  'nul NULL true,false True /*a*/1 1//b',
]
  .flatMap((values) => values.split(' '))
  .concat(
    ['"\t"', '\u2028', '\ufeff1', '\u00a01', '1 2', '[1] [2]'],
    '['.repeat(100_000),
    `${'['.repeat(2000)}${']'.repeat(2000)}`,
    `{"a":${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}}`,
    `"${'x'.repeat(100_000)}"`,
  )

test('odd JSON in every place of a record', async () => {
  const path = join(folder(), 'log.jsonl')
  const record = { ...JSON.parse(line(1)) } as Readonly<Record<string, unknown>>
  const places = ['id', 'time', 'account', 'request', 'status', 'usage', 'output', 'ip', 'extra']
  const lines = oddValues.flatMap((value) => [
    value,
    ...places.map((place) =>
      JSON.stringify({ ...record, [place]: '@' }).replace('"@"', () => value),
    ),
  ])
  const summary = await withStore(folder(), (store) =>
    everyLineCounts(store, path, Buffer.from([line(0), ...lines].join('\n'))),
  )
  expect(summary.rejected.lines).toBeGreaterThan(oddValues.length)
})

function withNewline(bytes: Buffer): readonly Buffer[] {
  return [bytes, Buffer.from('\n')]
}
