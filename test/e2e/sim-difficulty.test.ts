import { expect, test } from 'vitest'
import type { Exchange } from '../../src/record/index.ts'
import { campaign } from '../../src/sim/campaigns/styles.ts'
import type { Style } from '../../src/sim/campaigns/styles.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { truthOf } from '../../src/sim/truth.ts'
import { wideWorld } from '../../src/sim/worlds.ts'

// A simulated campaign that one number gives away proves nothing about those who find it. An oracle
// sets the threshold of every single feature on the honest accounts of a world, at one in a thousand,
// and chooses the features that find most of a campaign there. In a second world, with thresholds as
// ideal, what it chose must find next to nothing of the campaigns that are said to be hard.

const hard: readonly Style[] = ['paraphrase', 'agentic', 'hydra', 'pivot', 'station', 'slow']
const honest = 2_000
const membersEach = 80
const days = 3
const falseShare = 0.001
const foundMost = 0.05

/** What is counted of one account; the sums are over its requests. */
type Tally = {
  readonly group: string
  requests: number
  readonly perDay: Map<string, number>
  readonly sums: Map<string, number>
  readonly sets: Map<string, Set<string>>
}

type Counts = ReadonlyMap<string, Map<number, number>>
type Seen = { readonly tallies: readonly Tally[]; readonly words: Counts }

/** Values by account; an account that is not named has 0. */
type Feature = ReadonlyMap<number, number>

test('what one feature finds of a hard campaign, it finds by chance', () => {
  const learnt = best(look('difficulty, learnt', null), null)
  const chosen = new Set([...learnt.values()].flatMap((all) => all.map(({ name }) => name)))
  const tried = best(look('difficulty, tried', chosen), chosen)
  const told = [...tried].flatMap(([style, all]) =>
    all.map(({ name, share }) => ({ style, name, share })),
  )
  expect([...tried.keys()]).toEqual(hard)
  expect(told.filter(({ share }) => share > foundMost)).toEqual([])
}, 120_000)

type Found = { readonly name: string; readonly share: number }

/** For each campaign the features that find more than is allowed of it, best first; at least three. */
function best(seen: Seen, among: ReadonlySet<string> | null): ReadonlyMap<Style, readonly Found[]> {
  const { tallies } = seen
  const sizes = new Map<string, number>()
  for (const { group } of tallies) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  const mayExceed = Math.floor(falseShare * (sizes.get('benign') ?? 0))
  const found = new Map(hard.map((style) => [style, [] as Found[]]))
  for (const [name, feature] of features(seen)) {
    if (among && !among.has(name)) continue
    for (const [group, many] of exceeding(feature, tallies, mayExceed))
      found.get(group)?.push({ name, share: many / (sizes.get(group) ?? 1) })
  }
  return new Map(
    [...found].map(([style, all]) => {
      const ranked = all.sort((a, b) => b.share - a.share)
      return [style, ranked.filter(({ share }, at) => at < 3 || share > foundMost)]
    }),
  )
}

/** How many accounts of each campaign exceed the value that so many honest ones exceed at most. */
function exceeding(
  feature: Feature,
  tallies: readonly Tally[],
  mayExceed: number,
): ReadonlyMap<Style, number> {
  const honestly: number[] = []
  for (const [at, value] of feature) if (tallies[at]?.group === 'benign') honestly.push(value)
  const limit = honestly.sort((a, b) => b - a)[mayExceed] ?? 0
  const many = new Map<Style, number>()
  for (const [at, value] of feature) {
    const style = hard.find((each) => each === tallies[at]?.group)
    if (style && value > limit) many.set(style, (many.get(style) ?? 0) + 1)
  }
  return many
}

/** One pass over a world; of words only those in `among`, where it is given. */
function look(seed: string, among: ReadonlySet<string> | null): Seen {
  const wanted = among && new Set([...among].map((name) => /"(.*)"/.exec(name)?.[1] ?? ''))
  const campaigns = hard.map((style) => campaign(style, style, 0, days, { accounts: membersEach }))
  const config = wideWorld({ seed, accounts: honest, days, campaigns })
  const { accounts } = truthOf(config)
  const numbers = new Map<string, number>()
  const tallies: Tally[] = []
  const words = new Map<string, Map<number, number>>()
  for (const exchange of simulate(config)) {
    const at = numbers.get(exchange.account) ?? numbers.size
    numbers.set(exchange.account, at)
    const known = accounts[exchange.account]
    const group = known?.campaign ?? (known?.label === 'benign' ? 'benign' : 'other')
    const tally = (tallies[at] ??= {
      group,
      requests: 0,
      perDay: new Map(),
      sums: new Map(),
      sets: new Map(),
    })
    count(tally, exchange)
    for (const word of new Set(wordsOf(exchange))) {
      if (wanted && !wanted.has(word)) continue
      const users = words.get(word)
      if (users) users.set(at, (users.get(at) ?? 0) + 1)
      else words.set(word, new Map([[at, 1]]))
    }
  }
  return { tallies, words }
}

function count(tally: Tally, exchange: Exchange): void {
  const { request, usage, status, ip = '', user_agent: agent = '', time } = exchange
  const { sums, sets, perDay } = tally
  const add = (name: string, amount = 1): void => {
    sums.set(name, (sums.get(name) ?? 0) + amount)
  }
  const meet = (name: string, value: string): void => {
    sets.set(name, (sets.get(name) ?? new Set()).add(value))
  }
  tally.requests++
  const day = time.slice(0, 10)
  perDay.set(day, (perDay.get(day) ?? 0) + 1)
  add('answer tokens', usage?.completion_tokens ?? 0)
  add('prompt tokens', usage?.prompt_tokens ?? 0)
  add('messages', request.messages.length)
  add(`status ${status}`)
  add(`finish ${exchange.finish_reason}`)
  add(`hours ${Math.floor(Number(time.slice(11, 13)) / 4)}`)
  for (const [name, value] of Object.entries(request)) {
    if (name === 'messages' || name === 'tools') continue
    add(`has ${name}`)
    add(`${name} = ${JSON.stringify(value)}`)
  }
  add(`client ${agent.replace(/[\d.]+/g, '#')}`)
  add(`client ${agent}`)
  add(`network ${networkOf(ip)}`)
  add(`country ${exchange.country}`)
  meet('addresses', ip)
  meet('countries', exchange.country ?? '')
  meet('clients', agent)
  meet('models', request.model)
  sums.set('opened', tally.requests * (Date.parse(exchange.account_created ?? '') / 86_400_000))
}

function networkOf(ip: string): string {
  if (ip.includes(':')) return 'six'
  const first = Number(ip.split('.')[0])
  return first === 248 ? 'hosting' : first === 250 ? 'mobile' : first === 252 ? 'site' : 'home'
}

const word = /\p{Script=Han}{2}|[\p{Script=Katakana}\p{Script=Hiragana}]+|\p{L}+/gu

/** The words that were typed last, and pairs of neighbours. */
function wordsOf({ request }: Exchange): readonly string[] {
  const last = request.messages.findLast(({ role }) => role === 'user')
  const text = typeof last?.content === 'string' ? last.content : ''
  const found: string[] = text.toLowerCase().match(word) ?? []
  return found.concat(found.slice(1).map((next, at) => `${found[at]} ${next}`))
}

function* features(seen: Seen): Generator<readonly [string, Feature]> {
  for (const [name, feature] of counted(seen.tallies)) {
    if (spreads(feature, seen.tallies)) yield [`high ${name}`, feature]
    // Where many honest accounts have nothing of it, to have little is no sign.
    if (feature.size > 0.99 * seen.tallies.length)
      yield [`low ${name}`, new Map([...feature].map(([at, value]) => [at, 1e6 - value]))]
  }
  for (const [text, users] of seen.words) {
    if (!spreads(users, seen.tallies)) continue
    yield [`share of "${text}"`, rates(users, seen.tallies)]
    yield [`number of "${text}"`, users]
  }
}

/** Whether so many accounts of one campaign used a word that it could find too many of them. */
function spreads(users: Feature, tallies: readonly Tally[]): boolean {
  const many = new Map<string, number>()
  for (const at of users.keys()) {
    const group = tallies[at]?.group ?? ''
    if (group !== 'benign') many.set(group, (many.get(group) ?? 0) + 1)
  }
  return Math.max(0, ...many.values()) >= foundMost * membersEach
}

function rates(sums: Feature, tallies: readonly Tally[]): Feature {
  return new Map([...sums].map(([at, sum]) => [at, sum / (tallies[at]?.requests ?? 1)]))
}

/** All but words. */
function counted(tallies: readonly Tally[]): Counts {
  const all = new Map<string, Map<number, number>>()
  const put = (name: string, at: number, value: number): void => {
    const users = all.get(name)
    if (users) users.set(at, value)
    else all.set(name, new Map([[at, value]]))
  }
  for (const [at, { requests, perDay, sums, sets }] of tallies.entries()) {
    put('requests', at, requests)
    put('requests on a day', at, Math.max(...perDay.values()))
    put('days', at, perDay.size)
    for (const [name, sum] of sums) put(name, at, sum / requests)
    for (const [name, values] of sets) put(`number of ${name}`, at, values.size)
  }
  return all
}
