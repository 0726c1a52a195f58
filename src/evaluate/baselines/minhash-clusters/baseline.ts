import { readSql } from '../../../engine/sql.ts'
import { type Baseline, countAccounts, scoresFrom } from '../baseline.ts'

const clustersSql = readSql(new URL('clusters.sql', import.meta.url))

/** Rare templates shared across accounts, found by locality-sensitive hashing of min-wise sketches. */
export const minhashClusters: Baseline = {
  id: 'minhash-clusters',
  title: 'MinHash template clusters',
  score: async (engine) =>
    scoresFrom(engine, clustersSql, { accounts: await countAccounts(engine) }),
}
