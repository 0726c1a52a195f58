import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { audit } from '../../src/audit/audit.ts'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore } from '../../src/engine/store.ts'
import type { Campaign, Exchange, Report } from '../../src/record/index.ts'
import { campaign } from '../../src/sim/campaigns/styles.ts'
import { nativeLine } from '../../src/sim/native.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { world } from '../../src/sim/worlds.ts'

// A reviewer who writes about C3 today must find C3 tomorrow.

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-names-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const days = 6

function logOf(seed: string): readonly Exchange[] {
  return [
    ...simulate(
      world({
        seed,
        accounts: 150,
        days,
        campaigns: [
          campaign('relay', 'relay-pool', 1, days, { accounts: 10 }),
          campaign('farm', 'key-farm', 0, days),
          campaign('farm', 'late-farm', 3, days, { accounts: 10 }),
          campaign('elicit', 'elicit', 1, days, { accounts: 16, sophistication: 0 }),
          campaign('bulk', 'scraper', 2, days),
        ],
      }),
    ),
  ]
}

/** The audit after each part of a day, of a folder that grows and is read with --since-last. */
async function audits(seed: string): Promise<readonly Report[]> {
  const log = logOf(seed)
  const place = join(folder, seed)
  mkdirSync(join(place, 'logs'), { recursive: true })
  plantSecret(join(place, 'data'), new Uint8Array(32).fill(4))
  const store = await openStore({ data: join(place, 'data') })
  const first = Date.parse(log[0]?.time ?? '')
  const ends = [1.3, 2, 3.4, 4, 5.1, days + 1].map((day) => first + day * 86_400_000)
  const found: Report[] = []
  let from = 0
  for (const [at, end] of ends.entries()) {
    const part = log.filter(({ time }) => Date.parse(time) >= from && Date.parse(time) < end)
    writeFileSync(join(place, 'logs', `exchanges-${at}.jsonl`), part.map(nativeLine).join(''))
    const options = { now: new Date('2026-07-01'), version: 'test', sinceLast: true }
    found.push(await audit(store, [join(place, 'logs')], options))
    from = end
  }
  await store.close()
  return found
}

const common = (a: Campaign, b: Campaign): number =>
  a.accounts.filter((account) => b.accounts.includes(account)).length

test.each(['names-1', 'names-2'])(
  'campaigns keep their names while the log of %s grows',
  async (seed) => {
    const reports = await audits(seed)
    expect(reports.at(-1)?.campaigns.length).toBeGreaterThan(2)
    const kept: boolean[] = []
    for (const [at, { campaigns }] of reports.entries()) {
      expect(new Set(campaigns.map(({ id }) => id)).size).toBe(campaigns.length)
      const before = at === 0 ? [] : (reports[at - 1]?.campaigns ?? [])
      for (const known of before) {
        const now = campaigns.find(({ id }) => id === known.id)
        if (now === undefined) {
          // A name may go only into a campaign that is older.
          const into = campaigns.find((each) => common(known, each) > 0)
          expect(before.some(({ id }) => id === into?.id)).toBe(true)
          continue
        }
        // Of one that turns out to be two, the part with its first account has the name.
        expect(common(known, now)).toBeGreaterThan(0)
        kept.push(common(known, now) >= known.accounts.length / 2)
      }
    }
    expect(kept.length).toBeGreaterThan(10)
    expect(kept.filter(Boolean).length / kept.length).toBeGreaterThan(0.9)
  },
  // Six audits.
  600_000,
)
