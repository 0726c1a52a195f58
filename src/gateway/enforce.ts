import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type Action,
  decide,
  type Decision,
  spent,
  statement,
  type Subject,
} from '../policy/index.ts'
import type { CaseRecord, Standing } from '../record/index.ts'
import type { RefusalCode } from '../wire/refusal.ts'
import type { Route } from '../wire/route.ts'
import { withhold } from '../wire/withhold.ts'
import type { Enforcer } from './enforcer.ts'
import type { Caller } from './identity.ts'
import type { Metrics } from './metrics.ts'
import { type Unpacked, unpack } from './packed.ts'
import type { PolicyConfig } from './policy-config.ts'
import { tell } from './tell.ts'

/** A request that was received whole and is about to go upstream. */
export type Judged = {
  readonly route: Route
  readonly caller: Caller
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: Buffer | null
}

/** What it is judged by. */
export type Bench = {
  readonly enforcer: Enforcer
  readonly metrics: Pick<Metrics, 'decided' | 'caseOpened'>
  readonly now: () => Date
  readonly policy: PolicyConfig
  readonly version: string
  readonly bodyBytesMax: number
  readonly country: () => string | null
}

/** What becomes of it; one of them is called, once. */
export type Outcomes = {
  /** With the body that goes upstream, and which fields of it are not the client's. */
  readonly go: (sent: Buffer | null, rewritten: readonly string[]) => void
  readonly no: (code: RefusalCode, message: string, headers: readonly string[]) => void
  /** The client has left. */
  readonly left: () => void
}

/** Does what the policy says about a request of an account that is watched or flagged. */
export function enforce(
  bench: Bench,
  judged: Judged,
  standing: Standing,
  outcomes: Outcomes,
): void {
  const failed = (what: string, cause: unknown): void =>
    bench.enforcer.log('error', `The policy failed, and ${what}.`, {
      name: cause instanceof Error ? cause.name : 'unknown',
    })
  plan(bench, judged, standing, outcomes)
    .catch((cause: unknown) => {
      // A fault of ours must not cost a customer its answer.
      failed('the request passed', cause)
      return () => outcomes.go(judged.body, [])
    })
    // Who left meanwhile is told to nobody again: its connection has closed.
    .then((carryOut) => (judged.response.destroyed ? outcomes.left() : carryOut()))
    .catch((cause: unknown) => {
      failed('the connection was closed', cause)
      judged.response.destroy()
    })
}

/** Works out what is to be done, and gives back how. */
async function plan(
  bench: Bench,
  judged: Judged,
  standing: Standing,
  outcomes: Outcomes,
): Promise<() => void> {
  const { policy, enforcer } = bench
  const asItIs = (): void => outcomes.go(judged.body, [])
  const found = await judge(bench, judged, standing)
  if (found === null) return asItIs
  const { opened, action } = found
  const no = (code: RefusalCode, message: string) => (): void =>
    outcomes.no(code, `${message} ${caseWords(opened, policy)}`, caseHeaders(opened, policy))
  // A place that is taken after the connection closed would never be given back.
  if (judged.response.destroyed) return outcomes.left
  switch (action) {
    case 'observe':
    case 'mark':
      return asItIs
    case 'refuse':
      return no('account_refused', refusedWords)
    case 'challenge':
      return no('account_challenged', challengeWords(judged, policy))
    case 'slow':
    case 'withhold': {
      const place = enforcer.slow.enter(opened.account, policy.slow, bench.now().getTime())
      if (place === null) return no('account_slowed', slowWords)
      judged.response.on('close', place.leave)
      const made = action === 'slow' ? untouched(judged) : await withheld(bench, judged)
      // Its place is given back when the refusal has been sent.
      if (made === null) return no(...unreadable(judged))
      const go = (): void => outcomes.go(made.sent, made.rewritten)
      return () => later(judged.response, place.delayMs, outcomes.left, go)
    }
  }
}

/** A case, and what is to be done now: `observe` where nothing is enforced. */
export type Found = { readonly opened: CaseRecord; readonly action: Action }

async function judge(
  bench: Bench,
  { route, caller, request, body }: Judged,
  standing: Standing,
): Promise<Found | null> {
  const model = bench.policy.rules.some(({ when }) => when.models)
    ? await modelOf(body, request, bench.bodyBytesMax)
    : null
  return caseFor(bench, { route, caller, model }, standing)
}

/** A request as the policy sees it, whoever passes it on. */
export type Considered = Pick<Judged, 'route' | 'caller'> &
  Pick<Subject, 'model'> & { readonly able?: ReadonlySet<Action> }

/**
 * Decides, counts, and finds or opens the case, with what is to be done, which is `observe` where nothing is enforced; null
 * where the rules ask for nothing.
 */
export function caseFor(
  bench: Omit<Bench, 'bodyBytesMax'>,
  { route, caller, model, able }: Considered,
  standing: Standing,
): Found | null {
  const { enforcer, policy, metrics } = bench
  const killed = policy.kill_switch || enforcer.killed()
  const enforced = policy.enforce && !killed
  const account = enforcer.nameOf(caller.who.account)
  const nowMs = bench.now().getTime()
  const ruling = enforcer.rulings().about([account, caller.who.account], nowMs)
  const cases = enforcer.cases.of(account, enforced)
  const decision = decide(
    { ...policy, kill_switch: killed },
    {
      standing,
      tier: caller.tier,
      shared: caller.who.account === 'anonymous',
      route: route.path === '' ? 'other' : route.path,
      model,
      jurisdiction: policy.rules.some(({ when }) => when.jurisdictions) ? bench.country() : null,
      ruling,
      spent: spent(cases, standing, ruling, nowMs),
      passed: hasPassed(enforcer, account, caller, nowMs),
      ...(able === undefined ? {} : { able }),
    },
  )
  metrics.decided(decision.judged, decision.because === 'rule')
  if (decision.judged === 'observe' || decision.rule === null) return null
  const before = cases.find((each) => each.action === decision.judged)
  const { action } = decision
  if (before && Date.parse(before.expires) > nowMs) return { opened: before, action }
  const reviewer = ruling?.decision === 'uphold' ? ruling.reviewer : null
  const opened = open(bench, { account, caller, standing, decision, enforced, reviewer, nowMs })
  enforcer.cases.add(opened)
  metrics.caseOpened(decision.judged, enforced)
  tell(enforcer, policy, opened)
  return { opened, action }
}

function open(
  { policy, version }: Pick<Bench, 'policy' | 'version'>,
  found: {
    readonly account: string
    readonly caller: Caller
    readonly standing: Standing
    readonly decision: Decision
    readonly enforced: boolean
    readonly reviewer: string | null
    readonly nowMs: number
  },
): CaseRecord {
  const { account, caller, standing, decision, enforced, reviewer, nowMs } = found
  const rule = decision.rule ?? 0
  const hours = policy.rules[rule]?.expires_hours ?? 0
  const since = standing.since === null ? null : moment(standing.since * 1000)
  const { kind, families, verdict, bucket, case: campaign } = standing
  const action = decision.judged
  const expires = moment(nowMs + hours * 3_600_000)
  return {
    id: `S-${randomBytes(8).toString('hex')}`,
    opened: moment(nowMs),
    expires,
    account,
    tier: caller.tier,
    action,
    enforced,
    rule: rule + 1,
    config_version: version,
    verdict,
    kind,
    bucket,
    families,
    since,
    campaign,
    reviewer,
    statement: statement({ kind, families, since, expires, reviewer, action }),
  }
}

function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** A pass is the account's, or, of an account that many share, that of one address. */
export function passName(account: string, caller: Caller): string {
  return `${account} ${caller.who.ip ?? ''}`
}

function hasPassed(enforcer: Enforcer, account: string, caller: Caller, nowMs: number): boolean {
  const names = [account, passName(account, caller)]
  return names.some((name) => enforcer.passes.has(name, nowMs))
}

async function modelOf(
  body: Buffer | null,
  { rawHeaders }: IncomingMessage,
  bytesMax: number,
): Promise<{ readonly name: string } | 'unreadable' | null> {
  if (body === null || body.length === 0) return null
  const plain = await unpack(body, rawHeaders, bytesMax)
  try {
    const value = JSON.parse(plain?.bytes.toString('utf8') ?? '') as { model?: unknown } | null
    return typeof value?.model === 'string' ? { name: value.model } : 'unreadable'
  } catch {
    return 'unreadable'
  }
}

type Made = { readonly sent: Buffer | null; readonly rewritten: readonly string[] }

function untouched({ body }: Pick<Judged, 'body'>): Made {
  return { sent: body, rewritten: [] }
}

/** The request without what is withheld; null where it cannot be read, and so cannot be limited. */
async function withheld(bench: Bench, { body, route, request }: Judged): Promise<Made | null> {
  if (route.kind === 'other') return hasBody(request) ? null : untouched({ body })
  if (body === null || body.length === 0) return untouched({ body })
  const plain: Unpacked | null = await unpack(body, request.rawHeaders, bench.bodyBytesMax)
  // As latin1 every byte is a character, and stays what it was.
  const text = plain?.bytes.toString('latin1')
  const edited = text === undefined ? null : withhold(route.kind, text, bench.policy.withhold)
  if (plain === null || edited === null) return null
  if (edited.changed.length === 0) return untouched({ body })
  return { sent: await plain.pack(Buffer.from(edited.text, 'latin1')), rewritten: edited.changed }
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

export function unreadable({ route }: Pick<Judged, 'route'>): readonly [RefusalCode, string] {
  const limited = 'Requests of this account are limited, for model extraction is alleged'
  return route.kind === 'other'
    ? ['account_refused', `${limited}, which those on this path cannot be.`]
    : ['malformed_request', `${limited}, and the body of this one cannot be read.`]
}

/** Calls `then` after a while, or `left` where the client does not wait so long. */
function later(
  response: ServerResponse,
  delayMs: number,
  left: () => void,
  then: () => void,
): void {
  if (response.destroyed) return left()
  const leave = (): void => {
    clearTimeout(timer)
    left()
  }
  const timer = setTimeout(() => {
    response.off('close', leave)
    then()
  }, delayMs)
  response.on('close', leave)
}

export const refusedWords =
  'Requests of this account are not answered, for model extraction is alleged.'
export const slowWords =
  'Requests of this account are slowed, for model extraction is alleged: it has as many in progress as it may.'

export function challengeWords(
  { caller }: Pick<Judged, 'caller'>,
  { challenge }: PolicyConfig,
): string {
  const where = challenge.interactive_tiers.includes(caller.tier)
    ? `answer the challenge at ${challenge.url ?? '/stillwatch/challenge'}`
    : `verify the account again${challenge.url === undefined ? ' with your provider' : ` at ${challenge.url}`}`
  return `Before this is answered, ${where}, for model extraction is alleged.`
}

export function caseWords({ id, expires }: CaseRecord, policy: PolicyConfig): string {
  const url = reasonsUrl(id, policy)
  const reasons = url === null ? '' : ` Reasons, and how to object: ${url}`
  return `Case ${id}, until ${expires.slice(0, 16)}Z.${reasons}`
}

function caseHeaders({ id }: CaseRecord, policy: PolicyConfig): readonly string[] {
  const url = reasonsUrl(id, policy)
  return ['x-stillwatch-case', id, ...(url === null ? [] : ['x-stillwatch-reasons', url])]
}

/** Where the statement of reasons of a case stands; null where the operator named no place. */
export function reasonsUrl(id: string, { reasons_url: url }: PolicyConfig): string | null {
  return url === undefined ? null : url.replaceAll('{case}', encodeURIComponent(id))
}
