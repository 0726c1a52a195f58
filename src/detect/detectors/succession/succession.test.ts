import { expect, test } from 'vitest'
import { hashOf, village } from '../../../../test/support/golden/village.ts'
import type { Evidence } from '../../detector.ts'
import { describe as profileOf, likeness } from '../../likeness.ts'
import { succession } from './detector.ts'

const day = 24
/** Spells of daily use, as the first and the last day of each account. */
type Lives = readonly (readonly [first: number, last: number])[]

/** What the detector says of these accounts after so many days, beside sixty that are there all the time. */
function told(lives: Lives, days: number): Evidence | null {
  const { population, act, later } = village()
  const members = lives.map((_, at) => at)
  const last = new Map<number, number>()
  const heard = (account: number): void => {
    act(account, 6)
    const index = population.accountOf(hashOf(account))
    const pause = population.step() - (last.get(account) ?? population.step())
    const longest = population.fact('longestPause', index)
    population.foldFact(index, 'lifeSteps', pause)
    population.foldFact(index, 'longestPause', Math.max(0, pause - longest))
    last.set(account, population.step())
  }
  for (let today = 0; today < days; today++) {
    for (let other = 100; other < 160; other++) heard(other)
    for (const member of members) {
      const [first, end] = lives[member] ?? [0, 0]
      if (first <= today && today <= end) heard(member)
    }
    later(day)
  }
  const indices = members.map((member) => population.accountOf(hashOf(member)))
  const known = likeness()
  for (const account of indices) known.add(account, profileOf(account, population))
  const group = { id: 1, members: new Set(indices), likeness: known }
  return succession.weighGroup?.(group, population) ?? null
}

test('three places that are filled the day after they fell empty show one hand', () => {
  const lives: Lives = [
    [0, 4],
    [1, 5],
    [2, 6],
    [5, 14],
    [6, 14],
    [7, 14],
  ]
  expect(told(lives, 14)?.value).toBe(3)
  expect(told(lives, 14)?.weight).toBeGreaterThan(0.7)
})

test('a beginning fills one place: six who stop and one who comes are no succession', () => {
  const lives: Lives = [
    [0, 4],
    [0, 4],
    [0, 4],
    [0, 4],
    [0, 4],
    [0, 4],
    [5, 14],
  ]
  expect(told(lives, 14)).toBeNull()
})

test('a place that stands empty for days was not filled', () => {
  const lives: Lives = [
    [0, 4],
    [1, 5],
    [2, 6],
    [8, 14],
    [9, 14],
    [10, 14],
  ]
  expect(told(lives, 14)).toBeNull()
})

test('who was quiet for a weekend has not ended, and a look at the log then says nothing', () => {
  const lives: Lives = [
    [0, 4],
    [0, 4],
    [0, 4],
    [5, 14],
    [5, 14],
    [5, 14],
  ]
  expect(told(lives, 6)).toBeNull()
  expect(told(lives, 7)).not.toBeNull()
})
