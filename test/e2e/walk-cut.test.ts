import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../src/audit/audit.ts'
import { seeded } from '../../src/core/random.ts'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore, type Store } from '../../src/engine/store.ts'
import type { AccountVerdict, Exchange, Report } from '../../src/record/index.ts'
import { campaign } from '../../src/sim/campaigns/styles.ts'
import { nativeLine } from '../../src/sim/native.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { world } from '../../src/sim/worlds.ts'

// What is reported of a moment must not depend on what came after it: a log cut at the end of a step
// gives exactly the verdicts that the whole log gives up to there.

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-cut-'))
const log: readonly Exchange[] = [
  ...simulate(
    world({
      seed: 'cut',
      accounts: 180,
      days: 5,
      campaigns: [
        campaign('relay', 'relay-pool', 1, 5, { accounts: 10 }),
        campaign('farm', 'key-farm', 2, 5),
        campaign('hydra', 'hydra', 1, 5, { accounts: 24, lifeDays: 0 }),
      ],
    }),
  ),
]
let store: Store
let whole: Report

beforeAll(async () => {
  plantSecret(join(folder, 'data'), new Uint8Array(32).fill(3))
  store = await openStore({ data: join(folder, 'data') })
  whole = await auditOf(log)
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function auditOf(exchanges: readonly Exchange[], stepSeconds = 3600): Promise<Report> {
  const file = join(folder, 'log.jsonl')
  writeFileSync(file, exchanges.map(nativeLine).join(''))
  return await audit(store, [file], { now: new Date('2026-03-01'), version: 'test', stepSeconds })
}

/** Accounts flagged by `until`, with when; what a reader of the report could have acted on then. */
function accused(report: Report, until: string): readonly (readonly [string, string | null])[] {
  return report.accounts
    .filter(
      (account: AccountVerdict) =>
        account.verdict === 'flagged' && (account.detected_at ?? '') <= until,
    )
    .map((account) => [account.account, account.detected_at] as const)
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
}

test('the world holds something to find, and it is found', () => {
  expect(accused(whole, '9').length).toBeGreaterThan(10)
})

test('a log cut at a step gives exactly the accusations made up to there', async () => {
  const random = seeded('cuts')
  const first = Date.parse(whole.log.first ?? '')
  const hours = Math.floor((Date.parse(whole.log.last ?? '') - first) / 3_600_000)
  const origin = Math.floor(first / 3_600_000) * 3_600_000
  const cuts = [random.integer(20, 40), random.integer(41, 70), random.integer(71, hours - 2)]
  for (const cut of cuts) {
    const end = new Date(origin + cut * 3_600_000).toISOString()
    const part = await auditOf(log.filter((exchange) => exchange.time < end))
    expect(accused(part, end), `cut at ${end}`).toEqual(accused(whole, end))
  }
})

test('no verdict is dated before the account was first seen or after the log ended', () => {
  const firstSeen = new Map<string, string>()
  for (const exchange of log)
    if (!firstSeen.has(exchange.account)) firstSeen.set(exchange.account, exchange.time)
  const end = new Date(Date.parse(whole.log.last ?? '') + 3_600_000).toISOString()
  for (const account of whole.accounts) {
    if (account.detected_at === null) continue
    expect(account.detected_at > (firstSeen.get(account.account) ?? '')).toBe(true)
    expect(account.detected_at <= end).toBe(true)
  }
})

test('the order of lines in the log does not matter', async () => {
  const random = seeded('order')
  const shuffled = [...log]
    .map((exchange) => [random.next(), exchange] as const)
    .sort((a, b) => a[0] - b[0])
  const other = await auditOf(shuffled.map(([, exchange]) => exchange))
  expect(accused(other, '9')).toEqual(accused(whole, '9'))
})
