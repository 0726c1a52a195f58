import type { Action } from '../policy/index.ts'
import type { CaseRecord } from '../record/index.ts'
import { refusals, type RefusalCode } from '../wire/refusal.ts'
import { type Route, routeOf } from '../wire/route.ts'
import { withhold } from '../wire/withhold.ts'
import {
  type Bench,
  caseFor,
  caseWords,
  challengeWords,
  type Considered,
  type Found,
  reasonsUrl,
  refusedWords,
  slowWords,
  unreadable,
} from './enforce.ts'
import type { Caller, Tier } from './identity.ts'
import type { PolicyConfig } from './policy-config.ts'
import type { Shared } from './server.ts'

/** A request that another gateway is about to pass on. */
export type Question = {
  readonly caller: Caller
  readonly route: Route
  readonly model: Considered['model']
  /** Two letters; null where nobody says. */
  readonly country: string | null
  /** The body for the model, as JSON; null where whoever asks has none, or cannot change it. */
  readonly request: string | null
  /** What whoever asks can carry out. */
  readonly able: ReadonlySet<Action>
}

/** What is to be done about it. Never the score, nor by what evidence. */
export type Advice = {
  readonly action: Action
  /** What it would be if the policy were enforced. */
  readonly judged: Action
  readonly enforced: boolean
  readonly case?: string
  readonly expires?: string
  readonly reasons_url?: string
  /** With an answer in place of the model's: its HTTP status, code and words for the caller. */
  readonly status?: number
  readonly code?: RefusalCode
  readonly message?: string
  readonly retry_after?: number
  /** How long the request should wait before it goes on. */
  readonly delay_ms?: number
  /** Fields that are to be other than the client sent them, and the body with that done. */
  readonly fields?: readonly string[]
  readonly request?: string
}

/** Advice, and what to call when the request has waited. */
export type Advised = { readonly advice: Advice; readonly leave: () => void }

const clear: Advised = {
  advice: { action: 'observe', judged: 'observe', enforced: false },
  leave: () => undefined,
}

/** Answers a question by the standings, the policy and the cases of the gateway. Waits for nothing. */
export function advise(shared: Shared, question: Question): Advised {
  const { caller, country, request } = question
  const standing = shared.standing(caller.who.account)
  if (standing === null || standing.verdict === 'clear') return clear
  const { config, version } = shared.snapshot()
  const { policy } = config
  // What is withheld is withheld from a body: without one it cannot be.
  const able =
    request === null
      ? new Set([...question.able].filter((action) => action !== 'withhold'))
      : question.able
  const bench = { ...shared, policy, version, country: () => country }
  const found = caseFor(bench, { ...question, able }, standing)
  return found === null ? clear : carryOut(bench, question, found)
}

type Opened = Pick<Bench, 'enforcer' | 'policy' | 'now'>

function carryOut(bench: Opened, question: Question, { opened, action }: Found): Advised {
  const { policy, enforcer } = bench
  const { caller, route } = question
  // A case is written nowhere else, so its action is the record's own word.
  const about = aboutCase(opened, opened.action as Action, policy)
  const no = (done: Action, code: RefusalCode, words: string): Advised => ({
    advice: { ...about, action: done, ...denial(code, `${words} ${caseWords(opened, policy)}`) },
    leave: () => undefined,
  })
  switch (action) {
    case 'observe':
    case 'mark':
      return { ...clear, advice: { ...about, action: 'observe' } }
    case 'refuse':
      return no('refuse', 'account_refused', refusedWords)
    case 'challenge':
      return no('challenge', 'account_challenged', challengeWords({ caller }, policy))
    case 'slow':
    case 'withhold': {
      const place = enforcer.slow.enter(opened.account, policy.slow, bench.now().getTime())
      if (place === null) return no(action, 'account_slowed', slowWords)
      const made = action === 'slow' ? {} : withheld(question, policy)
      if (made === null) {
        place.leave()
        return no('refuse', ...unreadable({ route }))
      }
      const advice = { ...about, action, delay_ms: place.delayMs, ...made }
      return { advice, leave: place.leave }
    }
  }
}

function aboutCase(
  { id, expires, enforced }: CaseRecord,
  judged: Action,
  policy: PolicyConfig,
): Omit<Advice, 'action'> {
  const url = reasonsUrl(id, policy)
  return { judged, enforced, case: id, expires, ...(url === null ? {} : { reasons_url: url }) }
}

function denial(code: RefusalCode, message: string): Partial<Advice> {
  const { status, retryAfterSeconds } = refusals[code]
  const wait = retryAfterSeconds === undefined ? {} : { retry_after: retryAfterSeconds }
  return { status, code, message, ...wait }
}

function withheld(
  { route, request }: Question,
  policy: PolicyConfig,
): Pick<Advice, 'fields' | 'request'> | null {
  if (request === null || route.kind === 'other') return null
  const edited = withhold(route.kind, request, policy.withhold)
  if (edited === null) return null
  return edited.changed.length === 0
    ? { fields: [] }
    : { fields: edited.changed, request: edited.text }
}

/** What another gateway says of who asks; it vouches for every word. */
export type Named = {
  readonly account: string
  readonly tier?: Tier
  readonly key?: string
  readonly org?: string
  readonly ip?: string
}

export function callerNamed({ account, tier, ...rest }: Named): Caller {
  return {
    who: { account, ...rest },
    tier: tier ?? (account === 'anonymous' ? 'anonymous' : 'paid'),
    models: null,
    vouched: true,
  }
}

/** The route of a path, whatever a lenient API would take for it; one that is none has no body that is understood. */
export function routeNamed(path: string): Route {
  return routeOf('POST', path, false).route
}

/** The model a body names. One that cannot be told may be any: else whoever hides it would go free. */
export function modelNamed(
  model: string | undefined,
  request: { readonly model?: unknown } | null,
  route: Route,
): Considered['model'] {
  if (model !== undefined && model !== '') return { name: model }
  const named = request?.model
  if (typeof named === 'string' && named !== '') return { name: named }
  return route.kind === 'other' && request === null ? null : 'unreadable'
}

/** What can be done about a request by letting it wait or not answering it. */
export const holdOrRefuse: ReadonlySet<Action> = new Set<Action>(['slow', 'challenge', 'refuse'])
