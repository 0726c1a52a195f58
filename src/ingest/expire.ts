import type { Engine } from '../engine/engine.ts'
import { readSql } from '../engine/sql.ts'

const expireSql = readSql(new URL('expire.sql', import.meta.url))

const tooOld = `time < (SELECT max(time) FROM exchange) - toIntervalDay({days:UInt32})`

/** Drops what is older than `days` before the newest exchange, and says so in the ledger. */
export async function expire(engine: Engine, days: number): Promise<void> {
  const [found] = await engine.rows<{ old: number }>(
    `SELECT count() AS old FROM exchange WHERE ${tooOld}`,
    { days },
  )
  if (!found || found.old === 0) return
  await engine.command(expireSql, { days })
  await engine.command(`DELETE FROM exchange WHERE ${tooOld}`, { days })
}
