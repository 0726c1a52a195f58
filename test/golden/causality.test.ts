import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSteps } from '../../src/audit/steps.ts'
import { detectors, emptyWalk, falseShareUsual, type Walk } from '../../src/detect/index.ts'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore, type Store } from '../../src/engine/store.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import type { Exchange } from '../../src/record/index.ts'
import { firstDay } from '../support/golden/crowd.ts'
import { overlaid } from '../support/golden/scenarios/index.ts'

// A verdict in step k must rest on rows up to step k. The engine works out what accounts share over the
// whole log, so a look at the future would be easy to make: here the log is cut, and walked again.

const stepSeconds = 3600
const now = new Date('2026-07-01T00:00:00Z')
const log = overlaid()

let folder = ''
let store: Store

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-causality-'))
  const data = join(folder, 'data')
  plantSecret(data, new Uint8Array(32).fill(5))
  store = await openStore({ data, limits: { memoryBytesMax: 2e9, threadsMax: 1 } })
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a log cut after any step gives the verdicts that the whole log gave by then', async () => {
  const cuts = [5, 20, 33, 41, 50, 65, 80]
  const whole = await walked(log, new Set(cuts))
  expect([...whole.values()].join('')).toContain('"verdict":"watch"')
  for (const cut of cuts) {
    const end = new Date(firstDay + (cut + 1) * stepSeconds * 1000).toISOString()
    const part = await walked(
      log.filter((line) => line.time < end),
      new Set([cut]),
    )
    expect(part.get(cut)).toBe(whole.get(cut))
  }
})

test('the order of lines in a log changes nothing', async () => {
  const last = Math.max(...log.map((line) => Date.parse(line.time) - firstDay)) / 1000 / stepSeconds
  const end = Math.floor(last)
  const sorted = await walked(log, new Set([end]))
  const reversed = await walked([...log].reverse(), new Set([end]))
  expect(reversed.get(end)).toBe(sorted.get(end))
})

/** What stands after each of these steps. */
async function walked(
  lines: readonly Exchange[],
  after: ReadonlySet<number>,
): Promise<ReadonlyMap<number, string>> {
  const file = join(folder, 'log.jsonl')
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  await ingest(store.engine, store.directory, [file], { now })
  const clock = { originSeconds: firstDay / 1000, stepSeconds }
  const walk = emptyWalk(detectors, { stepSeconds, falseShareMax: falseShareUsual })
  const seen = new Map<number, string>()
  for await (const { step, rows } of readSteps(store.engine, clock, detectors)) {
    walk.advance(step, rows)
    if (after.has(step)) seen.set(step, told(walk))
  }
  return seen
}

function told(walk: Walk): string {
  return JSON.stringify(
    walk.accounts().map(({ account, ...state }) => ({
      account: walk.population.hash(account),
      ...state,
    })),
  )
}
