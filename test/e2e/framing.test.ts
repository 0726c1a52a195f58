import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../src/audit/audit.ts'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore, type Store } from '../../src/engine/store.ts'
import type { Exchange, Report } from '../../src/record/index.ts'
import { campaign } from '../../src/sim/campaigns/styles.ts'
import { frame, framings } from '../../src/sim/framing.ts'
import { nativeLine } from '../../src/sim/native.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { type Truth, truthOf } from '../../src/sim/truth.ts'
import { wideMix, world } from '../../src/sim/worlds.ts'

// Whoever copies a customer, or gets customers to copy him, must not get them flagged.

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-framing-'))
let store: Store
beforeAll(async () => {
  plantSecret(join(folder, 'data'), new Uint8Array(32).fill(9))
  store = await openStore({ data: join(folder, 'data') })
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function auditOf(log: readonly Exchange[]): Promise<Report> {
  const file = join(folder, 'log.jsonl')
  writeFileSync(file, log.map(nativeLine).join(''))
  return await audit(store, [file], { now: new Date('2026-07-01'), version: 'test' })
}

const days = 4
const worldOf = (seed: string) =>
  world({
    seed,
    accounts: 300,
    days,
    mix: wideMix,
    campaigns: [
      campaign('farm', 'farm', 1, days, { accounts: 12 }),
      campaign('relay', 'relay', 1, days, { accounts: 12 }),
      campaign('elicit', 'elicit', 0, days, { accounts: 24 }),
      campaign('grader', 'grader', 0, days, { accounts: 16, sophistication: 0 }),
    ],
  })

function flaggedOf(report: Report, truth: Truth, label: 'benign' | 'attack'): readonly string[] {
  return report.accounts
    .filter((each) => each.verdict === 'flagged' && truth.accounts[each.account]?.label === label)
    .map(({ account }) => account)
}

test.each(['framing-1', 'framing-2', 'framing-3'])(
  'no honest account of %s is flagged for what a campaign does in its name, and the campaign is found',
  async (seed) => {
    const config = worldOf(seed)
    const [log, truth] = [[...simulate(config)], truthOf(config)]
    const plain = flaggedOf(await auditOf(log), truth, 'attack').length
    const told = [`${seed}: ${plain} extraction accounts flagged without framing`]
    for (const framing of framings) {
      const framed = frame(log, truth, framing)
      expect(framed.victims.size).toBeGreaterThan(0)
      const report = await auditOf(framed.log)
      const found = flaggedOf(report, truth, 'attack').length
      const watched = report.accounts.filter(
        ({ account, verdict }) => verdict === 'watch' && framed.victims.has(account),
      ).length
      told.push(`${framing}: ${found} flagged; of ${framed.victims.size} framed ${watched} watched`)
      expect(flaggedOf(report, truth, 'benign')).toEqual([])
      expect(found).toBeGreaterThanOrEqual(plain / 2)
    }
    if (process.env['STILLWATCH_NUMBERS']) process.stdout.write(`${told.join('\n')}\n`)
  },
  // Six audits.
  600_000,
)

test('a log is framed the same way each time, and its honest words stay what they were', () => {
  const config = worldOf('framing-1')
  const [log, truth] = [[...simulate(config)], truthOf(config)]
  for (const framing of framings) {
    const { log: framed, victims } = frame(log, truth, framing)
    expect(frame(log, truth, framing).log).toEqual(framed)
    const touched = framed.filter((each, at) => each !== log[at])
    expect(touched.length).toBeGreaterThan(100)
    const strangers = touched.filter(
      ({ account }) => truth.accounts[account]?.label !== 'attack' && !victims.has(account),
    )
    expect(strangers).toEqual([])
  }
})
