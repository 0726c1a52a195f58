import { constants } from 'node:buffer'
import { isIP } from 'node:net'
import type { Limited, Over, TierLimits, Visit } from '../access/budget.ts'
import { allows } from '../access/key-record.ts'
import { header } from '../wire/headers.ts'
import { type Peek, peek } from '../wire/peek.ts'
import { rateLimitHeaders } from '../wire/rate-limit.ts'
import type { RefusalCode } from '../wire/refusal.ts'
import type { Route } from '../wire/route.ts'
import type { Caller, Identity } from './identity.ts'
import type { Shared, Snapshot } from './server.ts'
import { bodyText, type Hold } from './tap.ts'

/** Why a caller may not ask this, or not now. */
export type Denial = {
  readonly is: 'denied'
  readonly code: RefusalCode
  readonly message: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly retryAfterSeconds?: number
}

/** A request that may go on, as far as can be told without its body. */
export type Entry = {
  readonly is: 'entered'
  readonly caller: Caller
  readonly limits: TierLimits
  /** Null where nothing is counted. */
  readonly visit: Visit | null
}

/** Counts a request in. */
export function enter(
  { budgets, now }: Shared,
  { config }: Snapshot,
  caller: Caller,
  made: { readonly route: Route; readonly method: string },
): Entry | Denial {
  const limits = config.tiers[caller.tier] ?? {}
  const denial = deniedRoute(caller, limits, made.route, made.method)
  if (denial !== null) return denial
  const entry = { is: 'entered', caller, limits } as const
  if (!isCounted(limits)) return { ...entry, visit: null }
  const visit = budgets.enter(subjectOf(caller.who), limits, performance.now())
  return 'is' in visit ? tooMuch(visit, made.route, now()) : { ...entry, visit }
}

/** Whose budget it is: an account's, whatever its keys; where nobody is named, an address's. */
function subjectOf({ account, ip = '' }: Identity): string {
  if (account !== 'anonymous') return `account ${account}`
  // One customer has a whole /64 of IPv6, at least (RFC 6177).
  return `address ${isIP(ip) === 6 ? prefix64(ip) : ip}`
}

function prefix64(ip: string): string {
  const [head = '', tail = ''] = (ip.split('%', 1)[0] ?? '').split('::')
  const [left, right] = [head, tail].map((each) => (each === '' ? [] : each.split(':')))
  if (!left || !right) return ip
  const zeros = ip.includes('::') ? 8 - left.length - right.length : 0
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return groups
    .slice(0, 4)
    .map((each) => Number.parseInt(each, 16).toString(16))
    .join(':')
}

function isCounted(limits: TierLimits): boolean {
  const { models: _, ...counted } = limits
  return Object.keys(counted).length > 0
}

/**
 * A route that is not understood may be another name of one that is, so whoever may ask only some
 * models may only read there.
 */
function deniedRoute(
  { models }: Caller,
  limits: TierLimits,
  { kind }: Route,
  method: string,
): Denial | null {
  if (kind !== 'other' || method === 'GET' || method === 'HEAD') return null
  if (models === null && limits.models === undefined) return null
  return denied('model_not_allowed', 'This key may not ask on this path.')
}

/** What the body said, of a request that may go on. */
export type Permit = { readonly is: 'permitted'; readonly expected: Peek['tokens'] }

const nothingExpected: Permit = { is: 'permitted', expected: { prompt: 0, output: 0 } }

/**
 * Tells `done` whether what the body asks is allowed, and takes what it may use from the budget; at once,
 * unless the body has to be unpacked.
 */
export function permit(
  entry: Entry,
  made: {
    readonly route: Route
    readonly raw: readonly string[]
    readonly body: Buffer
    readonly bytesMax: number
    readonly hold: Hold
    readonly now: () => Date
  },
  done: (permit: Permit | Denial) => void,
): void {
  const { route, raw, body } = made
  if (route.kind === 'models' || !readsBody(entry)) return done(nothingExpected)
  const judge = (text: string): void => done(judged(entry, route, text, made.now()))
  if (header(raw, 'content-encoding') === undefined) return judge(textOf(body))
  bodyText(body, raw, made.bytesMax, made.hold).then(judge, () => judge(''))
}

/** A body may be longer than any text can be (`body_bytes_max` goes to 1 GiB); then nothing is known of it. */
function textOf(body: Buffer): string {
  return body.length > constants.MAX_STRING_LENGTH ? '' : body.toString('utf8')
}

/** Most tiers of most deployments limit nothing that takes a look into the body. */
function readsBody({ caller, limits }: Entry): boolean {
  return (
    caller.models !== null ||
    limits.models !== undefined ||
    limits.tokens_per_minute_max !== undefined ||
    limits.tokens_per_day_max !== undefined ||
    limits.likelihood_requests_per_day_max !== undefined
  )
}

function judged(
  { caller, limits, visit }: Entry,
  route: Route,
  text: string,
  now: Date,
): Permit | Denial {
  const { models, likelihoods, tokens } = peek(route.kind, text)
  const denial = deniedModel(caller.models, models) ?? deniedModel(limits.models ?? null, models)
  if (denial !== null) return denial
  // Counting tokens costs none.
  const cost = route.kind === 'count' ? 0 : tokens.prompt + tokens.output
  const over = visit?.spend({ tokens: cost, likelihoods }, performance.now()) ?? null
  return over === null ? { is: 'permitted', expected: tokens } : tooMuch(over, route, now)
}

function deniedModel(allowed: readonly string[] | null, asked: readonly string[]): Denial | null {
  if (allowed === null || (asked.length > 0 && asked.every((each) => allows(allowed, each))))
    return null
  return denied('model_not_allowed', `This key may ask only these models: ${allowed.join(', ')}.`)
}

function denied(code: RefusalCode, message: string): Denial {
  return { is: 'denied', code, message, headers: [] }
}

type Told = {
  readonly code: RefusalCode
  readonly counts: 'requests' | 'tokens' | null
  readonly what: string
}

const told: Readonly<Record<Limited, Told>> = {
  requests: { code: 'rate_limit_exceeded', counts: 'requests', what: 'requests a minute' },
  tokens: { code: 'rate_limit_exceeded', counts: 'tokens', what: 'tokens a minute' },
  'tokens-day': { code: 'budget_exhausted', counts: 'tokens', what: 'tokens a day' },
  'likelihoods-day': {
    code: 'budget_exhausted',
    counts: null,
    what: 'requests for token likelihoods a day',
  },
  concurrency: { code: 'too_many_concurrent', counts: null, what: 'requests at a time' },
}

function tooMuch(over: Over, { dialect }: Route, now: Date): Denial {
  const { code, counts, what } = told[over.limit]
  const seconds = Math.max(1, Math.ceil(over.waitMs / 1000))
  return {
    is: 'denied',
    code,
    message: `This account may use ${over.max} ${what}. Try again in ${seconds} s.`,
    headers: counts === null ? [] : rateLimitHeaders(dialect, { ...over, counts }, now),
    retryAfterSeconds: seconds,
  }
}
