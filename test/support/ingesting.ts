import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore, type Store, type StoreOptions } from '../../src/engine/store.ts'
import { ingest, type IngestOptions, type IngestSummary } from '../../src/ingest/ingest.ts'
import { now } from './exchanges.ts'

/** Opens the store in `data`, does `work`, closes it. */
export async function withStore<T>(
  data: string | StoreOptions,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openStore(typeof data === 'string' ? { data } : data)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** One ingest through a store of its own, as one run of the command line does it. */
export function run(
  data: string | StoreOptions,
  sources: readonly string[],
  options: Partial<IngestOptions> = {},
): Promise<IngestSummary> {
  return withStore(data, (store) =>
    ingest(store.engine, store.directory, sources, { now, maxRejectedShare: 1, ...options }),
  )
}

/** Everything the store holds, without the numbers that files happened to get. */
export function contents(data: string | StoreOptions): Promise<unknown> {
  return withStore(data, async ({ engine }) => ({
    exchanges: await engine.rows(
      'SELECT e.* EXCEPT file_no, s.name FROM exchange AS e INNER JOIN (SELECT file_no, name FROM source_file FINAL) AS s USING file_no ORDER BY id, line_no',
    ),
    accounts: await engine.rows(
      'SELECT account, any(sealed) FROM account_name GROUP BY account ORDER BY account',
    ),
    files: await engine.rows(
      'SELECT name, format, lines, exchanges, rejected FROM source_file FINAL ORDER BY name',
    ),
  }))
}

export type RejectedLine = {
  readonly file: string
  readonly line: number
  readonly offset: number | null
  readonly reason: string
  readonly hash: string | null
  readonly text?: string
}

export function rejectedLines(data: string): readonly RejectedLine[] {
  const path = join(data, 'rejected.jsonl')
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as RejectedLine)
}
