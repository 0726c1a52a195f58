import { readSql } from '../../../engine/sql.ts'
import { type Baseline, countAccounts, scoresFrom } from '../baseline.ts'

const clustersSql = readSql(new URL('clusters.sql', import.meta.url))

/** A template is rare when at most this share of accounts use it, and never below so many. */
const rareShareMax = 0.03
const rareAccountsMin = 10

/** Rare templates shared across accounts, found by locality-sensitive hashing of min-wise sketches. */
export const minhashClusters: Baseline = {
  id: 'minhash-clusters',
  title: 'MinHash template clusters',
  score: async (engine) => {
    const most = Math.max(rareAccountsMin, Math.floor(rareShareMax * (await countAccounts(engine))))
    return await scoresFrom(engine, clustersSql, { most })
  },
}
