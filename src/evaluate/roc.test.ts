import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AccountTruth } from '../sim/truth.ts'
import { oracleThreshold, rocOf, type Scores } from './roc.ts'

type Labels = Readonly<Record<string, AccountTruth>>

const account = (label: AccountTruth['label']): AccountTruth => ({
  label,
  cls: 'any',
  campaign: label === 'attack' ? 'any' : null,
})

/** `b`enign, `a`ttack and `g`rey accounts, most suspicious first, with the scores n, n − 1, … */
function ranking(order: string): { readonly labels: Labels; readonly scores: Scores } {
  const of = { b: 'benign', a: 'attack', g: 'grey' } as const
  const entries = order
    .split('')
    .map((letter, at) => [`${letter}${at}`, letter, order.length - at] as const)
  return {
    labels: Object.fromEntries(
      entries.map(([id, letter]) => [id, account(of[letter as keyof typeof of])]),
    ),
    scores: new Map(entries.map(([id, , score]) => [id, score])),
  }
}

test('the staircase climbs with each attack and goes right with each benign account', () => {
  const { labels, scores } = ranking('aabgab')
  expect(rocOf(scores, labels)).toEqual([
    [0, 0],
    [0, 1 / 3],
    [0, 2 / 3],
    [0.5, 1],
    [1, 1],
  ])
})

test('accounts of one score are flagged together, or not at all', () => {
  const { labels } = ranking('ab')
  const scores = new Map(Object.keys(labels).map((id) => [id, 7]))
  expect(rocOf(scores, labels)).toEqual([
    [0, 0],
    [1, 1],
  ])
  expect(oracleThreshold(scores, labels, 0.001)).toBeNull()
})

test('the oracle goes as low as it may', () => {
  const { labels, scores } = ranking(`aaa${'b'.repeat(1000)}`)
  const [, , , first = 0, second = 0] = [...scores.values()]
  expect(oracleThreshold(scores, labels, 0.001)).toBe(first)
  expect(oracleThreshold(scores, labels, 0.002)).toBe(second)
  expect(oracleThreshold(scores, labels, 0)).toBe(first + 1)
})

test('0.1 % of 465 is nobody, and grey accounts cost nothing', () => {
  const { labels, scores } = ranking(`aggga${'b'.repeat(465)}`)
  const threshold = oracleThreshold(scores, labels, 0.001)
  expect(threshold).toBe([...scores.values()][4])
})

test('an account without a score is never flagged', () => {
  const { labels } = ranking('aab')
  expect(oracleThreshold(new Map(), labels, 1)).toBeNull()
  expect(oracleThreshold(new Map([['a0', -3]]), labels, 1)).toBe(-3)
  expect(rocOf(new Map([['a0', -3]]), labels)).toEqual([
    [0, 0],
    [0, 0.5],
    [1, 1],
  ])
})

test('a staircase never goes down or back', () => {
  const letters = fc.constantFrom('a', 'b', 'g')
  fc.assert(
    fc.property(fc.array(fc.tuple(letters, fc.integer({ min: 0, max: 5 }))), (rows) => {
      const { labels } = ranking(rows.map(([letter]) => letter).join(''))
      const scores = new Map(Object.keys(labels).map((id, at) => [id, rows[at]?.[1] ?? 0]))
      const points = rocOf(scores, labels)
      for (const [at, [x, y]] of points.entries()) {
        const [left, below] = points[at - 1] ?? [0, 0]
        expect(x >= left && y >= below && x <= 1 && y <= 1).toBe(true)
      }
    }),
  )
})
