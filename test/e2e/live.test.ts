import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSteps, type StepClock } from '../../src/audit/steps.ts'
import {
  type AccountState,
  detectors,
  emptyWalk,
  falseShareUsual,
  type Population,
} from '../../src/detect/index.ts'
import { plantSecret } from '../../src/engine/data-directory.ts'
import type { Parameters } from '../../src/engine/engine.ts'
import { openStore, type Store } from '../../src/engine/store.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { type LiveWalk, openLive } from '../../src/live/index.ts'
import type { Exchange } from '../../src/record/index.ts'
import { campaign } from '../../src/sim/campaigns/styles.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { world } from '../../src/sim/worlds.ts'
import { overlaid } from '../support/golden/scenarios/index.ts'

// A verdict must not depend on whether a log was read afterwards or while it was written: an audit of the whole and a
// live walk that got it in batches say the same of every account, at every moment at which both have seen as much.

const stepSeconds = 3 * 3600
const closeDelaySeconds = 5
const now = new Date('2026-07-01T00:00:00Z')
const settings = { falseShareMax: falseShareUsual, closeDelaySeconds }

const golden = overlaid()
/** Campaigns that share networks, hand on conversations and refused requests, take over accounts, ask for likelihoods. */
const campaigns = byTime([
  ...simulate(
    world({
      seed: 'live',
      accounts: 120,
      days: 5,
      campaigns: [
        campaign('relay', 'relay-pool', 1, 5, { accounts: 10 }),
        campaign('farm', 'key-farm', 2, 5),
        campaign('hydra', 'hydra', 1, 5, { accounts: 24, lifeDays: 2 }),
        campaign('takeover', 'takeover', 3, 5, { accounts: 12 }),
        campaign('likelihood', 'likelihood', 1, 5),
      ],
    }),
  ),
])

let folder = ''
let store: Store
let files = 0
/** What was told of the logs last, by an audit and live alike. */
const said = new Map<string, readonly string[]>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-live-'))
  const data = join(folder, 'data')
  plantSecret(data, new Uint8Array(32).fill(5))
  store = await openStore({ data, limits: { memoryBytesMax: 2e9, threadsMax: 1 } })
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

test.each([
  ['golden', golden, 12],
  ['simulated', campaigns, 10],
])('live and audit give the same verdicts on the %s log', async (name, log, batches) => {
  const clock = clockOf(log)
  const cuts = cutsOf(log, clock, batches)
  const whole = await audited(log, clock, new Set(cuts))
  let live: LiveWalk | null = null
  for (const [at, cut] of cuts.entries()) {
    await add(between(log, clock, (cuts[at - 1] ?? -1) + 1, cut), at > 0)
    const until = endOf(cut, clock)
    // It opens on an empty log, and is opened anew in the middle, as after a restart.
    if (live === null) live = await openLive(store.engine, clock, settings, clock.originSeconds)
    if (at === Math.floor(batches / 2)) live = await openLive(store.engine, clock, settings, until)
    else await live.advance(until)
    expectSame(told(live.accounts(), live.population()), whole.get(cut))
    said.set(name, whole.get(cut) ?? [])
  }
  expect(live?.off).toEqual([])
  expect([...whole.values()].join('')).toContain('"verdict":"watch"')
})

test('the two logs have something of everything that rests on what was before a step', () => {
  const kinds = ['phrase', 'system', 'tools', 'profile', 'host', 'network', 'request']
  const lines = [...said.values()].flat().join(' ')
  const words = [...lookingBack, 'handed on', ...kinds]
  expect(words.filter((word) => !new RegExp(`"${word} [1-9]`).test(lines))).toEqual([])
})

test('what comes late is counted in the next step, and nothing is lost', async () => {
  const clock = clockOf(campaigns)
  const [early, late, rest] = [
    campaigns.filter((line, at) => stepOf(line, clock) < 4 && at % 10 !== 0),
    campaigns.filter((line, at) => stepOf(line, clock) < 4 && at % 10 === 0),
    campaigns.filter((line) => stepOf(line, clock) >= 4 && stepOf(line, clock) < 6),
  ]
  await add(early, false)
  const live = await openLive(store.engine, clock, settings, endOf(3, clock))
  await add(late, true)
  expect(await live.advance(endOf(3, clock))).toMatchObject({ steps: 0, exchanges: 0, late: 0 })
  await add(rest, true)
  const { late: counted, exchanges } = await live.advance(endOf(5, clock))
  expect([counted, exchanges]).toEqual([late.length, late.length + rest.length])
  expect(live.population().exchanges()).toBe(early.length + late.length + rest.length)
})

test('a step waits for the delay before it is closed', async () => {
  const clock = clockOf(golden)
  await add(between(golden, clock, 0, 3), false)
  const live = await openLive(store.engine, clock, settings, endOf(1, clock) - 0.1)
  expect(live.population().step()).toBe(0)
  expect(await live.advance(endOf(1, clock))).toMatchObject({ steps: 1 })
})

test('a snapshot has who is watched or flagged, says who changed, and stays as it was', async () => {
  const clock = clockOf(campaigns)
  await add(between(campaigns, clock, 0, 15), false)
  const live = await openLive(store.engine, clock, settings, endOf(15, clock))
  const before = live.snapshot()
  const kept = new Map(before)
  await add(between(campaigns, clock, 16, 40), true)
  const { changes } = await live.advance(endOf(40, clock))
  expect(before).toEqual(kept)
  const after = live.snapshot()
  for (const { account, now: standing } of changes) {
    expect(after.get(account) ?? null).toBe(standing)
    expect(before.get(account)).not.toEqual(standing)
  }
  const flagged = live.accounts().filter(({ verdict }) => verdict === 'flagged')
  expect(flagged.length).toBeGreaterThan(10)
  for (const { account, step, filed } of flagged)
    expect(after.get(live.population().hash(account))).toMatchObject({
      verdict: 'flagged',
      case: `C${filed?.case}`,
      since: clock.originSeconds + ((step ?? 0) + 1) * stepSeconds,
    })
})

test('a step that failed is made good by the next', async () => {
  const clock = clockOf(golden)
  await add(between(golden, clock, 0, 3), false)
  let fails = false
  const engine = {
    ...store.engine,
    command: async (sql: string, parameters?: Parameters) => {
      if (fails && sql.includes('INSERT INTO live_use')) throw new Error('the disk is full')
      await store.engine.command(sql, parameters)
    },
  }
  const live = await openLive(engine, clock, settings, endOf(3, clock))
  await add(between(golden, clock, 4, 5), true)
  fails = true
  await expect(live.advance(endOf(5, clock))).rejects.toThrow('the disk is full')
  fails = false
  await live.advance(endOf(5, clock))
  const other = await openLive(store.engine, clock, settings, endOf(5, clock))
  expect(told(live.accounts(), live.population())).toEqual(
    told(other.accounts(), other.population()),
  )
})

test('a detector that a step cannot serve is named and left out', async () => {
  const clock = clockOf(golden)
  const facts = new URL('../../src/detect/activity.sql', import.meta.url)
  const strange = { id: 'strange', title: 'Strange', family: 'timing', facts } as const
  await add(between(golden, clock, 0, 0), false)
  const given = { ...settings, detectors: [...detectors, strange] }
  const live = await openLive(store.engine, clock, given, endOf(0, clock))
  expect(live.off).toEqual(['strange'])
})

/** When a step is closed. */
function endOf(step: number, { originSeconds }: StepClock): number {
  return originSeconds + (step + 1) * stepSeconds + closeDelaySeconds
}

function byTime(log: readonly Exchange[]): readonly Exchange[] {
  return [...log].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
}

function clockOf(log: readonly Exchange[]): StepClock {
  const first = Date.parse(log[0]?.time ?? '') / 1000
  return { originSeconds: Math.floor(first / stepSeconds) * stepSeconds, stepSeconds }
}

function stepOf({ time }: Exchange, { originSeconds }: StepClock): number {
  return Math.floor((Date.parse(time) / 1000 - originSeconds) / stepSeconds)
}

/** The last steps of so many parts of the log of about equal length. */
function cutsOf(log: readonly Exchange[], clock: StepClock, parts: number): readonly number[] {
  return Array.from({ length: parts }, (_, at) => {
    const last = log[Math.floor(((at + 1) * log.length) / parts) - 1]
    return last === undefined ? 0 : stepOf(last, clock)
  }).filter((cut, at, all) => cut !== all[at - 1])
}

function between(
  log: readonly Exchange[],
  clock: StepClock,
  from: number,
  to: number,
): readonly Exchange[] {
  return log.filter((line) => stepOf(line, clock) >= from && stepOf(line, clock) <= to)
}

async function add(lines: readonly Exchange[], sinceLast: boolean): Promise<void> {
  const file = join(folder, `batch-${files++}.jsonl`)
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  await ingest(store.engine, store.directory, [file], { now, sinceLast })
}

async function audited(
  log: readonly Exchange[],
  clock: StepClock,
  after: ReadonlySet<number>,
): Promise<ReadonlyMap<number, readonly string[]>> {
  await add(log, false)
  const walk = emptyWalk(detectors, { stepSeconds, falseShareMax: falseShareUsual })
  const seen = new Map<number, readonly string[]>()
  for await (const { step, rows } of readSteps(store.engine, clock, detectors)) {
    walk.advance(step, rows)
    if (after.has(step)) seen.set(step, told(walk.accounts(), walk.population))
  }
  return seen
}

/** Facts that rest on what was before a step, and so could go astray in live steps. */
const lookingBack = [
  'newNetworks',
  'biases',
  'commonMessages',
  'otherHands',
  'lifeSteps',
  'longestPause',
] as const

/** A line for each account, with all that is known and concluded of it. */
function told(accounts: readonly AccountState[], population: Population): readonly string[] {
  return accounts.map(({ account, ...state }) => {
    const facts = lookingBack.map((name) => `${name} ${population.fact(name, account)}`)
    const links = [...population.linksOf(account)].map(
      ([other, times]) => `handed on ${population.hash(other)} ${times}`,
    )
    const traits = population.traitsOf(account).map((index) => {
      const trait = population.trait(index)
      return `${trait?.kind} ${trait?.users} ${trait?.habitual.length}`
    })
    const known = [...facts, ...links, ...traits]
    return JSON.stringify({ account: population.hash(account), ...state, known })
  })
}

/** Told apart by account, so that a difference can be read. */
function expectSame(live: readonly string[], whole: readonly string[] = []): void {
  expect(live.filter((line, at) => line !== whole[at])).toEqual(
    whole.filter((line, at) => line !== live[at]),
  )
  expect(live.length).toBe(whole.length)
}
