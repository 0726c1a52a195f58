import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memoryBudgets, type TierLimits, type Visit } from './budget.ts'

const some = { requests_per_minute_max: 3 }

function entered(visit: Visit | { readonly is: 'over' }): Visit {
  if ('is' in visit) throw new Error('was over')
  return visit
}

/** Asks and is served, all at one moment. */
function ask(
  budgets: ReturnType<typeof memoryBudgets>,
  subject: string,
  limits: TierLimits,
  nowMs: number,
): boolean {
  const visit = budgets.enter(subject, limits, nowMs)
  if ('is' in visit) return false
  visit.carry()
  visit.leave(nowMs)
  visit.settle(0, nowMs)
  return true
}

test('each has a budget of its own, and it comes back with time', () => {
  const budgets = memoryBudgets(() => 100)
  const got = (subject: string, nowMs: number): number =>
    Array.from({ length: 10 }, () => ask(budgets, subject, some, nowMs)).filter(Boolean).length
  expect([got('a', 0), got('b', 0), got('a', 0)]).toEqual([3, 3, 0])
  expect([got('a', 20_000), got('a', 60_000), got('a', 600_000)]).toEqual([1, 2, 3])
})

describe('tokens', () => {
  const limits = { tokens_per_minute_max: 1000, tokens_per_day_max: 5000 }

  test('are taken before, and put right after', () => {
    const budgets = memoryBudgets(() => 100)
    const visit = entered(budgets.enter('a', limits, 0))
    expect(visit.spend({ tokens: 900, likelihoods: false }, 0)).toBeNull()
    const second = entered(budgets.enter('a', limits, 0))
    expect(second.spend({ tokens: 200, likelihoods: false }, 0)).toMatchObject({
      limit: 'tokens',
      max: 1000,
      remaining: 100,
      waitMs: 6000,
    })
    visit.carry()
    visit.leave(0)
    visit.settle(300, 0)
    visit.settle(0, 0)
    expect(second.spend({ tokens: 701, likelihoods: false }, 0)).toMatchObject({ remaining: 700 })
    expect(second.spend({ tokens: 700, likelihoods: false }, 0)).toBeNull()
  })

  test('of a request that never went on are given back, once', () => {
    const budgets = memoryBudgets(() => 100)
    const visit = entered(budgets.enter('a', limits, 0))
    visit.spend({ tokens: 800, likelihoods: false }, 0)
    visit.leave(0)
    visit.leave(0)
    const next = entered(budgets.enter('a', limits, 0))
    expect(next.spend({ tokens: 1000, likelihoods: false }, 0)).toBeNull()
    expect(next.spend({ tokens: 1, likelihoods: false }, 0)).toMatchObject({ remaining: 0 })
  })

  test('more than there can ever be wait for a full bucket, and are owed afterwards', () => {
    const budgets = memoryBudgets(() => 100)
    const visit = entered(budgets.enter('a', limits, 0))
    expect(visit.spend({ tokens: 1_000_000, likelihoods: false }, 0)).toBeNull()
    visit.carry()
    visit.settle(3000, 0)
    const next = entered(budgets.enter('a', limits, 0))
    expect(next.spend({ tokens: 500, likelihoods: false }, 0)).toMatchObject({ waitMs: 150_000 })
  })

  test('of a refusal by one limit are not taken from the other', () => {
    const budgets = memoryBudgets(() => 100)
    const day = { tokens_per_minute_max: 1000, tokens_per_day_max: 100 }
    const visit = entered(budgets.enter('a', day, 0))
    expect(visit.spend({ tokens: 60, likelihoods: false }, 0)).toBeNull()
    expect(visit.spend({ tokens: 60, likelihoods: false }, 0)).toMatchObject({
      limit: 'tokens-day',
    })
    expect(visit.spend({ tokens: 40, likelihoods: false }, 0)).toBeNull()
  })
})

test('likelihoods have a budget of their own; none at all can be', () => {
  const budgets = memoryBudgets(() => 100)
  const visit = entered(budgets.enter('a', { likelihood_requests_per_day_max: 1 }, 0))
  expect(visit.spend({ tokens: 9, likelihoods: true }, 0)).toBeNull()
  expect(visit.spend({ tokens: 9, likelihoods: true }, 0)).toMatchObject({
    limit: 'likelihoods-day',
  })
  expect(visit.spend({ tokens: 9, likelihoods: false }, 0)).toBeNull()
  const none = entered(budgets.enter('b', { likelihood_requests_per_day_max: 0 }, 0))
  expect(none.spend({ tokens: 9, likelihoods: true }, 0)).toMatchObject({ max: 0 })
})

test('never more requests at a time than may be, whoever leaves when and how often', () => {
  const moves = fc.array(fc.oneof(fc.constant('enter' as const), fc.nat({ max: 30 })))
  fc.assert(
    fc.property(moves, fc.integer({ min: 1, max: 4 }), (steps, max) => {
      const budgets = memoryBudgets(() => 10)
      const inside = new Set<Visit>()
      const all: Visit[] = []
      for (const step of steps) {
        if (step === 'enter') {
          const visit = budgets.enter('a', { concurrency_max: max }, 0)
          expect('is' in visit).toBe(inside.size === max)
          if ('is' in visit) continue
          inside.add(visit)
          all.push(visit)
        } else {
          const leaving = all[step]
          leaving?.leave(0)
          if (leaving) inside.delete(leaving)
        }
      }
      expect(inside.size).toBeLessThanOrEqual(max)
    }),
  )
})

describe('what is remembered', () => {
  test('no flood of other names gives anybody a fresh budget', () => {
    const names = fc.array(fc.nat({ max: 500 }), { minLength: 50, maxLength: 200 })
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 20 }), (flood, subjectsMax) => {
        const budgets = memoryBudgets(() => subjectsMax)
        let mine = 0
        for (const [at, name] of flood.entries()) {
          // All within a second: nothing to speak of comes back.
          if (ask(budgets, 'mine', some, at)) mine += 1
          ask(budgets, `other ${name}`, some, at)
        }
        expect(mine).toBeLessThanOrEqual(3)
        // And one more for those who share.
        expect(budgets.subjects()).toBeLessThanOrEqual(subjectsMax + 1)
      }),
    )
  })

  test('newcomers share one budget while nobody can be forgotten, and have their own later', () => {
    const budgets = memoryBudgets(() => 2)
    for (const name of ['a', 'b']) expect(ask(budgets, name, some, 0)).toBe(true)
    const late = ['c', 'd', 'e', 'f'].map((name) => ask(budgets, name, some, 0))
    expect(late).toEqual([true, true, true, false])
    expect(['g', 'h'].map((name) => ask(budgets, name, some, 60_000))).toEqual([true, true])
  })

  test('nobody is forgotten whose request is in progress', () => {
    const budgets = memoryBudgets(() => 1)
    const limits = { concurrency_max: 1 }
    const visit = entered(budgets.enter('a', limits, 0))
    for (let at = 0; at < 50; at++) ask(budgets, `other ${at}`, limits, at * 100_000)
    expect(budgets.enter('a', limits, 5_000_000)).toMatchObject({ limit: 'concurrency' })
    visit.leave(5_000_000)
    expect(ask(budgets, 'a', limits, 5_000_000)).toBe(true)
  })

  test('a made-up key that was refused leaves nothing behind', () => {
    const budgets = memoryBudgets(() => 2)
    for (let at = 0; at < 100; at++) {
      const visit = entered(budgets.enter(`made-up ${at}`, some, 0))
      visit.carry()
      visit.leave(0)
      visit.undo(0)
    }
    expect(ask(budgets, 'honest', some, 0)).toBe(true)
    expect(budgets.subjects()).toBeLessThanOrEqual(2)
  })
})
