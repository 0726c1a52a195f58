import { readSql } from '../engine/sql.ts'
import type { Store } from '../engine/store.ts'
import { sealKey } from '../fingerprint/fingerprint.ts'

const namesSql = readSql(new URL('names.sql', import.meta.url))

/** Opens the sealed account ids of the store, all or those of `accounts`: ids by the fingerprints the store knows them by. */
export async function readAccountNames(
  { engine, directory }: Store,
  accounts?: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const columns = await engine.columns(namesSql, {
    seal: sealKey(directory.secret),
    all: accounts === undefined,
    accounts: accounts ?? [],
  })
  return new Map(
    (columns['account'] ?? []).map((account, row) => [
      Number(account),
      String(columns['name']?.[row]),
    ]),
  )
}
