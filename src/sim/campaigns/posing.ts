import type { Random } from '../../core/random.ts'
import { day, minute } from '../clock.ts'
import type { Span } from '../clock.ts'
import type { CampaignConfig } from '../config.ts'
import { plantedText } from '../customers/students.ts'
import { failover } from '../failover.ts'
import { system } from '../grammar/systems.ts'
import type { Language } from '../grammar/tongues.ts'
import { merge } from '../merge.ts'
import { countries } from '../places.ts'
import type { Account, Client, Draft, Source } from '../source.ts'
import type { World } from '../world.ts'
import { asksOf, modelOf, work } from './member.ts'
import type { Member } from './member.ts'
import { copied, guiseOf, infiltrated, rationed, retimed } from './guise.ts'
import type { Guise, Habits } from './guise.ts'
import { craftedOf, payloadOf, penOf } from './payload.ts'
import type { Book, Payload, Pen } from './payload.ts'

// A campaign whose accounts lead the lives of honest customers. What is left to find is what they want
// and that they want it together: one queue of seeds that is dealt out, keys that take over from each
// other when one is refused, accounts that replace the lost, and the same matters again and again.

/** A member in disguise. */
type Spy = {
  readonly member: Member
  readonly account: Account
  readonly span: Span
  readonly habits: Habits
  readonly guise: Guise
  /** The honest owner of an account that was taken over, who goes on using it or does not. */
  readonly owner: Source | null
  readonly dilution: number
}

export function posing(
  world: World,
  book: Book,
  members: readonly Member[],
  random: Random,
): readonly Source[] {
  const { config } = book
  const burnt = Math.round(config.sacrifices * config.accounts)
  const sources = members.map((member): Source => {
    if (member.number < burnt) return sacrifice(world, book, member)
    const spy = disguised(world, config, member)
    const borrowed = config.frames ? popular(world, member.random) : []
    const begins = spy.habits.has('timing') ? spy.guise.source.start : spy.span.start
    const start = spy.owner ? world.span.start : begins
    return { accounts: [spy.account], start, open: () => life(world, book, spy, borrowed) }
  })
  if (config.failover === 0 && !config.relay) return sources
  const threads = sources.toSorted((a, b) => a.start - b.start)
  const keys = aliveOn(sources.map((source, at) => ({ source, member: members[at] })))
  const scatter = config.relay ? 1 - config.sophistication : 0
  return [
    {
      accounts: sources.flatMap(({ accounts }) => accounts),
      start: threads[0]?.start ?? world.span.start,
      open: () =>
        failover(random, scattered(random, merge(threads), keys, scatter), keys, config.failover),
    },
  ]
}

type Keys = Parameters<typeof failover>[2]

/** Which accounts are in use on a day, with the addresses they use when they step in. */
function aliveOn(
  all: readonly { readonly source: Source; readonly member: Member | undefined }[],
): Keys {
  const byDay = new Map<number, ReturnType<Keys>>()
  return (at) => {
    const today = Math.floor(at / day)
    const known = byDay.get(today)
    if (known) return known
    const alive = all.flatMap(({ source, member }) => {
      const account = source.accounts[0]
      const serves = member && member.span.start <= at && at < member.span.end
      return account && member && serves && (account.since ?? 0) <= today * day
        ? [{ account, clients: member.clients }]
        : []
    })
    byDay.set(today, alive)
    return alive
  }
}

/** A relay without care for sessions: some later turns go to whichever account is free. */
function* scattered(
  random: Random,
  drafts: Iterable<Draft>,
  keys: Keys,
  share: number,
): Generator<Draft> {
  for (const draft of drafts) {
    const later = draft.request.messages.some(({ role }) => role === 'assistant')
    const pool = later && random.chance(share) ? keys(draft.at) : []
    const key = pool[random.integer(0, pool.length - 1)]
    yield key ? { ...draft, account: key.account, client: key.clients(draft.at) } : draft
  }
}

function disguised(world: World, config: CampaignConfig, member: Member): Spy {
  const { random, number } = member
  const habits = copied(random, config.sophistication)
  const taken = random.chance(config.takenOver)
  const late = taken ? random.next() * 0.5 * (member.span.end - member.span.start) : 0
  const span = { start: Math.floor(member.span.start + late), end: member.span.end }
  const guise = guiseOf(world, config, number, span)
  const [lived] = guise.source.accounts
  const owner = taken ? ownerOf(world, config, number) : null
  const mark = { label: 'attack', cls: config.style, campaign: config.name } as const
  const base = owner?.accounts[0] ?? lived ?? member.account
  const created = owner || habits.has('sign-up') ? base.created : member.account.created
  const since = owner ? { since: span.start } : {}
  const dilution = config.dilution + 0.12 * config.sophistication * random.normal()
  return {
    member,
    account: { ...base, ...mark, created, ...since },
    span,
    habits,
    guise,
    owner,
    dilution: config.dilution === 0 ? 0 : Math.min(0.98, Math.max(0.02, dilution)),
  }
}

/** An honest customer of the usual pace, whose account the campaign takes over one day. */
function ownerOf(world: World, config: CampaignConfig, number: number): Source {
  const plain = { ...config, name: `${config.name}/owner`, joins: false }
  return guiseOf(world, plain, number, world.span, 3).source
}

function* life(world: World, book: Book, spy: Spy, borrowed: readonly string[]): Generator<Draft> {
  const { account, owner, span } = spy
  const acts = {
    start: span.start,
    open: () => dismissed(world, book.config, spy, missions(world, book, spy, borrowed)),
  }
  if (!owner) return yield* acts.open()
  // Some owners never come back, and some notice nothing.
  const leaves = spy.member.random.chance(0.5) ? span.start : span.end
  const keeps = { start: owner.start, open: () => until(leaves, { [Symbol.iterator]: owner.open }) }
  for (const draft of merge([keeps, acts].sort((a, b) => a.start - b.start)))
    yield { ...draft, account }
}

function* until(end: number, drafts: Iterable<Draft>): Generator<Draft> {
  for (const draft of drafts) {
    if (draft.at >= end) return
    yield draft
  }
}

/** The guise's exchanges, with seeds of the campaign in some and the member's own habits in the rest. */
function* missions(
  world: World,
  book: Book,
  spy: Spy,
  borrowed: readonly string[],
): Generator<Draft> {
  const { account, habits, member, guise, span } = spy
  const ration = 1.6 * book.config.perAccountPerDay
  const lived = rationed({ [Symbol.iterator]: guise.source.open }, Math.max(3, ration))
  const at = habits.has('timing') ? lived : retimed(lived, asksOf(book.config, { ...member, span }))
  for (const draft of infiltrated(at, seeds(world, book, spy, borrowed))) {
    if (draft.at >= span.end) return
    yield { ...draft, account, client: clientOf(draft, member, habits) }
  }
}

function clientOf({ at, client }: Draft, member: Member, habits: Habits): Client {
  const own = member.clients(at)
  const { ip, country } = habits.has('network') ? client : own
  return { ip, country, userAgent: (habits.has('client') ? client : own).userAgent }
}

/** Payloads that are nothing without their settings. */
const needsSettings: ReadonlySet<string> = new Set([
  'likelihood',
  'embedding',
  'precision',
  'membership',
])

/** The next seed from the campaign's queue for each conversation that is not cover. */
function seeds(
  world: World,
  book: Book,
  spy: Spy,
  borrowed: readonly string[],
): (draft: Draft) => Payload | null {
  const { config } = book
  const { member, habits, guise } = spy
  const { random } = member
  const stride = Math.max(1, Math.round(config.accounts / config.share))
  const pens = new Map<Language, Pen>()
  const penFor = (language: Language): Pen => {
    const pen = pens.get(language) ?? penOf(random, config, language, borrowed)
    pens.set(language, pen)
    return pen
  }
  let seed = member.number
  return (draft) => {
    if (random.chance(spy.dilution)) return null
    // Whoever waits for a launch asks for little before it.
    if (config.pivots && !launched(world, draft.at) && random.chance(0.6)) return null
    const { country } = habits.has('network') ? draft.client : member.clients(draft.at)
    const spoken = countries.find(({ code }) => code === country)?.language ?? 'en'
    const language = habits.has('language') ? spoken : random.pick(config.languages)
    const made = habits.has('wording')
      ? craftedOf(book, seed, penFor(language), talkative.has(guise.cls))
      : payloadOf(random, book, seed, language)
    seed += stride
    const model =
      config.pivots && launched(world, draft.at)
        ? { model: modelOf(world, config, member, draft.at) }
        : {}
    return { ...made, settings: { ...settingsOf(random, config, habits, made), ...model } }
  }
}

function settingsOf(
  random: Random,
  config: CampaignConfig,
  habits: Habits,
  made: Payload,
): Payload['settings'] {
  if (needsSettings.has(config.payload)) return made.settings
  if (habits.has('parameters')) return {}
  return { temperature: random.pick([0.6, 0.7, 1]), max_tokens: 4096 }
}

/** Classes whose conversations go on, so that a later turn presents the answer. */
const talkative: ReadonlySet<string> = new Set([
  'chat',
  'viral',
  'app',
  'aggregator',
  'pupil',
  'prompter',
  'enterprise',
  'vpn',
  'roamer',
  'course',
  'returner',
])

function launched(world: World, at: number): boolean {
  return at >= world.span.start + world.config.launchDay * day
}

/** An account that is given up ends refused, a few times over, until its keeper sees it. */
function* dismissed(
  world: World,
  config: CampaignConfig,
  spy: Spy,
  drafts: Iterable<Draft>,
): Generator<Draft> {
  let last: Draft | null = null
  for (const draft of drafts) {
    last = draft
    yield draft
  }
  if (!last || config.lifeDays === 0 || spy.span.end >= world.span.end) return
  const { random } = spy.member
  let at = last.at
  for (let left = random.integer(0, 4); left > 0; left--) {
    at += random.integer(1_000, 4 * minute)
    yield { ...last, at, answer: null, status: 403 }
  }
}

/** An account that asks openly and ever more, to learn what is noticed; then it is dropped. */
function sacrifice(world: World, book: Book, member: Member): Source {
  const { config } = book
  const start =
    member.span.start + member.random.next() * 0.5 * (member.span.end - member.span.start)
  const span = { start: Math.floor(start), end: Math.min(start + 3 * day, member.span.end) }
  const perDay = config.perAccountPerDay * member.random.integer(3, 12)
  const open: CampaignConfig = {
    ...config,
    perAccountPerDay: perDay,
    dilution: 0,
    payload: 'reasoning',
    schedule: 'clock',
  }
  return {
    accounts: [member.account],
    start: span.start,
    open: () => work(world, { ...book, config: open }, { ...member, span }),
  }
}

/** Texts that many honest customers send, and the one that the campaign itself has spread. */
function popular(world: World, random: Random): readonly string[] {
  const groups = (cls: string, size: number): number =>
    Math.ceil(
      world.config.customers
        .filter((each) => each.cls === cls)
        .reduce((sum, { accounts }) => sum + accounts, 0) / size,
    )
  const viral = world.random.fork(
    `viral-prompt/${random.integer(0, Math.max(0, groups('viral', 45) - 1))}`,
  )
  const course = world.random.fork(
    `course/${random.integer(0, Math.max(0, groups('course', 38) - 1))}`,
  )
  return [system(viral, 'viral'), system(course, 'assignment'), plantedText(random.integer(0, 2))]
}
