import type { Random } from '../../core/random.ts'
import { coinHanzi, coinIdentifier, coinLatin } from './coin.ts'
import { grammar, phrases, words } from './expand.ts'
import type { Voice } from './expand.ts'

// Self-contained questions with one right answer, as benchmarks, homework and seed sets have them.

const goods = words(
  'plums notebooks candles tiles ribbons marbles bulbs eggs lanterns stamps buttons postcards melons bricks spools pies whistles umbrellas kites scarves',
)
const places = phrases(
  'a market stall|the school hall|a ferry|the village library|a warehouse|a bakery|the observatory|an orchard|a print shop|the sports club|a harbour office|a toy workshop',
)

const rules = {
  arithmetic: [
    '{who} sells {n} {goods} in {place} and gives {d} of them to {who}. Each of the rest costs {d} coins. How many coins does {who} collect?',
    '{place?} {who} packs {n} {goods} into boxes of {d}. {who} adds {d} more boxes. How many {goods} are there in all?',
    'A path is {n} metres long. {who} walks {d} metres a minute and rests {d} minutes after every {n} metres. When does {who} arrive?',
    '{who} has {d} times as many {goods} as {who}. Together they have {n}. How many does each have?',
    'In {place} {n} people share {n} {goods}. {d} leave before it starts. How many {goods} go to each, and what is left over?',
    'A tank in {place} holds {n} litres and loses {d} litres an hour. {who} refills {d} litres every {d} hours. How long until it is empty?',
  ],
  algebra: [
    'Let x + {n}y = {n} and {d}x − y = {d}. Find x·y.',
    'For which values of k does x² − {n}x + {d}k = 0 have exactly one real root?',
    'A sequence starts with {d} and {n}; each later term is the sum of the two before, minus {d}. Find term {d}.',
    'How many integers between {d} and {n} are divisible by {d} or by {d} but not by both?',
    'The polynomial p satisfies p({d}) = {n}, p({n}) = {d} and has degree 2 with p(0) = {n}. Find p(1).',
    'Find the remainder when {n}^{n} is divided by {n}.',
  ],
  science: [
    'A {d} kg cart at {n} m/s meets a slope of {d} degrees with friction {n}/1000. How far does it climb?',
    '{n} ml of a {d} % solution of {salt} is mixed with {n} ml of water. What is the new concentration?',
    'A population of {n} {creature} grows {d} % a year while {d} are removed each spring. Describe year {d}.',
    'A lens of focal length {n} mm forms an image at {n} mm. Where is the object, and is the image upright?',
    'Two resistors of {n} and {n} ohms in parallel are fed {d} volts through {salt} contacts. Find the current.',
  ],
  logic: [
    '{who}, {who} and {who} sit in a row. {who} is not beside {who}, and the one with the {goods} sits left of {who}. Who has the {goods}?',
    'If every {creature} is a {salt} and no {salt} fears {goods}, can a {creature} fear {goods}? Assume {n} of them do.',
    'A box in {place} has {n} {goods}, {d} of them false. Only {who} tells the truth on odd days. What can be concluded on day {n}?',
    'Reorder the statements so that each follows: {who} owns {n} {goods}; all {creature} are counted; {who} lied {d} times.',
  ],
  coding: [
    'Write a function that takes a list of up to {n} {goods} with weights and returns the {d} heaviest whose names contain "{stem}".',
    'Given a grid of {d} by {d} cells, count the paths from corner to corner that touch exactly {n} cells marked "{stem}".',
    'Implement a cache called {stem} that holds {n} entries and forgets those unused for {d} reads.',
    'Parse a log in which each line is `{stem}:<time>:<level>` and report the {d} longest gaps over {n} ms.',
    'Write SQL: tables {stem}({stem}_id, total) and {stem}_items; list the {d} customers whose totals exceed {n}.',
  ],
  choice: [
    'Which of these did the {who} reform of {year} change? A) the tax on {goods} B) the {salt} trade C) the {place} charter D) none of them',
    'In the passage, {who} compares {goods} with {creature}. The author’s tone is: A) ironic B) hopeful C) neutral D) hostile ({n})',
    'What does "{stem}" most nearly mean in: "the {salt} of {who} was {stem} for {n} years"? A) rare B) loud C) brief D) whole',
    'A patient of {d} from {who} reports {creature} bites and fever for {d} days, count {n}. Next step? A) wait B) test C) treat D) refer',
  ],
  chinese: [
    '{zhname}有{n}个苹果，每{d}个装一箱，还剩几个？',
    '甲车每小时行{n}千米，乙车每小时行{d}千米，{zhname}到{zhname}相距{n}千米，几小时相遇？',
    '已知x加{n}y等于{n}，且{d}x减y等于{d}，求x乘y。',
    '{zhname}把{n}升溶液按{d}比{d}稀释，求浓度。',
  ],
} as const

export type Subject = keyof typeof rules
export const subjects: readonly Subject[] = Object.keys(rules) as Subject[]

const problems = grammar(rules, {
  who: (voice) => coinLatin(voice.random),
  zhname: (voice) => coinHanzi(voice.random),
  n: (voice) => String(voice.random.integer(12, 999)),
  d: (voice) => String(voice.random.integer(2, 19)),
  year: (voice) => String(voice.random.integer(1640, 1990)),
  goods: (voice) => voice.random.pick(goods),
  place: (voice) => voice.random.pick(places),
  salt: (voice) => `${coinIdentifier(voice.random)}ite`,
  creature: (voice) => `${coinIdentifier(voice.random)}s`,
  stem: (voice) => coinIdentifier(voice.random),
})

export function problem(random: Random, subject: Subject): string {
  const voice: Voice = { random, own: [], topics: [] }
  return problems.expand(subject, voice).trimStart()
}
