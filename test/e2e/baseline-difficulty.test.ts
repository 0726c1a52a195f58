import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAccountNames } from '../../src/audit/names.ts'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore } from '../../src/engine/store.ts'
import { baselines, scoreBaselines } from '../../src/evaluate/baselines/catalogue.ts'
import { oracleShare } from '../../src/evaluate/figures.ts'
import { oracleThreshold, type Scores } from '../../src/evaluate/roc.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { campaign, type Style } from '../../src/sim/campaigns/styles.ts'
import { nativeLine } from '../../src/sim/native.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { type AccountTruth, truthOf } from '../../src/sim/truth.ts'
import { wideWorld } from '../../src/sim/worlds.ts'

// Campaigns that plain methods find prove nothing about those who find more. Of each type from T8 to
// T13 every baseline, cut by an oracle at 0.1 % of the honest accounts, must find one account in twenty
// at most. STILLWATCH_NUMBERS=1 measures it as docs/evaluation.md prints it: more accounts, longer, twice.

const hard: readonly Style[] = [
  'paraphrase',
  'agentic',
  'hydra',
  'takeover',
  'pivot',
  'station',
  'slow',
]
const foundMost = 0.05
const numbers = process.env['STILLWATCH_NUMBERS'] === '1'
const { seeds, honest, days, membersMin } = numbers
  ? { seeds: ['t8-t13 a', 't8-t13 b'], honest: 3000, days: 14, membersMin: 0 }
  : { seeds: ['t8-t13'], honest: 1000, days: 3, membersMin: 40 }

/** By method and style, the share of the accounts found. */
type Found = ReadonlyMap<string, ReadonlyMap<Style, number>>

test.each(seeds)(
  'no baseline finds one account in twenty of any hard campaign (world %s)',
  async (seed) => {
    const found = await measure(seed)
    if (numbers) print(seed, found)
    expect([...found.keys()]).toEqual(baselines.map(({ id }) => id))
    const much = [...found].flatMap(([method, shares]) =>
      [...shares]
        .filter(([, share]) => share > foundMost)
        .map(([style, share]) => ({ method, style, share })),
    )
    expect(much).toEqual([])
  },
  numbers ? 3_600_000 : 300_000,
)

async function measure(seed: string): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-difficulty-'))
  const data = join(folder, 'data')
  plantSecret(data, new Uint8Array(32).fill(9))
  const store = await openStore({ data, limits: { memoryBytesMax: 2e9, threadsMax: 2 } })
  try {
    const campaigns = hard.map((style) =>
      campaign(style, style, 1, days, membersMin > 0 ? { accounts: membersMin } : {}),
    )
    const config = wideWorld({ seed, accounts: honest, days, campaigns })
    const log = join(folder, 'log.jsonl')
    for (const lines of inParts(config)) writeFileSync(log, lines, { flag: 'a' })
    const options = { now: new Date('2026-03-01T00:00:00Z') }
    await ingest(store.engine, store.directory, [log], options)
    const names = await readAccountNames(store)
    const scored = await scoreBaselines(store, [log], options, names, () => undefined)
    const { accounts } = truthOf(config)
    return new Map(scored.map(({ id, scores }) => [id, sharesOf(scores, accounts)]))
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function* inParts(config: Parameters<typeof simulate>[0]): Generator<string> {
  let lines: string[] = []
  for (const exchange of simulate(config)) {
    lines.push(nativeLine(exchange))
    if (lines.length < 2000) continue
    yield lines.join('')
    lines = []
  }
  yield lines.join('')
}

/** A station's accounts, which no score counts, are counted here as any campaign's. */
function sharesOf(
  scores: Scores,
  accounts: Readonly<Record<string, AccountTruth>>,
): ReadonlyMap<Style, number> {
  const threshold = oracleThreshold(scores, accounts, oracleShare) ?? Infinity
  return new Map(
    hard.map((style) => {
      const members = Object.keys(accounts).filter((id) => accounts[id]?.campaign === style)
      const hit = members.filter((id) => (scores.get(id) ?? -Infinity) >= threshold)
      expect(members.length).toBeGreaterThanOrEqual(40)
      return [style, hit.length / members.length]
    }),
  )
}

function print(seed: string, found: Found): void {
  const lines = [...found].map(([method, shares]) => {
    const cells = hard.map((style) => `${(100 * (shares.get(style) ?? 0)).toFixed(1)} %`)
    return `| ${method} | ${cells.join(' | ')} |`
  })
  console.log([`${seed}: | method | ${hard.join(' | ')} |`, ...lines].join('\n'))
}
