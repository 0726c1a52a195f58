import { expect, test } from 'vitest'
import type { Exchange, Message } from '../record/index.ts'
import { campaign, styleNames } from './campaigns/styles.ts'
import { customerClasses } from './config.ts'
import type { WorldConfig } from './config.ts'
import { nativeLine } from './native.ts'
import { merge } from './merge.ts'
import { blocksOf } from './plan.ts'
import { beginningCharacters, numbered, runsOf, simulate } from './simulate.ts'
import { truthLines, truthOf } from './truth.ts'
import type { Truth } from './truth.ts'
import { benignWorld, demoWorld, usualMix, wideWorld, world } from './worlds.ts'

/** A small world with every style, for what needs two runs. */
function small(seed: string) {
  const campaigns = styleNames.map((style) =>
    campaign(style, style, 0, 2, { accounts: 3, perAccountPerDay: 12, lifeDays: 1 }),
  )
  return wideWorld({ seed, accounts: 100, days: 2, campaigns })
}

/** FNV-1a over all lines: enough to tell two logs apart. */
function digest(lines: Iterable<Exchange>): string {
  let hash = 0x811c9dc5
  let count = 0
  for (const exchange of lines) {
    const line = nativeLine(exchange)
    count += line.length
    for (let at = 0; at < line.length; at++)
      hash = Math.imul(hash ^ line.charCodeAt(at), 0x01000193)
  }
  return `${count}-${hash >>> 0}`
}

test('a seed gives one log, to the byte, and another seed another', () => {
  const first = digest(simulate(small('one')))
  expect(digest(simulate(small('one')))).toBe(first)
  expect(digest(simulate(small('two')))).not.toBe(first)
})

test('the styles all run, and each asks from every account it has', () => {
  const truth = truthOf(small('styles'))
  const seen = new Set<string>()
  for (const { account } of simulate(small('styles'))) seen.add(account)
  const own = (name: string) =>
    Object.keys(truth.accounts).filter((id) => truth.accounts[id]?.campaign === name)
  const silent = styleNames.filter((name) => own(name).filter((id) => seen.has(id)).length < 2)
  expect(styleNames.map((name) => own(name).length)).toEqual(styleNames.map(() => 3))
  expect(silent).toEqual([])
})

test('the null world has no campaign and no attacker', () => {
  const truth = truthOf(benignWorld('null', 400))
  expect(truth.campaigns).toEqual({})
  expect(Object.values(truth.accounts).some(({ label }) => label === 'attack')).toBe(false)
})

test('in the wide world everybody asks in time order, and presents only what was answered', () => {
  const campaigns = styleNames.map((style) =>
    campaign(style, style, 0, 4, { accounts: 6, perAccountPerDay: 12 }),
  )
  const config = wideWorld({ seed: 'wide', accounts: 1_300, days: 4, campaigns })
  const truth = truthOf(config)
  const seen = read(config, truth)
  expect(seen.disorder).toBe(0)
  expect(seen.first >= config.start).toBe(true)
  expect(seen.unserved).toBe(0)
  expect([...seen.accounts.keys()].filter((id) => !truth.accounts[id])).toEqual([])
  const classes = new Set([...seen.accounts.keys()].map((id) => truth.accounts[id]?.cls))
  expect([...customerClasses, ...styleNames].filter((cls) => !classes.has(cls))).toEqual([])
  // Honest customers too are refused, and go on with another of their accounts.
  expect(seen.refusedClasses.has('failover') && seen.refusedClasses.has('prompter')).toBe(true)
  expect(seen.foreign.has('mover') && seen.foreign.has('failover')).toBe(true)
}, 60_000)

test('a large world is made of blocks, and is the same however they are put together', () => {
  const config = { ...small('blocks'), campaigns: [campaign('relay', 'relay', 0, 2)] }
  const lines = [...simulate(config, 20)].map(nativeLine)
  const runs = blocksOf(config, 20).map((block) => ({
    start: 0,
    open: () => runsOf(config, block),
  }))
  let number = 0
  const merged = [...merge(runs)].map(({ line }) => numbered(line, number++))
  expect(runs.length).toBeGreaterThan(4)
  expect(merged).toEqual(lines)
  expect(JSON.parse([...truthLines(config)].join(''))).toEqual(truthOf(config))
})

test("an account that was taken over was an honest customer's until then", () => {
  const campaigns = [campaign('takeover', 'thieves', 1, 6, { accounts: 20 })]
  const config = wideWorld({ seed: 'thieves', accounts: 30, days: 6, campaigns })
  const { accounts } = truthOf(config)
  const before = [...simulate(config)].filter(
    ({ account, time }) => time < (accounts[account]?.since ?? ''),
  )
  expect(new Set(before.map(({ account }) => account)).size).toBeGreaterThan(10)
  const opened = before.map((exchange) => exchange.account_created ?? '').sort()
  expect(opened[0]?.slice(0, 4)).not.toBe('2026')
})

test('answers may be kept in full, and then are as long as their tokens say', () => {
  const config = {
    ...wideWorld({ seed: 'full', accounts: 60, days: 2 }),
    outputCharacters: Infinity,
  }
  const brief = [...simulate({ ...config, outputCharacters: 260 })]
  const full = [...simulate(config)]
  const begins = full.filter(({ output = '' }, at) => output.startsWith(brief[at]?.output ?? ''))
  expect(begins.length).toBe(full.length)
  expect(Math.max(...full.map(({ output = '' }) => output.length))).toBeGreaterThan(2_000)
})

test('a world has about as many exchanges as asked for', () => {
  let count = 0
  const ends = Date.parse('2026-02-09T00:00:00Z')
  for (const { time } of simulate(
    world({ seed: 'many', accounts: 250, exchanges: 6_000, days: 7 }),
  )) {
    count++
    expect(Date.parse(time)).toBeLessThan(ends)
  }
  expect(count).toBeGreaterThan(4_000)
  expect(count).toBeLessThan(9_000)
})

test('agent requests reach the size asked for', () => {
  const agents = {
    ...world({ seed: 'large', accounts: 30, days: 2, mix: { coder: 1 } }),
    agentRequestBytes: 50_000,
  }
  const sizes = [...simulate(agents)].map((exchange) => JSON.stringify(exchange.request).length)
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  expect(mean).toBeGreaterThan(35_000)
  expect(mean).toBeLessThan(65_000)
})

/** What one pass over the demo finds. */
type Seen = {
  exchanges: number
  bytes: number
  disorder: number
  /** Time of the first exchange. */
  first: string
  ids: Set<string>
  accounts: Map<string, number>
  /** Served outputs, with the account they were served to. */
  served: Map<string, string>
  unserved: number
  foreign: Map<string, number>
  repeated: number
  refused: number
  refusedClasses: Set<string>
  sentences: Map<string, Set<string>>
}

test('the demo is what its page says', () => {
  const truth = truthOf(demoWorld('demo'))
  const seen = read(demoWorld('demo'), truth)
  expect(seen.disorder).toBe(0)
  expect(seen.ids.size).toBe(seen.exchanges)
  expect(seen.exchanges).toBeGreaterThanOrEqual(60_000)
  expect(seen.accounts.size).toBeGreaterThanOrEqual(600)
  expect([...seen.accounts.keys()].filter((id) => !truth.accounts[id])).toEqual([])
  expect(Object.keys(truth.accounts).length - seen.accounts.size).toBeLessThan(5)
  expect(
    new Set(
      Object.values(truth.accounts)
        .filter((a) => a.label !== 'attack')
        .map((a) => a.cls),
    ),
  ).toEqual(new Set(Object.keys(usualMix)))
  expect(Object.keys(truth.campaigns).length).toBe(6)
  expect(seen.bytes / seen.exchanges).toBeLessThan(1_300)
  // Answers are told apart by their words, but a one-token answer cannot be.
  expect(seen.repeated / seen.exchanges).toBeLessThan(0.001)
  expect(seen.refused).toBeGreaterThan(50)
  // Every assistant turn was an answer of this log before, and strangers' answers come only where meant.
  expect(seen.unserved).toBe(0)
  expect([...seen.foreign.keys()].sort()).toEqual(['mover', 'relay', 'reseller'])
  expectLittleShared(seen)
}, 30_000)

function read(config: WorldConfig, truth: Truth): Seen {
  const seen: Seen = {
    exchanges: 0,
    bytes: 0,
    disorder: 0,
    first: '',
    ids: new Set(),
    accounts: new Map(),
    served: new Map(),
    unserved: 0,
    foreign: new Map(),
    repeated: 0,
    refused: 0,
    refusedClasses: new Set(),
    sentences: new Map(),
  }
  let last = ''
  for (const exchange of simulate(config)) {
    if (exchange.time < last) seen.disorder++
    last = exchange.time
    seen.first ||= exchange.time
    seen.exchanges++
    // Every tenth is enough for a mean.
    if (seen.exchanges % 10 === 0) seen.bytes += 10 * nativeLine(exchange).length
    seen.ids.add(exchange.id)
    seen.accounts.set(exchange.account, (seen.accounts.get(exchange.account) ?? 0) + 1)
    const known = truth.accounts[exchange.account]
    for (const message of exchange.request.messages)
      checkTurn(message, exchange, known?.cls ?? '', seen)
    if (known?.label === 'benign' && personal.has(known.cls)) collect(exchange, seen)
    if (exchange.status !== 200) seen.refusedClasses.add(known?.cls ?? '')
    serve(exchange, seen)
  }
  return seen
}

function checkTurn(
  { role, content }: Message,
  { account }: Exchange,
  cls: string,
  seen: Seen,
): void {
  if (role !== 'assistant' || typeof content !== 'string') return
  const to = seen.served.get(content.slice(0, beginningCharacters))
  if (to === undefined) seen.unserved++
  else if (to !== account) seen.foreign.set(cls, (seen.foreign.get(cls) ?? 0) + 1)
}

function serve({ output, status, account }: Exchange, seen: Seen): void {
  if (status !== 200) seen.refused++
  if (output === undefined || output.length < 8) return
  if (seen.served.has(output)) seen.repeated++
  seen.served.set(output, account)
}

const personal = new Set(['chat', 'hobbyist', 'app', 'rag', 'aggregator', 'mover', 'launch'])

function collect(exchange: Exchange, seen: Seen): void {
  const message = exchange.request.messages.at(-1)
  if (message?.role !== 'user' || typeof message.content !== 'string') return
  for (const piece of message.content.split(/[.?!。？！\n]+/)) {
    const sentence = piece.trim().toLowerCase()
    if (sentence.length < 6) continue
    const users = seen.sentences.get(sentence) ?? new Set()
    seen.sentences.set(sentence, users.add(exchange.account))
  }
}

/** Strangers share what everybody says, and next to nothing else. */
function expectLittleShared({ sentences }: Seen): void {
  const long = [...sentences].filter(
    ([text]) => text.length >= (text.charCodeAt(0) > 0x2e80 ? 16 : 48),
  )
  const shared = long.filter(([, users]) => users.size > 1)
  expect(long.length).toBeGreaterThan(10_000)
  expect(shared.length / long.length).toBeLessThan(0.001)
  const widely = [...sentences.values()].filter((users) => users.size >= 20)
  expect(widely.length).toBeGreaterThan(15)
}
