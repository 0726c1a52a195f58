import type { Engine } from '../engine/engine.ts'
import { fill, readSql } from '../engine/sql.ts'
import type { Store } from '../engine/store.ts'
import { runOverExchanges } from '../ingest/exchanges.ts'
import type { IngestOptions } from '../ingest/ingest.ts'

const tableSql = readSql(new URL('sketch-table.sql', import.meta.url))
const sketchSql = readSql(new URL('sketch.sql', import.meta.url))

/** Places of a sketch: the overlap of two messages is estimated to ±0.09 (one standard deviation at 0.5). */
export const sketchPlaces = 32

// Written out: one nested lambda over all places would hold 32 copies of a block's hashes at a time.
const minima = Array.from({ length: sketchPlaces }, (_, place) => {
  const seed = BigInt(place) << 32n
  return `toUInt16(bitShiftRight(arrayMin(hash -> intHash32(bitXor(hash, ${seed})), smallest), 16))`
}).join(',\n        ')

/** Reads the sources again for their sketches, does `work`, and drops them. */
export async function withSketches<T>(
  { engine, directory }: Store,
  sources: readonly string[],
  options: Pick<IngestOptions, 'now'>,
  work: () => Promise<T>,
): Promise<T> {
  const drop = (): Promise<void> => engine.command('DROP TABLE IF EXISTS evaluate_sketch')
  await drop()
  try {
    await engine.command(fill(tableSql, { mergeTree: engine.dialect.mergeTree }))
    await runOverExchanges(engine, directory, sources, options, (canonical) =>
      fill(sketchSql, { canonical, minima }),
    )
    return await work()
  } finally {
    await drop()
  }
}

/** One account's messages in the order of time. */
export type Sketches = {
  readonly account: number
  readonly messages: readonly number[]
  /** `sketchPlaces` numbers a message, one message after the other. */
  readonly places: Uint16Array
}

/** Rows read at a time; a row is some 250 bytes as JSON. */
const batchRowsMax = 50_000

/** Every account's sketches; memory holds a batch of accounts. */
export async function* readSketches(engine: Engine): AsyncGenerator<Sketches> {
  const counts = await engine.rows<{ account: number; n: number }>(
    'SELECT account, count() AS n FROM evaluate_sketch GROUP BY account ORDER BY account',
  )
  for (let at = 0; at < counts.length;) {
    const from = at
    let rows = 0
    while (at < counts.length && (at === from || rows + (counts[at]?.n ?? 0) <= batchRowsMax)) {
      rows += counts[at]?.n ?? 0
      at += 1
    }
    yield* readBatch(engine, counts[from]?.account ?? 0, counts[at - 1]?.account ?? 0)
  }
}

async function* readBatch(engine: Engine, from: number, to: number): AsyncGenerator<Sketches> {
  const columns = await engine.columns(
    `SELECT account, message, minhash FROM evaluate_sketch
     WHERE account >= {from:UInt64} AND account <= {to:UInt64} ORDER BY account, time, message`,
    { from, to },
  )
  const accounts = (columns['account'] ?? []) as readonly number[]
  const messages = (columns['message'] ?? []) as readonly number[]
  const minhash = (columns['minhash'] ?? []) as readonly (readonly number[])[]
  for (let start = 0; start < accounts.length;) {
    let end = start
    while (end < accounts.length && accounts[end] === accounts[start]) end += 1
    const places = new Uint16Array((end - start) * sketchPlaces)
    for (let row = start; row < end; row++)
      places.set(minhash[row] ?? [], (row - start) * sketchPlaces)
    yield { account: accounts[start] ?? 0, messages: messages.slice(start, end), places }
    start = end
  }
}

/** The estimated overlap (Jaccard) of two messages of one account. */
export function overlap(places: Uint16Array, one: number, other: number): number {
  let same = 0
  const [a, b] = [one * sketchPlaces, other * sketchPlaces]
  for (let place = 0; place < sketchPlaces; place++)
    if (places[a + place] === places[b + place]) same += 1
  return same / sketchPlaces
}
