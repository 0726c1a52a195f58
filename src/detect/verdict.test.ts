import { expect, test } from 'vitest'
import { barOf, falseShareUsual } from './calibration.ts'
import { judgeMember as judge, type WeighedReason } from './verdict.ts'

const busy = { taking: 8, coordinated: 0, pace: 100 }
const few = { taking: 7, coordinated: 0, pace: 100 }

const bar = barOf(falseShareUsual)
const judgeMember = (account: number, reasons: readonly WeighedReason[], shape: typeof busy) =>
  judge(account, reasons, shape, bar)

function reason(
  detector: string,
  family: WeighedReason['family'],
  weight: number,
  more: Partial<WeighedReason> = {},
): WeighedReason {
  return { detector, family, weight, value: 1, text: detector, holds: () => true, ...more }
}

const asked = reason('elicitation', 'elicitation', 1.7)
const placed = reason('shared-network', 'infrastructure', 1.7)
const framed = reason('shared-profile', 'api-use', 1.5)
const worded = reason('rare-skeleton', 'content', 1.5)
const tied = reason('shared-profile', 'api-use', 0.1)

test('what is taken, one hand and a score of three are flagged', () => {
  expect(judgeMember(0, [asked, placed, framed], busy)).toMatchObject({
    outcome: 'flagged',
    score: 1.7 + 1.7 + 1.5,
    kind: 'coordinated-accounts',
  })
})

test('one family is never enough, however much it weighs', () => {
  const alone = reason('bulk', 'timing', 9)
  const too = reason('synchrony', 'timing', 9)
  expect(judgeMember(0, [alone, too], busy)).toMatchObject({ outcome: 'watch', score: 9 })
})

test('a second family counts from half a power of ten on', () => {
  const alone = reason('bulk', 'timing', 9)
  const sign = reason('synchrony', 'timing', 9)
  const faint = reason('shared-profile', 'api-use', 0.49)
  const told = reason('shared-profile', 'api-use', 0.5)
  expect(judgeMember(0, [alone, sign, faint], busy).outcome).toBe('watch')
  expect(judgeMember(0, [alone, sign, told], busy).outcome).toBe('flagged')
})

test('of one family only the strongest reason counts', () => {
  const more = reason('likelihood', 'api-use', 0.9)
  expect(judgeMember(0, [asked, placed, framed, more], busy).score).toBeCloseTo(4.9, 9)
})

test('accounts that act as one but take nothing are watched only', () => {
  const cohort = reason('cohort', 'biography', 2)
  expect(judgeMember(0, [placed, framed, cohort], busy)).toMatchObject({
    outcome: 'watch',
    score: 5.2,
  })
})

test('eight that each show two signs of one hand are flagged whatever they ask, from the whole bar on', () => {
  const cohort = reason('cohort', 'biography', 2)
  const eight = { ...busy, coordinated: 8 }
  expect(judgeMember(0, [placed, framed, cohort], eight).outcome).toBe('flagged')
  const short = reason('rare-skeleton', 'content', 0.2)
  expect(judgeMember(0, [placed, short, cohort], eight).outcome).toBe('watch')
})

test('slow accounts with two signs of one hand are a class unless they take something', () => {
  const cohort = reason('cohort', 'biography', 2)
  const slow = { ...busy, coordinated: 8, pace: 4 }
  expect(judgeMember(0, [placed, framed, cohort], slow).outcome).toBe('watch')
  expect(judgeMember(0, [placed, framed, cohort, asked], slow).outcome).toBe('flagged')
})

test('one who shows a single sign is not flagged for the two that others of the group show', () => {
  const cohort = reason('cohort', 'biography', 2, { holds: (account) => account !== 0 })
  const eight = { ...busy, coordinated: 8 }
  const more = reason('rare-skeleton', 'content', 3)
  expect(judgeMember(0, [placed, more, cohort], eight).outcome).toBe('watch')
  expect(judgeMember(1, [placed, more, cohort], eight).outcome).toBe('flagged')
})

test('accounts that ask alike but show no common hand are watched only', () => {
  const profile = reason('shared-profile', 'api-use', 1)
  expect(judgeMember(0, [asked, worded, profile], busy)).toMatchObject({ outcome: 'watch' })
})

test('below a score of three nobody is flagged, and from one and a half on watched', () => {
  const some = (weight: number): WeighedReason => reason('shared-profile', 'api-use', weight)
  const hand = reason('cohort', 'biography', 0.8)
  const asks = reason('elicitation', 'elicitation', 1)
  expect(judgeMember(0, [asks, hand, some(1.2)], busy).outcome).toBe('flagged')
  expect(judgeMember(0, [asks, hand, some(1.1)], busy).outcome).toBe('watch')
  expect(judgeMember(0, [hand], busy).outcome).toBe('clear')
})

test('where fewer than eight take something and show one hand, they need a score of four', () => {
  const hand = reason('cohort', 'biography', 0.8)
  const pace = reason('synchrony', 'timing', 1)
  expect(judgeMember(0, [asked, hand, framed], few).outcome).toBe('flagged')
  expect(judgeMember(0, [asked, hand, pace, tied], few).outcome).toBe('watch')
  expect(judgeMember(0, [asked, hand, pace, tied], busy).outcome).toBe('flagged')
})

test('a hand that chance may explain is none', () => {
  const likely = reason('cohort', 'biography', 1.2, { chance: -2 })
  const unlikely = reason('cohort', 'biography', 1.2, { chance: -4 })
  expect(judgeMember(0, [asked, likely, framed], busy).outcome).toBe('watch')
  expect(judgeMember(0, [asked, unlikely, framed], busy).outcome).toBe('flagged')
})

test('who only draws much and shows one hand in one way needs a score of five', () => {
  const much = reason('bulk', 'timing', 1.8)
  const cohort = reason('cohort', 'biography', 1.5)
  const faint = reason('rare-skeleton', 'content', 0.3)
  expect(judgeMember(0, [much, cohort, framed], busy).outcome).toBe('watch')
  expect(judgeMember(0, [much, cohort, framed, faint], busy).outcome).toBe('flagged')
  const crossed = reason('migration', 'provenance', 0.8)
  expect(judgeMember(0, [much, { ...cohort, weight: 0.8 }, crossed], busy).outcome).toBe('flagged')
})

test('slow accounts need two signs of one hand', () => {
  const cohort = reason('cohort', 'biography', 2)
  const pace = reason('synchrony', 'timing', 2)
  const slow = { ...busy, pace: 2 }
  expect(judgeMember(0, [asked, cohort, framed], slow).outcome).toBe('watch')
  expect(judgeMember(0, [asked, cohort, framed], busy).outcome).toBe('flagged')
  expect(judgeMember(0, [asked, cohort, pace, framed], slow).outcome).toBe('flagged')
  expect(judgeMember(0, [asked, cohort, placed, framed], slow).outcome).toBe('flagged')
})

test('a member is judged by what it shows itself', () => {
  const others = reason('elicitation', 'elicitation', 1.7, { holds: (account) => account !== 3 })
  expect(judgeMember(2, [others, placed, framed], busy).outcome).toBe('flagged')
  const spared = judgeMember(3, [others, placed, framed], busy)
  expect(spared.outcome).toBe('watch')
  expect(spared.reasons.map((each) => each.detector)).toEqual(['shared-network', 'shared-profile'])
})

test('what speaks for a member is subtracted, and shields no other', () => {
  const firm = reason('one-customer', 'biography', -3, { holds: (account) => account === 0 })
  expect(judgeMember(0, [asked, placed, framed, firm], busy)).toMatchObject({
    outcome: 'watch',
    score: expect.closeTo(1.9, 9),
  })
  expect(judgeMember(1, [asked, placed, framed, firm], busy).outcome).toBe('flagged')
})

test('a group with nothing to say of it is clear', () => {
  expect(judgeMember(0, [], busy)).toMatchObject({ outcome: 'clear', score: 0, reasons: [] })
})

test('the kind is that of the first reason strong enough to name one', () => {
  const relay = reason('migration', 'provenance', 2, { kind: 'relay-pool' })
  expect(judgeMember(0, [relay, asked, framed], busy).kind).toBe('relay-pool')
  const faint = reason('migration', 'provenance', 0.8, { kind: 'relay-pool' })
  expect(judgeMember(0, [asked, placed, framed, faint], busy).kind).toBe('coordinated-accounts')
})

test('who may accuse more honest accounts flags on less, and who may accuse fewer on more', () => {
  const cohort = reason('cohort', 'biography', 1.2, { chance: -1.5 })
  const outcomes = [1e-2, 1e-3, 1e-4].map(
    (share) => judge(0, [asked, cohort, tied], busy, barOf(share)).outcome,
  )
  expect(outcomes).toEqual(['flagged', 'watch', 'watch'])
  const strong = [asked, placed, framed]
  expect(judge(0, strong, busy, barOf(1e-6)).outcome).toBe('flagged')
  expect(judge(0, strong, busy, barOf(1e-7)).outcome).toBe('watch')
})

test('what has one honest explanation is one observation, however many families show it', () => {
  const cohort = reason('cohort', 'biography', 2)
  const taken = reason('elicitation', 'elicitation', 2.2)
  const place = reason('one-place', 'infrastructure', -3, {
    explains: ['biography', 'infrastructure', 'timing'],
  })
  const without = judgeMember(0, [taken, placed, cohort, framed], busy)
  expect(without.score).toBeCloseTo(2.2 + 1.7 + 2 + 1.5, 9)
  const explained = judgeMember(0, [taken, placed, cohort, framed, place], busy)
  expect(explained.score).toBeCloseTo(2.2 + 2 + 1.5 - 3, 9)
  const office = reason('one-place', 'infrastructure', -0.1, {
    explains: ['biography', 'infrastructure', 'timing'],
  })
  const bulk = reason('bulk', 'timing', 3)
  expect(judgeMember(0, [bulk, placed, cohort], busy).outcome).toBe('flagged')
  // One observation is one family.
  expect(judgeMember(0, [bulk, placed, cohort, office], busy).outcome).toBe('watch')
})

test('what is asked and how it is worded are one text: one observation, of two at most', () => {
  const cohort = reason('cohort', 'biography', 0.9)
  expect(judgeMember(0, [asked, worded, cohort], busy)).toMatchObject({
    outcome: 'watch',
    score: 2.9,
  })
  const asksLess = reason('elicitation', 'elicitation', 0.9)
  const wordedLess = reason('rare-skeleton', 'content', 0.6)
  expect(judgeMember(0, [asksLess, wordedLess, cohort], busy).score).toBeCloseTo(2.4, 9)
  const more = reason('elicitation', 'elicitation', 2.2)
  expect(judgeMember(0, [more, worded, cohort], busy).score).toBeCloseTo(3.1, 9)
  // However much they weigh, they are one family.
  const much = reason('elicitation', 'elicitation', 9)
  expect(judgeMember(0, [much, worded, { ...cohort, weight: 0.4 }], busy).outcome).toBe('watch')
})

test('conversations that crossed time and again are as good as two signs of one hand', () => {
  const crossed = (weight: number): WeighedReason => reason('migration', 'provenance', weight)
  const eight = { taking: 0, coordinated: 8, pace: 100 }
  expect(judgeMember(0, [crossed(2.1), framed, worded], eight).outcome).toBe('flagged')
  expect(judgeMember(0, [crossed(1.9), framed, worded], eight).outcome).toBe('watch')
})

test('who shares nothing rare with its group came at the same time and asks as often by coincidence', () => {
  const paced = reason('synchrony', 'timing', 2)
  const together = reason('cohort', 'biography', 1)
  const long = reason('account-shift', 'content', 0.8)
  expect(judgeMember(0, [paced, together, long], busy).outcome).toBe('watch')
  expect(judgeMember(0, [paced, together, long, tied], busy).outcome).toBe('flagged')
})
