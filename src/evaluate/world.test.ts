import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder } from '../../test/support/folder.ts'
import { readWorlds, truthFrom } from './world.ts'

const chat = { label: 'benign', cls: 'chat', campaign: null }
const truth = { accounts: { one: chat }, campaigns: {} }
const text = JSON.stringify(truth)

test('a world is its truth and its exchanges, and what lies beside them is left alone', () => {
  const root = folder({
    'w/truth.json': text,
    'w/exchanges-1.jsonl.gz': '',
    'w/exchanges-0.jsonl': '',
    'w/notes.jsonl': '',
  })
  const [world] = readWorlds([join(root, 'w/')])
  expect(world?.name).toBe('w')
  expect(world?.sources).toEqual(
    ['exchanges-0.jsonl', 'exchanges-1.jsonl.gz'].map((name) => join(root, 'w', name)),
  )
})

test('without exchanges*, every log in it counts, but not the truth', () => {
  const root = folder({ 'w/truth.json': text, 'w/log.jsonl.zst': '', 'w/report.json': '{}' })
  expect(readWorlds([join(root, 'w')])[0]?.sources).toEqual([join(root, 'w/log.jsonl.zst')])
})

test('two worlds of one name are told apart by their places', () => {
  const root = folder({
    'a/w/truth.json': text,
    'a/w/log.jsonl': '',
    'b/w/truth.json': text,
    'b/w/log.jsonl': '',
  })
  const folders = ['a/w', 'b/w'].map((name) => join(root, name))
  expect(readWorlds(folders).map(({ name }) => name)).toEqual(folders)
})

test('no truth, no log, no JSON: each is said', () => {
  const root = folder({ 'log.jsonl': '', 'empty/truth.json': text, 'odd/truth.json': '{' })
  expect(() => readWorlds([root])).toThrow(/has no truth.json/)
  expect(() => readWorlds([join(root, 'empty')])).toThrow(/holds no log/)
  expect(() => readWorlds([join(root, 'odd')])).toThrow(/is not JSON/)
})

test.each([
  ['no accounts', { campaigns: {} }, /needs `accounts` and `campaigns`/],
  ['an odd label', { ...truth, accounts: { one: { ...chat, label: 'good' } } }, /account one/],
  ['no class', { ...truth, accounts: { one: { label: 'benign' } } }, /account one/],
  [
    'a campaign that is not listed',
    { ...truth, accounts: { one: { label: 'attack', cls: 'x', campaign: 'x' } } },
    /a campaign that is not listed/,
  ],
])('a truth with %s is refused', (_, value, said) => {
  expect(() => truthFrom(value, 'truth.json')).toThrow(said)
})

test('a campaign without a style is a style of its own', () => {
  expect(
    truthFrom({ accounts: {}, campaigns: { a: { style: 'bulk' }, b: {} } }, 'f').campaigns,
  ).toEqual({
    a: { style: 'bulk' },
    b: { style: 'b' },
  })
})
