import { assert, ipV4, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import type { Exchange } from '../../record/index.ts'
import { campaign } from '../campaigns/styles.ts'
import { simulate } from '../simulate.ts'
import { world } from '../worlds.ts'
import { disguising } from './disguise.ts'
import type { Disguise } from './disguises.ts'
import { renaming } from './names.ts'
import { reworded } from './wording.ts'

const log = [
  ...simulate(
    world({
      seed: 'disguise',
      accounts: 60,
      days: 1,
      campaigns: [campaign('relay', 'relay', 0, 1)],
    }),
  ),
]

function inDisguise(what: Disguise): readonly Exchange[] {
  const { exchange } = disguising(what, 'one')
  return log.map(exchange)
}

test('other names: nobody keeps one, and who was alike is alike', () => {
  const others = inDisguise('names')
  const fields = ['id', 'account', 'key', 'ip', 'user_agent'] as const
  for (const field of fields) {
    const pairs = new Set(log.map((exchange, at) => `${exchange[field]} ${others[at]?.[field]}`))
    const before = new Set(log.map((exchange) => exchange[field]))
    const after = new Set(others.map((exchange) => exchange[field]))
    expect([field, pairs.size, after.size]).toEqual([field, before.size, before.size])
  }
  const kept = log.filter(
    ({ account, user_agent }, at) =>
      account === others[at]?.account || user_agent === others[at]?.user_agent,
  )
  expect(kept).toEqual([])
  expect(others.map(({ time, output }) => [time, output])).toEqual(
    log.map(({ time, output }) => [time, output]),
  )
})

test('addresses share as long a beginning as before, of either version', () => {
  const address = (ip: string): string => renaming('one').exchange({ ...only, ip }).ip ?? ''
  assert(
    property(ipV4(), ipV4(), (one, other) => {
      expect(sharedBits(bits(address(one), 10, 8), bits(address(other), 10, 8))).toBe(
        sharedBits(bits(one, 10, 8), bits(other, 10, 8)),
      )
    }),
  )
  const six = ['2001:db8:7:1::1', '2001:db8:7:1::2', '2001:db8:7:2::1', '2001:db8:8::'].map(address)
  const networks = (parts: number): readonly string[] =>
    six.map((each) => each.split(':').slice(0, parts).join(':'))
  expect(new Set(networks(8)).size).toBe(4)
  expect(new Set(networks(4)).size).toBe(3)
  expect(new Set(networks(3)).size).toBe(2)
  expect(new Set(networks(2)).size).toBe(1)
})

const only: Exchange = {
  id: 'x',
  time: '2026-02-02T00:00:00.000Z',
  account: 'a',
  request: { model: 'm', messages: [] },
  status: 200,
}

function bits(address: string, base: number, width: number): string {
  return address
    .split('.')
    .map((part) => Number.parseInt(part, base).toString(2).padStart(width, '0'))
    .join('')
}

function sharedBits(one: string, other: string): number {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return at
  return one.length
}

test('other wording: a turn presented again is the turn as it was asked', () => {
  const asked = new Map<string, string>()
  for (const [at, { request }] of inDisguise('wording').entries())
    for (const [turn, message] of request.messages.entries()) {
      const before = log[at]?.request.messages[turn]
      if (typeof before?.content !== 'string' || typeof message.content !== 'string') continue
      if (message.role !== 'user' && message.role !== 'system')
        expect(message.content).toBe(before.content)
      const key = `${message.role} ${before.content}`
      expect(asked.get(key) ?? message.content).toBe(message.content)
      asked.set(key, message.content)
    }
  const changed = [...asked].filter(([key, text]) => !key.endsWith(` ${text}`))
  expect(changed.length).toBeGreaterThan(0.4 * asked.size)
})

test('what two texts share they mostly still share', () => {
  const frame = (item: string): string =>
    `You are given a hard exercise. Work on it with great care.\n${item}\nWrite down all that you thought of before the result.`
  const lines = (text: string): readonly string[] =>
    text.split(/[\n.!…;]+/).map((each) => each.trim())
  const one = lines(reworded('one', frame('How many apples are left?'), false))
  const other = lines(reworded('one', frame('Welche Farbe hat der Himmel?'), false))
  expect(one).not.toEqual(lines(frame('How many apples are left?')))
  expect(one.filter((line) => other.includes(line)).length).toBeGreaterThanOrEqual(2)
})

test('numbers and code in fences are left alone, in any script', () => {
  assert(
    property(string({ unit: 'grapheme' }), (text) => {
      expect(reworded('one', text, false).match(/\d/g)).toEqual(text.match(/\d/g))
    }),
  )
  const code = '```py\nfor each in the_list: show(each)\n```'
  expect(reworded('one', `Please explain the following step by step.\n${code}`, true)).toContain(
    code,
  )
  const chinese = Array.from({ length: 20 }, (_, at) => `请逐步解释第${at}个问题的答案和过程。`)
  expect(chinese.filter((text) => reworded('one', text, true) !== text).length).toBeGreaterThan(10)
})
