import type { Engine } from '../engine/engine.ts'
import { readSql } from '../engine/sql.ts'

const repeatedSql = readSql(new URL('repeated.sql', import.meta.url))

/** Ids looked at together: their hash table takes about 40 bytes each. */
const idsPerSliceMax = 8_000_000

/** Leaves one row of every id in `exchange`, the earliest. */
export async function dropRepeated(engine: Engine): Promise<void> {
  const [row] = await engine.rows<{ rows: number }>('SELECT count() AS rows FROM exchange')
  const slices = Math.max(1, Math.ceil((row?.rows ?? 0) / idsPerSliceMax))
  const names = await engine.rows<{ file_no: number }>(
    'SELECT file_no FROM source_file FINAL ORDER BY name, file_no',
  )
  const order = {
    nos: names.map(({ file_no }) => file_no),
    ranks: names.map((_, rank) => rank),
  }
  await engine.command('TRUNCATE TABLE repeated')
  for (let slice = 0; slice < slices; slice++)
    await engine.command(repeatedSql, { slices, slice, ...order })
  const [found] = await engine.rows<{ rows: number }>('SELECT count() AS rows FROM repeated')
  if (!found || found.rows === 0) return
  await engine.command(
    'DELETE FROM exchange WHERE (id, file_no, line_no) IN (SELECT id, file_no, line_no FROM repeated)',
  )
  await engine.command('TRUNCATE TABLE repeated')
}
