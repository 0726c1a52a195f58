import { readSql } from '../../../engine/sql.ts'
import { type Baseline, countAccounts } from '../baseline.ts'
import { components } from '../components.ts'

const networksSql = readSql(new URL('networks.sql', import.meta.url))

/** A network is rare when at most this share of accounts come from it, and never below so many. */
const rareShareMax = 0.02
const rareAccountsMin = 10

/** Accounts connected by rare networks; the more there are, the more suspicious. */
export const sharedNetwork: Baseline = {
  id: 'shared-network',
  title: 'Shared-network components',
  score: async (engine) => {
    const most = Math.max(rareAccountsMin, Math.floor(rareShareMax * (await countAccounts(engine))))
    const columns = await engine.columns(networksSql, { most })
    const connected = components()
    for (const accounts of (columns['accounts'] ?? []) as readonly (readonly number[])[])
      for (const account of accounts) connected.join(accounts[0] ?? account, account)
    return new Map([...connected.accounts()].map((each) => [each, connected.sizeOf(each)]))
  },
}
