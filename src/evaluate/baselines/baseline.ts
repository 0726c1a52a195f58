import type { Engine } from '../../engine/engine.ts'

/** How suspicious each account is, by fingerprint; accounts it cannot judge are left out. */
export type AccountScores = ReadonlyMap<number, number>

/**
 * Another method, to compare with. It sees the whole log at once (no walk in time) and gives each
 * account one number; an oracle sets the threshold afterwards.
 */
export type Baseline = {
  /** The folder's name. */
  readonly id: string
  readonly title: string
  /** Reads `exchange`, and `evaluate_sketch` (sketch.sql). */
  readonly score: (engine: Engine) => Promise<AccountScores>
}

/** Two columns of a result as scores. */
export async function scoresFrom(
  engine: Engine,
  sql: string,
  parameters?: Readonly<Record<string, number>>,
): Promise<AccountScores> {
  const columns = await engine.columns(sql, parameters)
  const scores = columns['score'] ?? []
  return new Map(
    (columns['account'] ?? []).map((account, row) => [Number(account), Number(scores[row])]),
  )
}

export async function countAccounts(engine: Engine): Promise<number> {
  const [row] = await engine.rows<{ n: number }>('SELECT uniqExact(account) AS n FROM exchange')
  return row?.n ?? 0
}
