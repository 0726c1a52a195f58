import { readSql } from '../../../engine/sql.ts'
import { type Baseline, countAccounts } from '../baseline.ts'
import { components } from '../components.ts'

const pairsSql = readSql(new URL('pairs.sql', import.meta.url))

/** Two accounts act together when they share this part of their actions. */
const jaccardMin = 0.02
/** Actions on one target within six hours are loosely synchronised. */
const windowSeconds = 6 * 3600
/** A clause that more than this share of accounts use is no target; never below so many accounts. */
const rareShareMax = 0.05
const rareAccountsMin = 10
/** Pairs cost the square of the accounts that did one thing in one window. */
const accountsTogetherMax = 400

/** SynchroTrap (Cao et al. 2014): clusters of accounts that do the same things at about the same time. */
export const synchrotrap: Baseline = {
  id: 'synchrotrap',
  title: 'SynchroTrap-like co-action',
  score: async (engine) => {
    const rare = Math.max(rareAccountsMin, Math.floor(rareShareMax * (await countAccounts(engine))))
    const columns = await engine.columns(pairsSql, {
      rare,
      window: windowSeconds,
      most: accountsTogetherMax,
      least: jaccardMin,
    })
    const ones = (columns['one'] ?? []) as readonly number[]
    const others = (columns['other'] ?? []) as readonly number[]
    const jaccards = (columns['jaccard'] ?? []) as readonly number[]
    const connected = components()
    const closest = new Map<number, number>()
    ones.forEach((one, row) => {
      const other = others[row] ?? one
      connected.join(one, other)
      for (const each of [one, other])
        closest.set(each, Math.max(closest.get(each) ?? 0, jaccards[row] ?? 0))
    })
    // Of clusters of one size, the accounts that act most alike come first.
    return new Map(
      [...closest].map(([each, jaccard]) => [each, connected.sizeOf(each) + jaccard / 2]),
    )
  },
}
