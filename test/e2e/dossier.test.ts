import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../src/audit/audit.ts'
import { linksPerReasonMax } from '../../src/audit/exchange-links.ts'
import { hashBehind } from '../../src/core/pseudonym.ts'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore, type Store } from '../../src/engine/store.ts'
import { readExchanges } from '../../src/ingest/exchanges.ts'
import type { Exchange, Report } from '../../src/record/index.ts'
import { nativeLine } from '../../src/sim/native.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { twoCampaigns } from '../support/two-campaigns.ts'

// Whoever reviews an accusation must be able to read what it rests on, in the log itself.

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-dossier-'))
const file = join(folder, 'log.jsonl')
const options = { now: new Date('2026-03-01'), version: 'test' }
const log: readonly Exchange[] = [...simulate(twoCampaigns)]
let store: Store
let report: Report

beforeAll(async () => {
  plantSecret(join(folder, 'data'), new Uint8Array(32).fill(8))
  store = await openStore({ data: join(folder, 'data') })
  writeFileSync(file, log.map(nativeLine).join(''))
  report = await audit(store, [file], options)
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('every reason against an account says what would clear it and links to exchanges of that account', async () => {
  const lines = readFileSync(file, 'utf8').split('\n')
  const accused = report.accounts.filter(({ verdict }) => verdict !== 'clear')
  expect(accused.length).toBeGreaterThan(10)
  for (const { account, reasons } of accused)
    for (const { weight, exchanges, would_clear } of reasons) {
      expect(exchanges.length).toBeLessThanOrEqual(linksPerReasonMax)
      if (weight > 0) expect(would_clear).not.toBe('')
      for (const link of exchanges) {
        expect(link.file).toBe(file)
        const line = JSON.parse(lines[(link.line ?? 0) - 1] ?? '{}') as Exchange
        expect(line.account).toBe(account)
        expect(Date.parse(line.time)).toBe(Date.parse(link.time))
      }
    }
  const against = accused.flatMap(({ reasons }) => reasons.filter(({ weight }) => weight > 0))
  const linked = against.filter(({ exchanges }) => exchanges.length > 0)
  expect(linked.length / against.length).toBeGreaterThan(0.9)
})

test('what is linked is what the reason is about', async () => {
  const asked = report.accounts
    .flatMap(({ reasons }) => reasons)
    .find(({ detector }) => detector === 'elicitation')
  const ids = (asked?.exchanges ?? []).map(({ exchange }) => hashBehind('x', exchange) ?? 0)
  expect(ids).toHaveLength(linksPerReasonMax)
  const read = await readExchanges(store.engine, store.directory, [file], options, ids)
  expect(read).toHaveLength(ids.length)
  const own = new Set(log.map(({ id }) => id))
  expect(read.filter(({ log_id }) => !own.has(log_id))).toEqual([])
  const marked = await store.engine.rows<{ n: number }>(
    'SELECT count() AS n FROM exchange WHERE id IN {ids:Array(UInt64)} AND bitAnd(marks, 15) != 0',
    { ids },
  )
  expect(marked[0]?.n).toBe(ids.length)
})

test('no account takes more than 8 KiB of the report', () => {
  const longest = Math.max(...report.accounts.map((each) => JSON.stringify(each).length))
  expect(longest).toBeLessThan(8192)
})

test('a pseudonymous report names no file', async () => {
  const hidden = await audit(store, [file], { ...options, pseudonymous: true })
  const links = hidden.accounts.flatMap(({ reasons }) => reasons.flatMap((each) => each.exchanges))
  expect(links.length).toBeGreaterThan(0)
  expect(JSON.stringify(hidden.accounts)).not.toContain(folder)
})
