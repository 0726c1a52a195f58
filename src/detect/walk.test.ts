import { expect, test } from 'vitest'
import { hashOf } from '../../test/support/golden/village.ts'
import type { Detector } from './detector.ts'
import { falseShareUsual } from './calibration.ts'
import { type ReviewTerms, type Standing, standingOf, type VouchTerms } from './standing.ts'
import { emptyWalk, type Rows, type StepRows, type Walk } from './walk.ts'

const settings = { stepSeconds: 3600, falseShareMax: falseShareUsual }

/** A step in which these accounts send so many requests; account 0 asks `asked` times for reasoning. */
function step(exchanges: readonly number[], asked: readonly number[] = []): StepRows {
  const account = exchanges.map((_, at) => hashOf(at))
  const zero = account.map(() => 0)
  return {
    activity: [rows({ account, exchanges, created_day: zero, org: zero, hours: zero })],
    facts: [rows({ account, step: zero, asked: account.map((_, at) => asked[at] ?? 0) })],
    traits: [],
    links: [],
  }
}

function rows(columns: Rows['columns']): Rows {
  return { columns, from: 0, to: columns['account']?.length ?? 0 }
}

const nothing: StepRows = { activity: [], facts: [], traits: [], links: [] }

/** Two detectors that take an account's own count of a fact for their weight, halved. */
const simple: readonly Detector[] = (['elicitation', 'bulk'] as const).map((id) => ({
  id,
  title: id,
  family: id === 'bulk' ? 'timing' : 'elicitation',
  weighAccount: (account, population) => ({
    family: id === 'bulk' ? 'timing' : 'elicitation',
    value: 1,
    text: id,
    weight: population.fact('asked', account) / 2,
    holds: (other) => other === account,
  }),
}))

function walked(...steps: readonly StepRows[]): Walk {
  const walk = emptyWalk(simple, settings)
  steps.forEach((each, at) => walk.advance(at, each))
  return walk
}

function told(walk: Walk): string {
  return JSON.stringify(walk.accounts())
}

function stateOf(walk: Walk, account: number) {
  const state = walk.accounts()[account]
  return state === undefined
    ? null
    : { verdict: state.verdict, score: state.score, step: state.step }
}

test('steps in which nothing happens change nothing', () => {
  expect(walked(nothing, nothing).accounts()).toEqual([])
  const once = walked(step([1, 1], [2]))
  const then = walked(step([1, 1], [2]), nothing, nothing)
  expect(told(then)).toBe(told(once))
})

test('a verdict is dated by the step in which it was first reached', () => {
  const walk = walked(step([1, 1]), step([1, 1], [2]), step([1, 1]), step([1, 1]))
  expect(stateOf(walk, 0)).toEqual({ verdict: 'watch', score: 2, step: 1 })
  expect(stateOf(walk, 1)).toEqual({ verdict: 'clear', score: 0, step: null })
})

test('flagged stays flagged, with the step and the grounds of the strongest accusation', () => {
  const walk = walked(step([1, 1]), step([1, 1], [4]), step([1, 1], [-3]), step([1, 1]))
  expect(stateOf(walk, 0)).toEqual({ verdict: 'flagged', score: 4, step: 1 })
  walk.advance(4, step([1, 1], [5]))
  expect(stateOf(walk, 0)).toEqual({ verdict: 'flagged', score: 6, step: 1 })
})

test('a flagged account no longer stands for honest customers', () => {
  const walk = walked(step([1, 1, 1], [4]))
  expect(walk.population.isReference(0)).toBe(false)
  expect(walk.population.referenceSize()).toBe(2)
})

test('judging waits until the log has grown by a hundredth or a day has gone by', () => {
  const walk = walked(step([900, 100]), step([1], [4]))
  expect(stateOf(walk, 0)?.verdict).toBe('clear')
  walk.advance(2, step([10]))
  expect(stateOf(walk, 0)).toEqual({ verdict: 'flagged', score: 4, step: 2 })
  const slow = walked(step([900, 100]), step([1], [4]))
  slow.advance(24, step([1]))
  expect(stateOf(slow, 0)).toEqual({ verdict: 'flagged', score: 4, step: 24 })
})

test('walking the same steps again ends in the same states', () => {
  const steps = Array.from({ length: 30 }, (_, at) =>
    step([at % 3, 1 + (at % 5), 2], [at % 7 === 0 ? 1 : 0, at % 11 === 0 ? 2 : 0]),
  )
  expect(told(walked(...steps))).toBe(told(walked(...steps)))
})

test('what is judged in a step is what had been seen by then', () => {
  const steps = Array.from({ length: 12 }, (_, at) => step([1, 2, 3], [at % 4, 1]))
  const whole = emptyWalk(simple, settings)
  steps.forEach((each, at) => {
    whole.advance(at, each)
    expect(told(whole)).toBe(told(walked(...steps.slice(0, at + 1))))
  })
})

/** A log with so many accounts, of which the first ask so much. */
const crowd = (accounts: number, ...asked: readonly number[]): StepRows =>
  step(
    Array.from({ length: accounts }, () => 1),
    asked,
  )

test('of ten thousand accounts one over the bar is not flagged, and beside a campaign it is', () => {
  const alone = walked(crowd(10_000, 4.1))
  expect(stateOf(alone, 0)).toEqual({ verdict: 'watch', score: 4.1, step: 0 })
  expect(alone.accounts()[0]?.reasons.at(-1)).toMatchObject({
    detector: 'false-discovery',
    weight: 0,
    text:
      'It is over the bar but not flagged: 1 of 10000 accounts show as much, and at least 16 would have to ' +
      'for no more than 1 in 20 of them to be honest.',
  })
  const campaign = Array.from({ length: 20 }, () => 4.2)
  const beside = walked(crowd(10_000, 4.1, ...campaign))
  expect(stateOf(beside, 0)).toEqual({ verdict: 'flagged', score: 4.1, step: 0 })
})

test('what is over the bar is flagged once enough is, if it still is over it', () => {
  const steps = [crowd(1000, 4.1), crowd(1000), crowd(1000, 0, 4.1), crowd(1000, -4, -4)]
  const walk = emptyWalk(simple, settings)
  const verdicts = steps.map((each, at) => {
    walk.advance(at, each)
    expect(told(walk)).toBe(told(walked(...steps.slice(0, at + 1))))
    return walk.accounts()[0]?.verdict
  })
  expect(verdicts).toEqual(['watch', 'watch', 'flagged', 'flagged'])
  expect(stateOf(walk, 1)).toEqual({ verdict: 'flagged', score: 4.1, step: 2 })
  const gone = walked(crowd(1000, 4.1), crowd(1000, -4), crowd(1000, 0, 4.1))
  expect([stateOf(gone, 0)?.verdict, stateOf(gone, 1)?.verdict]).toEqual(['clear', 'watch'])
})

test('who is over the bar stands for no honest customer, flagged or not', () => {
  expect(walked(crowd(1000, 4.1)).population.isReference(0)).toBe(false)
})

/** A group of four among fifty, told by rare phrases; what is said of it is the sum of a fact over it. */
const together: Detector = {
  id: 'cohort',
  title: 'together',
  family: 'biography',
  weighGroup: (group, population) => ({
    family: 'biography',
    value: 1,
    text: 'together',
    weight: [...group.members].reduce((sum, at) => sum + population.fact('asked', at), 0) / 2,
    holds: () => true,
  }),
}
const ring = [0, 1, 2, 3]

function meeting(): StepRows {
  const phrases = Array.from({ length: 12 }, (_, phrase) => phrase)
  const uses = phrases.flatMap((phrase) => ring.map((at) => ({ trait: 500 + phrase, at })))
  const columns = (habit: number): Rows['columns'] => ({
    account: uses.map(({ at }) => hashOf(at)),
    trait: uses.map(({ trait }) => trait),
    kind: uses.map(() => 1),
    habit: uses.map(() => habit),
  })
  const everybody = Array.from({ length: 50 }, () => 1)
  return { ...step(everybody, [1, 1, 1, 1]), traits: [rows(columns(0)), rows(columns(1))] }
}

test('what a group shows is dated by its first step too, and not anew each time it is judged', () => {
  const walk = emptyWalk([together], settings)
  walk.advance(0, step(Array.from({ length: 50 }, () => 1)))
  walk.advance(1, meeting())
  expect(stateOf(walk, 0)).toEqual({ verdict: 'watch', score: 2, step: 1 })
  walk.advance(2, step([3, 3, 3, 3]))
  expect(stateOf(walk, 0)).toEqual({ verdict: 'watch', score: 2, step: 1 })
})

test('a flagged account keeps the grounds it was flagged on when more, but less telling, is found', () => {
  const bulkAsked = simple.map((each): Detector => ({
    ...each,
    weighAccount: (account, population) => ({
      family: each.family,
      value: 1,
      text: each.id,
      weight: population.fact('asked', account) / 2,
      holds: (other) => other === account,
    }),
  }))
  const walk = emptyWalk([...bulkAsked, together], settings)
  walk.advance(0, step(Array.from({ length: 50 }, () => 1)))
  walk.advance(1, step([1], [5]))
  expect(walk.accounts()[0]?.reasons.map((each) => each.detector)).toEqual(['elicitation', 'bulk'])
  walk.advance(2, meeting())
  walk.advance(3, step([3, 3, 3, 3], [0, 9, 9, 9]))
  const state = walk.accounts()[0]
  expect([state?.verdict, state?.step]).toEqual(['flagged', 1])
  expect(state?.reasons.map((each) => each.detector)).toEqual(['elicitation', 'bulk'])
})

/** Walks with something said of the first account. */
function walkedWith(standing: Standing, ...steps: readonly StepRows[]): Walk {
  const walk = emptyWalk(simple, { ...settings, standing: standing })
  steps.forEach((each, at) => walk.advance(at, each))
  return walk
}

const everything: VouchTerms = {
  accounts: new Set([hashOf(0)]),
  orgs: new Set(),
  from: 0,
  to: 2,
  families: null,
  detectors: null,
  exchangesMax: Number.POSITIVE_INFINITY,
  words: 'Somebody vouches for it.',
}

const reviewed = (verdict: ReviewTerms['verdict']): Standing =>
  standingOf(
    [],
    new Map([
      [
        hashOf(0),
        {
          verdict,
          detectors: new Set(['elicitation', 'bulk']),
          score: Number.POSITIVE_INFINITY,
          step: 1,
          words: 'Somebody looked.',
        },
      ],
    ]),
  )

test('who is vouched for is watched while the vouch lasts, and shields nobody', () => {
  const walk = walkedWith(standingOf([everything], new Map()), step([1, 1, 1], [4]))
  expect(stateOf(walk, 0)).toEqual({ verdict: 'watch', score: 4, step: 0 })
  expect(walk.population.isReference(0)).toBe(false)
  walk.advance(2, step([1, 1, 1], [0]))
  expect(stateOf(walk, 0)).toEqual({ verdict: 'flagged', score: 4, step: 2 })
})

test('who was overturned is watched, and still stands for honest customers', () => {
  const walk = walkedWith(reviewed('overturned'), step([1, 1, 1], [4]))
  expect(stateOf(walk, 0)).toEqual({ verdict: 'watch', score: 4, step: 0 })
  expect(walk.population.isReference(0)).toBe(true)
})

test('who was upheld is flagged from the review on, and never stands for honest customers', () => {
  const walk = walkedWith(reviewed('upheld'), step([1, 1, 1]))
  expect(walk.population.isReference(0)).toBe(false)
  expect(stateOf(walk, 0)).toEqual({ verdict: 'flagged', score: 0, step: 0 })
  walk.advance(1, step([1, 1, 1]))
  expect(stateOf(walk, 0)?.step).toBe(1)
})
