import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore, type Store } from '../../src/engine/store.ts'
import { everFlagged, type Held, heldShare } from '../../src/evaluate/held.ts'
import type { WorldConfig } from '../../src/sim/config.ts'
import { nativeLine } from '../../src/sim/native.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { truthOf } from '../../src/sim/truth.ts'
import { evaluationWorld, wideWorld, world } from '../../src/sim/worlds.ts'

// The operator sets one number, the share of honest accounts that may ever be flagged, and here it is held
// (docs/detection.md §7). Nobody chose these seeds for what comes out: they are numbered.

const days = 5
const shares = [1e-2, 1e-3] as const

/** Campaigns of every style, busy enough to make three exchanges of ten in a world of `accounts` honest ones. */
function contaminated(accounts: number): WorldConfig {
  const pace = (accounts / 3000) * 1.6
  const campaigns = evaluationWorld('any').campaigns.map((campaign) => ({
    ...campaign,
    endDay: days,
    perAccountPerDay: campaign.perAccountPerDay * pace,
  }))
  return world({ seed: 'one number 3', accounts, days, campaigns })
}

const worlds = {
  'honest customers only': world({ seed: 'one number 1', accounts: 4000, days }),
  'honest customers who change, and every look-alike': wideWorld({
    seed: 'one number 2',
    accounts: 2200,
    days,
  }),
  'a world of which three exchanges in ten are extraction': contaminated(2200),
} as const
const names = Object.keys(worlds) as (keyof typeof worlds)[]

let folder = ''
let store: Store
const held = new Map<string, readonly Held[]>()
const extraction = new Map<string, number>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-number-'))
  const data = join(folder, 'data')
  plantSecret(data, new Uint8Array(32).fill(7))
  store = await openStore({ data, limits: { memoryBytesMax: 2e9, threadsMax: 2 } })
  for (const name of names) await audited(name)
}, 900_000)

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function audited(name: keyof typeof worlds): Promise<void> {
  const config = worlds[name]
  const truth = truthOf(config)
  const exchanges = [...simulate(config)]
  const attack = exchanges.filter(({ account }) => truth.accounts[account]?.label === 'attack')
  extraction.set(name, attack.length / exchanges.length)
  const file = join(folder, 'log.jsonl')
  writeFileSync(file, exchanges.map(nativeLine).join(''))
  const now = new Date('2027-01-01T00:00:00Z')
  held.set(name, await everFlagged(store, { sources: [file], truth }, shares, now))
}

const at = (share: number, of: readonly string[] = names): readonly Held[] =>
  of.flatMap((name) => held.get(name) ?? []).filter((each) => each.falseShareMax === share)

/** Who was flagged, by class: what to look at when a test fails. */
function accused(all: readonly Held[]): string {
  const told = all.flatMap(({ classes }) =>
    [...classes].flatMap(([cls, { flagged }]) => (flagged === 0 ? [] : [`${flagged} ${cls}`])),
  )
  return told.join(', ') || 'nobody'
}

describe.each(shares)('at %d', (share) => {
  test.each(names)('no more than that of honest accounts is ever flagged: %s', (name) => {
    const { count, of } = heldShare(at(share, [name]))
    expect(of).toBeGreaterThan(2000)
    expect(count / of, `flagged: ${accused(at(share, [name]))}`).toBeLessThanOrEqual(share)
  })

  test('and over all worlds the upper end of the 95 % interval is no more either', () => {
    expect(heldShare(at(share)).high, `flagged: ${accused(at(share))}`).toBeLessThanOrEqual(share)
  })
})

test('the contaminated world is one', () => {
  const shown = extraction.get('a world of which three exchanges in ten are extraction') ?? 0
  expect(shown).toBeGreaterThanOrEqual(0.28)
})

test('whoever is flagged at one in a thousand would be at one in a hundred', () => {
  for (const name of names) {
    const [lenient, strict] = [heldShare(at(1e-2, [name])), heldShare(at(1e-3, [name]))]
    expect(lenient.count).toBeGreaterThanOrEqual(strict.count)
  }
  if (process.env['STILLWATCH_NUMBERS'] !== undefined)
    for (const share of shares)
      for (const name of names)
        console.log(share, name, heldShare(at(share, [name])), accused(at(share, [name])))
})
