import { expect, test } from 'vitest'
import { village } from '../../test/support/golden/village.ts'
import { barOf, falseShareUsual } from './calibration.ts'
import { type Docket, emptyDocket } from './docket.ts'
import type { Settled } from './standing.ts'

const bar = barOf(falseShareUsual)

function docketOf(accounts: number): Docket {
  return emptyDocket(village(accounts).population, bar)
}

function judged(outcome: Settled['outcome'], score: number): Settled {
  return { outcome, score, margin: score - bar.alone, kind: 'coordinated-accounts', reasons: [] }
}

/** Enough others are flagged for the share of honest ones to be no question. */
function accuse(docket: Docket, others: number): void {
  for (let other = 1; other <= others; other++) docket.inGroup(other, judged('flagged', 9), 7)
  docket.accuse(10, () => true)
}

const verdictOf = (docket: Docket): string | undefined => docket.accounts()[0]?.verdict

test('who is over the bar with a pool is flagged, though another view of it scored higher and is none', () => {
  const docket = docketOf(40)
  docket.inGroup(0, judged('watch', 5.5), 3)
  docket.inGroup(0, judged('flagged', 4.6), -9)
  accuse(docket, 20)
  expect(verdictOf(docket)).toBe('flagged')
  expect(docket.accounts()[0]).toMatchObject({ score: 4.6, group: -9 })
})

test('what its pool does not show takes nothing from what its group did', () => {
  const docket = docketOf(40)
  docket.inGroup(0, judged('flagged', 5.5), 3)
  docket.inGroup(0, judged('watch', 2), -9)
  accuse(docket, 20)
  expect(docket.accounts()[0]).toMatchObject({ verdict: 'flagged', score: 5.5, group: 3 })
})

test('the same group weighed again and found lighter withdraws it, while nothing was said', () => {
  const docket = docketOf(40)
  docket.inGroup(0, judged('flagged', 5.5), 3)
  docket.inGroup(0, judged('watch', 2), 3)
  accuse(docket, 20)
  expect(verdictOf(docket)).toBe('watch')
})

test('who has left the group it was over the bar with is not flagged for it later', () => {
  const docket = docketOf(40)
  docket.inGroup(0, judged('flagged', 5.5), 3)
  for (let other = 1; other <= 20; other++) docket.inGroup(other, judged('flagged', 9), 7)
  docket.accuse(10, (_, group) => group === 7)
  expect(verdictOf(docket)).toBe('watch')
})
