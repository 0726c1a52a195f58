import { seeded } from '../core/random.ts'
import type { Random } from '../core/random.ts'
import { dateOf, day, lognormal } from './clock.ts'
import { agents } from './grammar/agents.ts'
import type { Draft, Source } from './source.ts'
import { questionOf, wholeTalks } from './talk.ts'
import { anyModel, newModel } from './world.ts'
import type { World } from './world.ts'

// What changes under a detector while nobody does anything wrong: a model appears and people move to
// it, a new version of popular clients comes out, and the customers of the last day are not the first's.

/** Share of the accounts that come during the log, beside those whom their class brings then. */
const newcomers = 0.12

/** One account's way through the changes. */
type Course = {
  /** When it moves to the new model, and to the new version of its client; Infinity where never. */
  readonly model: number
  readonly client: number
  readonly agent: string
  /** Share of its conversations that it has with some other model than its usual one. */
  readonly strays: number
}

/** The same source in a world that changes. */
export function drifting(world: World, source: Source): Source {
  const joins = joiningOf(world, source)
  const accounts = joins
    ? source.accounts.map((account) => ({ ...account, created: dateOf(joins) }))
    : source.accounts
  const [only] = accounts
  return {
    accounts,
    start: Math.max(source.start, joins ?? 0),
    open: () => changed(world, { [Symbol.iterator]: source.open }, joins, only),
  }
}

/** When a single honest customer that would have been there from the start comes instead; else null. */
function joiningOf(world: World, { accounts }: Source): number | null {
  const [account] = accounts
  if (!account || accounts.length > 1 || account.campaign !== null || account.org !== undefined)
    return null
  if (settled.has(account.cls)) return null
  const random = seeded(`${world.config.seed}/joins/${account.id}`)
  const { start, end } = world.span
  // More of them come the later it is, as for a provider that grows.
  return random.chance(newcomers)
    ? Math.floor(start + Math.sqrt(random.next()) * 0.85 * (end - start))
    : null
}

/** Classes whose accounts are opened together, or long ago, which is what they are there for. */
const settled: ReadonlySet<string> = new Set([
  'course',
  'hackathon',
  'enterprise',
  'launch',
  'mover',
  'returner',
  'team',
])

function* changed(
  world: World,
  drafts: Iterable<Draft>,
  joins: number | null,
  only: Draft['account'] | undefined,
): Generator<Draft> {
  const whole = joins === null ? null : wholeTalks()
  const courseFor = remembered((id) => courseOf(world, id))
  for (const draft of drafts) {
    if (joins !== null && (draft.at < joins || !whole?.(draft))) continue
    const course = courseFor(draft.account.id)
    const moved = moving(draft, course)
    yield joins !== null && only ? { ...moved, account: only } : moved
  }
}

/** Of a pool all are kept; nearly every source has one account, for which a table is too much. */
export function remembered<T>(make: (id: string) => T): (id: string) => T {
  let last = ''
  let kept: T | undefined
  let others: Map<string, T> | null = null
  return (id) => {
    if (kept !== undefined && id === last) return kept
    if (kept === undefined) [last, kept] = [id, make(id)]
    else {
      others ??= new Map([[last, kept]])
      ;[last, kept] = [id, others.get(id) ?? make(id)]
      others.set(id, kept)
    }
    return kept
  }
}

function courseOf(world: World, account: string): Course {
  const random = seeded(`${world.config.seed}/drift/${account}`)
  const { start, end } = world.span
  const launch = start + world.config.launchDay * day
  const release = start + (end - start) / 2
  return {
    model: random.chance(0.45) ? launch + lognormal(random, 3, 1) * day : Infinity,
    client: random.chance(0.5) ? release + lognormal(random, 2, 1) * day : Infinity,
    agent: upgradeOf(random),
    strays: random.chance(0.35) ? 0.6 * random.next() : 0,
  }
}

function upgradeOf(random: Random): string {
  return random.pick(['2.44.0', '2.44.0', '2.44.0', '2.44.1'])
}

function moving(draft: Draft, { model, client, agent, strays }: Course): Draft {
  const changes = strays > 0 || draft.at >= model || draft.at >= client
  if (!changes) return draft
  let { request, client: from } = draft
  // By the conversation's first question, so that all its turns go to one model.
  const whim = strays > 0 ? seeded(questionOf(draft)) : null
  if (whim?.chance(strays)) request = { ...request, model: anyModel(whim) }
  if (draft.at >= model && request.model.startsWith('heron-2') && request.model !== 'heron-2-mini')
    request = { ...request, model: newModel }
  if (draft.at >= client) {
    const coder = agents.find(({ userAgent }) => userAgent === from.userAgent)
    if (coder) {
      from = { ...from, userAgent: `${coder.name}/3.0.0` }
      const messages = request.messages.map((message) =>
        message.role === 'system'
          ? { ...message, content: `${coder.system} ${addendum}` }
          : message,
      )
      request = { ...request, messages }
    } else if (from.userAgent.startsWith('OpenAI/Python'))
      from = { ...from, userAgent: `OpenAI/Python ${agent}` }
  }
  return { ...draft, request, client: from }
}

/** What the new version of every agent was told besides. */
const addendum = 'When the user is away, go on with the next item of the plan.'
