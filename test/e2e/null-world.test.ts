import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAccountNames } from '../../src/audit/names.ts'
import { readSteps } from '../../src/audit/steps.ts'
import { emptyGrouping } from '../../src/detect/group.ts'
import {
  type AccountState,
  detectors,
  emptyWalk,
  falseShareUsual,
  type Walk,
} from '../../src/detect/index.ts'
import { weighGroup } from '../../src/detect/verdict.ts'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore, type Store } from '../../src/engine/store.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { type Family, families } from '../../src/record/index.ts'
import { nativeLine } from '../../src/sim/native.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { type AccountTruth, truthOf } from '../../src/sim/truth.ts'
import { benignWorld } from '../../src/sim/worlds.ts'

// A world in which every customer is honest (docs/detection.md, "Measured"). A weight of w claims that
// an honest customer shows as much at most once in 10^w; scores add weights of different families, so
// two together may come at most once in 10^(w + w). Both are counted here.

const accounts = 4000
const days = 7
const stepSeconds = 3600
const levels = [0.5, 1, 1.5] as const

/**
 * Groups are made of accounts that share wording, client and network, and honest ones of people who
 * signed up together: given a group, these are no surprise, and the claim is held per customer only.
 */
const groupedBy: ReadonlySet<Family> = new Set(['content', 'api-use', 'biography'])
/**
 * Families that come together more often than chance would have it, and why: each pair is held to the
 * claim of one family, not of two. docs/detection.md says so to readers.
 */
const dependent: readonly { readonly pair: readonly [Family, Family]; readonly why: string }[] = [
  { pair: ['content', 'elicitation'], why: 'both read the text of requests' },
]
/** Shares are estimates from groups, not from independent accounts: up to this factor passes. */
const factor = 1.5

/** What one honest account, or one group of honest accounts, shows: each family's strongest weight. */
type Shown = {
  readonly weights: ReadonlyMap<Family, number>
  /** Whether something speaks for it (a firm, a class), which is subtracted from its score. */
  readonly explained: boolean
}
type World = {
  readonly states: readonly { readonly state: AccountState; readonly cls: string }[]
  readonly customers: readonly Shown[]
  /** Of three and more. */
  readonly groups: readonly Shown[]
}

let folder = ''
let world: World

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-null-'))
  const config = benignWorld('null world', accounts, days)
  const file = join(folder, 'log.jsonl')
  writeFileSync(file, [...simulate(config)].map(nativeLine).join(''))
  const data = join(folder, 'data')
  plantSecret(data, new Uint8Array(32).fill(3))
  const store = await openStore({ data, limits: { memoryBytesMax: 2e9, threadsMax: 2 } })
  try {
    await ingest(store.engine, store.directory, [file], { now: new Date('2027-01-01T00:00:00Z') })
    world = await look(store, Date.parse(config.start) / 1000, truthOf(config).accounts)
  } finally {
    await store.close()
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function look(
  store: Store,
  originSeconds: number,
  truth: Readonly<Record<string, AccountTruth>>,
): Promise<World> {
  const walk = emptyWalk(detectors, { stepSeconds, falseShareMax: falseShareUsual })
  const steps = readSteps(store.engine, { originSeconds, stepSeconds }, detectors)
  for await (const { step, rows } of steps) walk.advance(step, rows)
  const names = await readAccountNames(store)
  const who = walk.accounts().map((state) => {
    const known = truth[names.get(walk.population.hash(state.account)) ?? '']
    return { state, cls: known?.cls ?? 'unknown', honest: known?.label === 'benign' }
  })
  return {
    states: who.filter(({ honest }) => honest),
    ...shownBy(
      walk,
      who.map(({ honest }) => honest),
    ),
  }
}

/** Groups everybody anew at the end of the log, and weighs what groups and their members show. */
function shownBy(walk: Walk, honest: readonly boolean[]): Pick<World, 'customers' | 'groups'> {
  const { population } = walk
  const everybody = honest.map((_, account) => account)
  const grouping = emptyGrouping()
  grouping.update(everybody, population)
  grouping.update(everybody, population)
  const shown = new Map<number, Shown>()
  const groups: Shown[] = []
  for (const { members, ...group } of grouping.groups()) {
    if (members.size < 2) continue
    const reasons = weighGroup({ members, ...group }, population, detectors)
    const explains = (some: readonly { readonly weight: number }[]): boolean =>
      some.some(({ weight }) => weight < 0)
    for (const account of members) {
      const own = reasons.filter((reason) => reason.holds(account))
      shown.set(account, { weights: strongest(own), explained: explains(own) })
    }
    const strangers = [...members].filter((account) => honest[account] !== true).length
    if (members.size >= 3 && strangers === 0)
      groups.push({ weights: strongest(reasons), explained: explains(reasons) })
  }
  const nothing: Shown = { weights: new Map(), explained: false }
  const customers = everybody
    .filter((account) => honest[account] === true)
    .map((account) => shown.get(account) ?? nothing)
  return { customers, groups }
}

function strongest(
  reasons: readonly { readonly family: Family; readonly weight: number }[],
): ReadonlyMap<Family, number> {
  const weights = new Map<Family, number>()
  for (const { family, weight } of reasons)
    weights.set(family, Math.max(weights.get(family) ?? 0, weight))
  return weights
}

/** The share of these that reach a weight in every one of some families; `net` leaves out the explained. */
function shareReaching(
  all: readonly Shown[],
  level: number,
  of: readonly Family[],
  net: boolean,
): number {
  const reaching = all.filter(
    (each) =>
      !(net && each.explained) && of.every((family) => (each.weights.get(family) ?? 0) >= level),
  )
  return reaching.length / all.length
}

const pairs = families.flatMap((a, at) => families.slice(at + 1).map((b) => [a, b] as const))

const independent = pairs.filter(
  ([a, b]) => !dependent.some(({ pair }) => pair[0] === a && pair[1] === b),
)

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}

/** The tables of docs/detection.md; printed when STILLWATCH_NUMBERS is set, and where a claim fails. */
function tables(): string {
  const { customers, groups } = world
  const row = (of: readonly Family[]): string =>
    `| ${of.join(' and ')} | ${levels
      .flatMap((level) => [
        percent(shareReaching(groups, level, of, false)),
        percent(shareReaching(customers, level, of, false)),
        percent(shareReaching(customers, level, of, true)),
      ])
      .join(' | ')} |`
  const joint = pairs
    .filter((pair) => shareReaching(customers, 0.5, pair, false) > 0)
    .map((pair) => {
      const product = levels.map((level) =>
        percent(
          shareReaching(customers, level, [pair[0]], false) *
            shareReaching(customers, level, [pair[1]], false),
        ),
      )
      return `${row(pair)} product ${product.join(', ')}`
    })
  return [
    `${customers.length} honest accounts, ${groups.length} groups of three or more`,
    'for w = 0.5, 1, 1.5 each: of groups, of accounts, of accounts with nothing that speaks for them',
    ...families.map((family) => row([family])),
    ...joint,
  ].join('\n')
}

/** `none`, or what is over the limit with the tables that show how much. */
function told(over: readonly unknown[]): string {
  return over.length === 0 ? 'none' : `${JSON.stringify(over, null, 2)}\n${tables()}`
}

test('nobody is flagged', () => {
  expect(world.states.length).toBeGreaterThanOrEqual(2000)
  const flagged = world.states.filter(({ state }) => state.verdict === 'flagged')
  expect(
    flagged.map(({ state, cls }) => ({ cls, reasons: state.reasons.map((each) => each.text) })),
  ).toEqual([])
  if (process.env['STILLWATCH_NUMBERS'] !== undefined) console.log(tables())
})

test.each(levels)('an honest account reaches a weight of %d in a family once in 10^w', (level) => {
  const over = families
    .map((family) => ({ family, share: shareReaching(world.customers, level, [family], true) }))
    .filter(({ share }) => share > factor * 10 ** -level)
  expect(told(over)).toBe('none')
})

test.each(levels)('an honest group reaches a weight of %d about as seldom', (level) => {
  // Some eighty groups: one or two more is chance.
  const limit = factor * 10 ** -level + 2 / world.groups.length
  const over = families
    .filter((family) => !groupedBy.has(family))
    .map((family) => ({ family, share: shareReaching(world.groups, level, [family], false) }))
    .filter(({ share }) => share > limit)
  expect(told(over)).toBe('none')
})

test.each(levels)('two families reach %d together about as often as chance has it', (level) => {
  const { customers } = world
  const over = independent.map((pair) => {
    const [a, b] = pair.map((family) => shareReaching(customers, level, [family], false))
    const joint = shareReaching(customers, level, pair, true)
    return { pair, joint, product: (a ?? 0) * (b ?? 0) }
  })
  // Accounts come in groups: one group of sixteen moves the share by 0.4 percent.
  expect(told(over.filter(({ joint, product }) => joint > 3 * product + 0.004))).toBe('none')
})

test.each(levels)('and never more often than the sum of two weights of %d claims', (level) => {
  const over = independent
    .map((pair) => ({ pair, joint: shareReaching(world.customers, level, pair, true) }))
    .filter(({ joint }) => joint > factor * 10 ** (-2 * level))
  expect(told(over)).toBe('none')
})

test.each(levels)('families known to depend reach %d together as seldom as one may', (level) => {
  const over = dependent
    .map(({ pair }) => ({ pair, joint: shareReaching(world.customers, level, pair, true) }))
    .filter(({ joint }) => joint > 10 ** -level)
  expect(told(over)).toBe('none')
})
