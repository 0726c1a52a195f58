import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readAccountNames } from '../../src/audit/names.ts'
import { readSteps } from '../../src/audit/steps.ts'
import type { Detector, Evidence } from '../../src/detect/detector.ts'
import type { Group } from '../../src/detect/group.ts'
import { detectors, emptyWalk, falseShareUsual, type Population } from '../../src/detect/index.ts'
import { describe as profileOf, likeness } from '../../src/detect/likeness.ts'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore, type Store } from '../../src/engine/store.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import type { Scenario } from '../support/golden/crowd.ts'
import { scenarios } from '../support/golden/scenarios/index.ts'

const stepSeconds = 3600
const now = new Date('2026-07-01T00:00:00Z')
const root = fileURLToPath(new URL('../../src/detect/detectors', import.meta.url))
const all = scenarios()

let folder = ''
let store: Store

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-detectors-'))
  const data = join(folder, 'data')
  // Fingerprints are keyed: with another key accounts come in another order, and ties fall otherwise.
  plantSecret(data, new Uint8Array(32).fill(7))
  store = await openStore({ data, limits: { memoryBytesMax: 2e9, threadsMax: 1 } })
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('every detector has one scenario that it should speak of and one that it should not', () => {
  const counts = detectors.map(({ id }) => all.filter((each) => each.detector === id).length)
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(2)
})

test('no golden folder is left without its scenario', () => {
  const folders = detectors.flatMap(({ id }) =>
    readdirSync(join(root, id), { withFileTypes: true })
      .filter((entry) => entry.name === 'golden')
      .flatMap(() => readdirSync(join(root, id, 'golden')).map((name) => `${id}/${name}`)),
  )
  expect(folders.sort()).toEqual(all.map((each) => `${each.detector}/${each.name}`).sort())
})

describe.each(all)('$detector: $name', (scenario) => {
  const place = join(root, scenario.detector, 'golden', scenario.name)
  const input = `${scenario.log.map((line) => JSON.stringify(line)).join('\n')}\n`

  test('the log is what its generator makes', async () => {
    expect(scenario.log.length).toBeLessThanOrEqual(600)
    mkdirSync(place, { recursive: true })
    await expect(input).toMatchFileSnapshot(join(place, 'input.jsonl'))
    await expect(page(scenario)).toMatchFileSnapshot(join(place, 'README.md'))
  })

  test('the detector says what is expected', async () => {
    const detector = detectors.find((each) => each.id === scenario.detector)
    if (detector === undefined) throw new RangeError(`no detector ${scenario.detector}`)
    const said = await hear(detector, scenario, input)
    await expect(`${JSON.stringify(said, null, 2)}\n`).toMatchFileSnapshot(
      join(place, 'expected.json'),
    )
  })
})

/** What the detector says at the end of the log: of the group, and of each account it speaks of alone. */
async function hear(detector: Detector, scenario: Scenario, input: string): Promise<unknown> {
  const file = join(folder, `${scenario.detector}-${scenario.name}.jsonl`)
  writeFileSync(file, input)
  const summary = await ingest(store.engine, store.directory, [file], { now })
  expect(summary.exchanges).toBe(scenario.log.length)
  const population = await walkAll(detector, scenario)
  const accounts = await accountNames(population)
  const group = gather(
    scenario.group.map((name) => accounts.indexOf(name)),
    population,
  )
  const alone = accounts.flatMap((name, account) => {
    const evidence = detector.weighAccount?.(account, population) ?? null
    return evidence === null ? [] : [[name, plain(evidence)] as const]
  })
  const together = detector.weighGroup?.(group, population) ?? null
  return {
    group:
      together === null
        ? null
        : {
            ...plain(together),
            shown_by: accounts
              .filter((_, account) => together.holds(account))
              .sort()
              .join(', '),
          },
    alone: Object.fromEntries(alone.sort((a, b) => (a[0] < b[0] ? -1 : 1))),
  }
}

async function walkAll(detector: Detector, scenario: Scenario): Promise<Population> {
  const read = detectors.filter((each) => scenario.sources?.includes(each.id) ?? false)
  const start = Date.parse(scenario.log[0]?.time ?? '') / 1000
  const originSeconds = Math.floor(start / stepSeconds) * stepSeconds
  const walk = emptyWalk([detector, ...read], { stepSeconds, falseShareMax: falseShareUsual })
  const steps = readSteps(store.engine, { originSeconds, stepSeconds }, [detector, ...read])
  for await (const { step, rows } of steps) walk.advance(step, rows)
  return walk.population
}

async function accountNames(population: Population): Promise<readonly string[]> {
  const byHash = await readAccountNames(store)
  return Array.from(
    { length: population.size() },
    (_, account) => byHash.get(population.hash(account)) ?? '',
  )
}

/** The group as if grouping had found it, so that a detector is judged by itself. */
function gather(members: readonly number[], population: Population): Group {
  const known = likeness()
  for (const account of members) known.add(account, profileOf(account, population))
  return { id: 1, members: new Set(members), likeness: known }
}

function plain(evidence: Evidence): Readonly<Record<string, unknown>> {
  const { family, value, weight, text, kind, atlas } = evidence
  const round = (number: number): number => Math.round(number * 1000) / 1000
  return {
    family,
    value: round(value),
    weight: round(weight),
    text,
    kind,
    atlas: atlas?.join(', '),
    chance: evidence.chance === undefined ? undefined : round(evidence.chance),
  }
}

function page(scenario: Scenario): string {
  return `# ${scenario.name}\n\n${scenario.story}\n\nMade by \`test/support/golden\`; do not edit. \`npx vitest run --project whole test/golden/detectors.test.ts -u\` writes it anew.\n`
}
