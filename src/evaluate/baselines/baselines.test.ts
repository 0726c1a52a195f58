import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAccountNames } from '../../audit/names.ts'
import { seeded } from '../../core/random.ts'
import { plantSecret } from '../../engine/data-directory.ts'
import { openStore, type Store } from '../../engine/store.ts'
import { ingest } from '../../ingest/ingest.ts'
import type { Exchange } from '../../record/index.ts'
import { baselines, scoreBaselines } from './catalogue.ts'

// One hand-made log of a week for all: a crowd of people who share nothing, and beside them a few accounts
// for each method, one that it is made for and one that it must not mistake for it.

const now = new Date('2026-07-01T00:00:00Z')
const days = 7
const random = seeded('baselines')
const consonants = 'bdfgklmnprstvz'.split('')
const vowels = 'aeiou'.split('')

/** A made-up word of three syllables, so that strangers hardly ever share one. */
const word = (): string =>
  Array.from({ length: 3 }, () => random.pick(consonants) + random.pick(vowels)).join('')
const say = (count: number): string => Array.from({ length: count }, word).join(' ')
const sentence = (): string => say(12)

const log: Exchange[] = []
const start = Date.UTC(2026, 3, 1)

/** One request of an account at an hour counted from the beginning. */
function ask(account: string, hour: number, content: string, ip = ipOf(account)): void {
  const no = log.length
  log.push({
    id: `req_${no}`,
    time: new Date(start + hour * 3_600_000 + (no % 3000) * 1000).toISOString(),
    account,
    key: `key_${account}`,
    ip,
    user_agent: 'curl/8.5',
    path: '/v1/chat/completions',
    request: { model: 'atlas-1', messages: [{ role: 'user', content }] },
    status: 200,
    usage: { prompt_tokens: 20, completion_tokens: 50 },
    finish_reason: 'stop',
    output: 'An answer.',
    latency_ms: 100,
  })
}

const places = new Map<string, number>()
function ipOf(account: string): string {
  if (!places.has(account)) places.set(account, places.size)
  const place = places.get(account) ?? 0
  return `10.${place >> 8}.${place & 255}.7`
}

const each = (count: number, visit: (at: number) => void): void => {
  for (let at = 0; at < count; at++) visit(at)
}

let store: Store
let folder: string
const scores = new Map<string, ReadonlyMap<string, number>>()

beforeAll(async () => {
  makeLog()
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-baselines-'))
  const data = join(folder, 'data')
  plantSecret(data, new Uint8Array(32).fill(5))
  store = await openStore({ data, limits: { memoryBytesMax: 1e9, threadsMax: 1 } })
  const file = join(folder, 'log.jsonl')
  writeFileSync(file, log.map((exchange) => `${JSON.stringify(exchange)}\n`).join(''))
  await ingest(store.engine, store.directory, [file], { now })
  const names = await readAccountNames(store)
  for (const found of await scoreBaselines(store, [file], { now }, names, () => undefined))
    scores.set(found.id, found.scores)
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

function makeLog(): void {
  each(40, (person) =>
    each(15, () => ask(`person-${person}`, random.integer(0, days * 24 - 1), sentence())),
  )
  // As much as a week of `steady`, but in a day.
  each(140, (at) => ask('burst', 50 + (at % 10), sentence()))
  each(140, (at) => ask('steady', at % (days * 24), sentence()))
  // Seeds and small changes to them, as synthetic queries are made, in runs; beside one who only repeats.
  each(20, (seed) => {
    const first = say(20).split(' ')
    each(6, (turn) => ask('mutator', seed * 8 + turn, first.with(turn, say(1)).join(' ')))
  })
  each(120, (at) => ask('repeater', at, 'What is the time in Lisbon right now, please?'))
  // Another language than the crowd’s, all week.
  each(60, (at) =>
    ask('foreigner', at, `請問${say(1)}這個問題的答案是什麼，我想知道更多關於它的事情${at}`),
  )
  // One wrapper around different content, from five homes, at hours of their own; and one text sent by five.
  const wrapper = (slot: string): string =>
    `Solve the exercise and show every single step of the derivation, then state the result: ${slot}`
  each(5, (member) => each(14, (at) => ask(`ring-${member}`, at * 12 + member, wrapper(say(2)))))
  each(5, (fan) => {
    ask(
      `fan-${fan}`,
      60 + fan * 24,
      'Write a poem about autumn in the style of a weather report, with a title.',
    )
    each(15, () => ask(`fan-${fan}`, random.integer(0, days * 24 - 1), sentence()))
  })
  // Four accounts behind three rare networks, chained; and a network that the whole crowd uses.
  each(4, (member) =>
    each(3, (at) =>
      ask(`exit-${member}`, at * 30, sentence(), `172.16.${Math.min(2, member + (at % 2))}.9`),
    ),
  )
  each(40, (person) => ask(`person-${person}`, 100, sentence(), '192.0.2.1'))
}

const of = (method: string, account: string): number =>
  scores.get(method)?.get(account) ?? -Infinity
const crowd = Array.from({ length: 40 }, (_, at) => `person-${at}`)
const crowdMax = (method: string): number => Math.max(...crowd.map((one) => of(method, one)))

test('every folder has its page, and every page its reference', async () => {
  const { readFileSync } = await import('node:fs')
  for (const { id } of baselines) {
    const page = readFileSync(new URL(`${id}/README.md`, import.meta.url), 'utf8')
    for (const part of ['## The method', '## What was adapted', '## References'])
      expect(page, `page of ${id}`).toContain(part)
  }
})

test('requests-per-day counts the busiest day, not the week', () => {
  expect(of('requests-per-day', 'burst')).toBe(140)
  expect(of('requests-per-day', 'steady')).toBeLessThanOrEqual(24)
})

test('prada finds seeds with small changes, and says nothing of who asks little or repeats', () => {
  expect(of('prada', 'mutator')).toBeGreaterThan(of('prada', 'steady'))
  expect(of('prada', 'person-1')).toBe(-Infinity)
  expect(of('prada', 'repeater')).toBe(0)
})

test('seat counts near-duplicates, and an exact repetition is none', () => {
  expect(of('seat', 'mutator')).toBeGreaterThan(50)
  expect(of('seat', 'repeater')).toBe(-Infinity)
  expect(crowdMax('seat')).toBeLessThan(5)
})

test('mmd finds who asks unlike everybody, and not who asks more of the same', () => {
  expect(of('mmd', 'foreigner')).toBeGreaterThan(
    4 * Math.max(0, crowdMax('mmd'), of('mmd', 'burst')),
  )
  expect(of('mmd', 'exit-0')).toBe(-Infinity)
})

test('minhash-clusters finds a wrapper that five accounts fill, and not a text that five sent', () => {
  for (const at of [0, 1, 2, 3, 4]) expect(of('minhash-clusters', `ring-${at}`)).toBeGreaterThan(4)
  expect(of('minhash-clusters', 'fan-0')).toBe(-Infinity)
  expect(crowdMax('minhash-clusters')).toBe(-Infinity)
})

test('shared-network joins accounts through rare networks, and not through one that a crowd uses', () => {
  expect([0, 1, 2, 3].map((at) => of('shared-network', `exit-${at}`))).toEqual([4, 4, 4, 4])
  expect(crowdMax('shared-network')).toBe(-Infinity)
})

test('synchrotrap finds accounts that do the same at the same times, and not those who did so once', () => {
  expect(Math.floor(of('synchrotrap', 'ring-2'))).toBe(5)
  expect(of('synchrotrap', 'fan-2')).toBe(-Infinity)
  expect(crowdMax('synchrotrap')).toBe(-Infinity)
})

test('what the sketches were kept in is gone', async () => {
  const rows = await store.engine.rows<{ name: string }>('SHOW TABLES')
  expect(rows.map(({ name }) => name)).not.toContain('evaluate_sketch')
})
