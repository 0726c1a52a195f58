import { seeded } from '../core/random.ts'
import type { Random } from '../core/random.ts'
import type { Message } from '../record/index.ts'
import { openAccount, openedLately } from './accounts.ts'
import type { Opening } from './accounts.ts'
import { day, spanOf } from './clock.ts'
import type { Span } from './clock.ts'
import type { Clients } from './clients.ts'
import type { WorldConfig } from './config.ts'
import { problem, subjects } from './grammar/problems.ts'
import type { Account, Answer, Draft, Source } from './source.ts'
import type { Settings } from './talk.ts'

/** What every part of one world shares. `random` is only ever forked, so parts do not disturb each other. */
export type World = { readonly config: WorldConfig; readonly span: Span; readonly random: Random }

export function worldOf(config: WorldConfig): World {
  return { config, span: spanOf(config.start, config.days), random: seeded(`world/${config.seed}`) }
}

/** Numbers of the accounts of a class that are wanted: `from` and those after it, `to` left out. */
export type Range = { readonly from: number; readonly to: number }

export type Builder = (world: World, range: Range) => readonly Source[]

export const newModel = 'heron-3'

export function anyModel(random: Random): string {
  return random.pick([
    'heron-2',
    'heron-2',
    'heron-2',
    'heron-2-mini',
    'heron-2-mini',
    'heron-2-pro',
  ])
}

/** A customer with one account; `act` writes its exchanges in time order within `span`. */
export function customer(
  world: World,
  label: string,
  opening: Partial<Opening> & { readonly cls: string },
  act: (random: Random, account: Account, span: Span) => Iterable<Draft>,
): Source {
  const random = world.random.fork(label)
  const created = opening.created ?? openedLately(random, world.span)
  const account = openAccount(random, { ...opening, created })
  const span = { start: Math.max(world.span.start, Math.floor(created)), end: world.span.end }
  return {
    accounts: [account],
    start: span.start,
    open: () => act(random, account, span)[Symbol.iterator](),
  }
}

export function each({ from, to }: Range, build: (at: number) => Source): readonly Source[] {
  return Array.from({ length: Math.round(to - from) }, (_, at) => build(from + at))
}

/** One conversation after the other: a person does not hold two at once. */
export function* inTurn(
  starts: Iterable<number>,
  hold: (start: number) => Iterable<Draft>,
): Generator<Draft> {
  let free = 0
  for (const start of starts) {
    for (const draft of hold(Math.max(start, free))) {
      free = draft.at + 5_000
      yield draft
    }
  }
}

export type Ask = {
  readonly account: Account
  readonly clients: Clients
  readonly settings: Settings
  readonly messages: readonly Message[]
  readonly answer: Answer
  /** Share of requests refused for their rate and sent again. */
  readonly refused?: number
}

/** One request without history, with the refusals that came before its answer. */
export function* single(random: Random, start: number, ask: Ask): Generator<Draft> {
  const { account, clients, settings, messages, answer, refused = 0 } = ask
  const request = { ...settings, messages }
  let at = start
  while (random.chance(refused)) {
    yield { at, account, client: clients(at), request, answer: null }
    at += random.integer(1_500, 21_000)
  }
  yield { at, account, client: clients(at), request, answer }
}

export function userOnly(content: string): readonly Message[] {
  return [{ role: 'user', content }]
}

export function withSystem(system: string, content: string): readonly Message[] {
  return [
    { role: 'system', content: system },
    { role: 'user', content },
  ]
}

/** Number of public benchmark suites in any world. */
export const suites = 9

/** Item `at` of a public suite: the same for all who run it, in every world. */
export function benchmarkItem(suite: number, at: number): string {
  const subject = subjects[suite % subjects.length] ?? 'logic'
  return problem(seeded(`suite/${suite}/${at}`), subject)
}

/** A part of the world's days that begins on `from` (may be a fraction) and lasts `days`. */
export function days(world: World, from: number, length: number): Span {
  const start = Math.min(world.span.start + from * day, world.span.end - day)
  return { start, end: Math.min(start + length * day, world.span.end) }
}
