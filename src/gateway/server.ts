import { randomUUID } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Budgets } from '../access/budget.ts'
import type { Standing } from '../record/index.ts'
import type { UpstreamKey } from '../wire/credential.ts'
import { header, isAmbiguous } from '../wire/headers.ts'
import { type RefusalCode, refusals, refuse, type Refused } from '../wire/refusal.ts'
import { isRecorded, routeOf, type Route } from '../wire/route.ts'
import type { Accepted } from './accepted.ts'
import { bodyBounds, type ByteBudget, declaredBytes, readBody } from './body.ts'
import { answerChallenge, isChallenge } from './challenge-route.ts'
import type { Config, Limits } from './config.ts'
import { enforce, type Outcomes } from './enforce.ts'
import type { Enforcer } from './enforcer.ts'
import { type Admission, type Caller, type Identify, onceKnown } from './identity.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { type End, pass } from './pass.ts'
import { type Denial, enter, type Entry, permit, type Permit } from './permit.ts'
import type { RecordQueue } from './queue.ts'
import { answerHold, recorder } from './recorder.ts'
import { heardOnce, settle } from './settle.ts'
import { peerOf, tlsOptions } from './tls.ts'
import { type Upstream, upstreamFor } from './upstream.ts'

/** Everything a request is judged by, swapped as one when the settings change. */
export type Snapshot = {
  readonly config: Config
  readonly version: string
  readonly upstreams: readonly Upstream[]
  readonly identify: Identify
  /** Where a trusted proxy says that a caller is; two letters. */
  readonly countryOf: (raw: readonly string[], peer: string | undefined) => string | null
}

/** What the requests of one server share. */
export type Shared = {
  readonly snapshot: () => Snapshot
  readonly metrics: Metrics
  readonly budget: ByteBudget
  readonly accepted: Accepted
  readonly budgets: Budgets
  /** Where records go; null where nobody takes any. */
  readonly queue: RecordQueue | null
  /** How an account stands now; null for one that is clear. */
  readonly standing: (account: string) => Standing | null
  /** Whether verdicts are as fresh as the settings want them; true where there is no detection. */
  readonly detects: () => boolean
  readonly enforcer: Enforcer
  readonly now: () => Date
  readonly draining: () => boolean
  readonly progress: { inProgress: number }
  readonly log: Log
}

type Arrived = {
  readonly id: string
  readonly route: Route
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** When its headers were read; of `performance.now()` and of the clock. */
  readonly started: number
  readonly time: Date
}

type Known = Arrived & { readonly caller: Caller }
type Asked = Known & { readonly entry: Entry }

/** An HTTP server that passes requests on. It does not listen yet: several may share a port. */
export function makeServer(shared: Shared): Server {
  const { limits, listen } = shared.snapshot().config
  const options = {
    maxHeaderSize: limits.header_bytes_max,
    // How often Node looks for requests that take too long.
    connectionsCheckingInterval: 1000,
    requireHostHeader: true,
  }
  const { tls } = listen
  const server: Server = tls
    ? createTlsServer({ ...options, ...tlsOptions(tls) })
    : createServer(options)
  // Bounded by their bytes; by number Node would leave the rest out without a word.
  server.maxHeadersCount = 0
  applyLimits(server, limits)
  const owed: Owed = new WeakMap()
  const handle: RequestListener = (request, response) => {
    // What follows a request that was not understood may be its body.
    if (closing.has(request.socket)) return
    owe(owed, request, response)
    serve(shared, request, response)
  }
  server.on('request', handle)
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (declaredBytes(request) <= shared.snapshot().config.limits.body_bytes_max)
      response.writeContinue()
    handle(request, response)
  })
  server.on('connect', (_, socket) =>
    answerBroken(shared, new Error('a tunnel was asked for'), socket, owed),
  )
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) =>
    answerBroken(shared, error, socket, owed),
  )
  return server
}

/** Limits that a running server takes over; the size of headers it does not. */
export function applyLimits(server: Server, limits: Limits): void {
  // Bodies have their own time, in `receive` and in `pass`: Node would cut a file short that takes longer.
  server.requestTimeout = 0
  server.headersTimeout = limits.request_seconds_max * 1000
  server.keepAliveTimeout = limits.idle_seconds_max * 1000
  server.maxConnections = limits.connections_max
}

function serve(shared: Shared, request: IncomingMessage, response: ServerResponse): void {
  const { method = 'GET', url = '/', rawHeaders } = request
  const snapshot = shared.snapshot()
  const anthropic = header(rawHeaders, 'anthropic-version') !== undefined
  const routing = routeOf(method, url, anthropic)
  const started = performance.now()
  const arrived = {
    id: newId(),
    route: routing.route,
    request,
    response,
    started,
    time: shared.now(),
  }
  shared.progress.inProgress += 1
  response.on('close', () => (shared.progress.inProgress -= 1))
  response.on('error', () => undefined)
  const no = (code: RefusalCode, message: string): void => answer(shared, arrived, code, message)
  if (isAmbiguous(request.httpVersion, rawHeaders)) return no('malformed_request', unreadable)
  if (routing.is === 'malformed')
    return no('malformed_request', 'The path of the request is not one that can be sent on.')
  if (routing.is === 'wrong-method') {
    response.setHeader('allow', routing.allowed)
    return no('method_not_allowed', `${routing.route.path} takes ${routing.allowed}.`)
  }
  if (shared.draining()) return no('draining', 'This gateway is shutting down.')
  const { config } = snapshot
  const known = (go: (caller: Caller) => void): void => identified(shared, snapshot, arrived, go)
  if (config.policy.enforce && isChallenge(url))
    return known((caller) => challenged(shared, snapshot, { ...arrived, caller }))
  if (routing.route.kind === 'other' && config.routes.unknown === 'refuse')
    return no('route_unknown', `This gateway does not know ${method} on this path.`)
  if (config.on_engine_loss === 'refuse' && !canRecord(shared, routing.route, method))
    return no('records_unavailable', noRecords)
  const upstream = upstreamFor(snapshot.upstreams, routing.route.dialect)
  if (!upstream)
    return no(
      'route_unknown',
      `No API behind this gateway speaks the ${routing.route.dialect} dialect.`,
    )
  known((caller) => admit(shared, snapshot, { ...arrived, caller }, upstream))
}

/** Goes on with who asks, at once unless that has to be looked up; whoever may not is told so. */
function identified(
  shared: Shared,
  { identify, config }: Snapshot,
  arrived: Arrived,
  go: (caller: Caller) => void,
): void {
  const { request, response, id } = arrived
  const hear = (admission: Admission): void => {
    if (response.destroyed) return
    if (admission.is === 'caller') return go(admission.caller)
    const { code, message, reason, key = '' } = admission
    shared.log('info', 'A key was refused.', { id, reason, key })
    answer(shared, arrived, code, message)
  }
  // Called before anything is waited for: a closed connection no longer tells its address.
  onceKnown(identify(request.rawHeaders, peerOf(request.socket, config.listen.tls)), hear)
}

/** Lets in who is known, as far as there is a budget for it. */
function admit(shared: Shared, snapshot: Snapshot, known: Known, upstream: Upstream): void {
  const { request, response, route, caller } = known
  const entry = enter(shared, snapshot, caller, { route, method: request.method ?? 'GET' })
  if (entry.is === 'denied') return answer(shared, known, entry.code, entry.message, entry)
  response.on('close', () => entry.visit?.leave(performance.now()))
  receive(shared, snapshot, { ...known, entry }, upstream)
}

const noRecords = 'This gateway cannot keep its records and was told to refuse.'

function canRecord({ queue, detects }: Shared, route: Route, method: string): boolean {
  return !isRecorded(route.kind, method) || (queue?.state().healthy === true && detects())
}

/** Reads the body of a known route; that of another goes on as it comes, for it may be a file of any size. */
function receive(shared: Shared, snapshot: Snapshot, asked: Asked, upstream: Upstream): void {
  const { request, route } = asked
  if (route.kind === 'other')
    return judge(shared, snapshot, asked, upstream, { body: null, expected: unread })
  const { limits } = snapshot.config
  const no = (code: RefusalCode, message: string): void => answer(shared, asked, code, message)
  readBody(request, bodyBounds(shared.budget, limits), (body) => {
    switch (body.is) {
      case 'whole':
        return check(shared, snapshot, asked, upstream, body.bytes)
      case 'too-large':
        return no('body_too_large', `The body is larger than ${limits.body_bytes_max} bytes.`)
      case 'no-room':
        return no('overloaded', 'This gateway holds as many requests as it may.')
      case 'late':
        return no('request_timeout', late)
      case 'left':
    }
  })
}

/** Asks what can be told only from the body. */
function check(
  shared: Shared,
  snapshot: Snapshot,
  asked: Asked,
  upstream: Upstream,
  body: Buffer,
): void {
  const { entry, route, request, response } = asked
  const { limits } = snapshot.config
  const bytesMax = limits.body_bytes_max
  const hold = answerHold(shared.budget, limits)
  const made = { route, raw: request.rawHeaders, body, bytesMax, hold, now: shared.now }
  permit(entry, made, (permitted) => {
    if (permitted.is === 'permitted' && !response.destroyed)
      return judge(shared, snapshot, asked, upstream, { body, expected: permitted.expected })
    if (permitted.is !== 'denied') return shared.budget.give(body.length)
    answer(shared, asked, permitted.code, permitted.message, permitted)
    recordRefusal(shared, snapshot, asked, body, permitted.code)
  })
}

/** What a body that nobody reads is expected to use. */
const unread: Permit['expected'] = { prompt: 0, output: 0 }

type Arrival = { readonly body: Buffer | null; readonly expected: Permit['expected'] }

/** Lets the policy have its say. Who is clear goes on at once. */
function judge(
  shared: Shared,
  snapshot: Snapshot,
  asked: Asked,
  upstream: Upstream,
  { body, expected }: Arrival,
): void {
  const { policy, limits } = snapshot.config
  const { request } = asked
  const on = (sent: Buffer | null, rewritten: readonly string[]): void =>
    forward(shared, snapshot, { ...asked, rewritten }, upstream, { body, sent, expected })
  const standing = shared.standing(asked.caller.who.account)
  if (standing === null || standing.verdict === 'clear') return on(body, [])
  const drop = (): void => {
    if (body !== null) shared.budget.give(body.length)
  }
  const bench = {
    ...shared,
    policy,
    version: snapshot.version,
    bodyBytesMax: limits.body_bytes_max,
    country: () => snapshot.countryOf(request.rawHeaders, request.socket.remoteAddress),
  }
  const no: Outcomes['no'] = (code, message, headers) => {
    answer(shared, asked, code, message, { headers })
    recordRefusal(shared, snapshot, asked, body, code)
  }
  enforce(bench, { ...asked, body }, standing, { go: on, no, left: drop })
}

/** What is refused is recorded as well: a pool sends it again from its next account, which detection looks for. */
function recordRefusal(
  shared: Shared,
  snapshot: Snapshot,
  asked: Asked,
  body: Buffer | null,
  code: RefusalCode,
): void {
  const give = (): void => shared.budget.give(body?.length ?? 0)
  const record = recorder(shared, snapshot, { ...asked, rewritten: [] }, body)
  if (record === null || record === 'no-room') return give()
  const { status } = refusals[code]
  const isAccount = shared.accepted.isAccount(asked.caller, status)
  const end: End = {
    outcome: 'refused',
    status,
    firstAt: null,
    tap: null,
    answerBytes: 0,
    fault: code,
  }
  void record(end, Math.round(performance.now() - asked.started), isAccount).finally(give)
}

function challenged(
  { enforcer, now }: Shared,
  { config }: Snapshot,
  { caller, request, response }: Known,
): void {
  const passMinutes = config.policy.challenge.pass_minutes
  const nowMs = now().getTime()
  answerChallenge({ enforcer, caller, passMinutes, nowMs, request, response })
}

/** Sends a request on; `body` is what came and is recorded, `sent` what goes upstream. */
function forward(
  shared: Shared,
  snapshot: Snapshot,
  asked: Asked & { readonly rewritten: readonly string[] },
  upstream: Upstream,
  { body, sent, expected }: Arrival & { readonly sent: Buffer | null },
): void {
  const { limits } = snapshot.config
  const { route, started } = asked
  const give = (): void => shared.budget.give(body?.length ?? 0)
  const record = recorder(shared, snapshot, asked, body)
  if (record === 'no-room') {
    give()
    return answer(shared, asked, 'records_unavailable', noRecords)
  }
  const { visit } = asked.entry
  visit?.carry()
  // Named one by one: spreading a record costs more than the rest of this function.
  pass({
    id: asked.id,
    route,
    request: asked.request,
    response: asked.response,
    body: sent,
    upstream,
    key: keyFor(snapshot.config, upstream),
    limits,
    hold: record === null && visit === null ? null : answerHold(shared.budget, limits),
    draining: shared.draining,
    refuse: (code, message) => answer(shared, asked, code, message),
    ended: (ending) => {
      const end = heardOnce(ending)
      const endedAt = performance.now()
      shared.metrics.exchange(route.path, end.status, end.outcome, {
        first: end.firstAt === null ? null : (end.firstAt - started) / 1000,
        whole: (endedAt - started) / 1000,
      })
      shared.log('debug', 'exchange', {
        id: asked.id,
        route: route.path,
        status: end.status,
        outcome: end.outcome,
        ...(end.fault === null ? {} : { fault: end.fault }),
      })
      const isAccount = shared.accepted.isAccount(asked.caller, end.status)
      settle(visit, end, expected, isAccount).catch(() => visit?.settle(0, performance.now()))
      if (!isAccount) shared.metrics.unproven()
      // The record is made of the body, which counts as held until then.
      if (record === null) give()
      else void record(end, Math.round(endedAt - started), isAccount).finally(give)
    },
  })
}

/** What an upstream is sent in place of the caller's key; null where that goes on. */
function keyFor({ keys }: Config, { config }: Upstream): UpstreamKey | null {
  return keys.mode === 'virtual' ? { key: config.key ?? null, dialect: config.dialect } : null
}

/** Answers in the gateway's own name, in the caller's dialect. */
function answer(
  shared: Shared,
  asked: Arrived,
  code: RefusalCode,
  message: string,
  more: Partial<Pick<Denial, 'headers' | 'retryAfterSeconds'>> = {},
): void {
  const { request, response, route, id } = asked
  shared.metrics.refused(code)
  shared.log('debug', 'refusal', { id, code, route: route.path })
  if (response.headersSent || response.destroyed) return
  const { headers: told = [], ...wait } = more
  const refused = refuse(code, message, { dialect: route.dialect, id, ...wait })
  const headers = [...refused.headers, ...told]
  const allow = response.getHeader('allow')
  response.removeHeader('allow')
  if (typeof allow === 'string') headers.push('allow', allow)
  // A body that will not be read to its end would be taken for the next request.
  const unsure = !request.complete || code === 'malformed_request'
  if (unsure || shared.draining()) {
    headers.push('connection', 'close')
    closing.add(request.socket)
  }
  response.writeHead(refused.status, headers)
  response.end(request.method === 'HEAD' ? undefined : refused.body)
  if (!request.complete) closeAfterwards(request, response)
}

/** Connections that end with an answer: Node would still read requests that have arrived behind it, and have them sent on. */
const closing = new WeakSet<Duplex>()

/** How long a client that is still sending may go on, so that it can read why it was refused. */
const lingerMs = 1000

/** Closed at once, a connection on which a client still sends is reset, and the answer with it is lost. */
function closeAfterwards(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  response.on('finish', () => {
    const timer = setTimeout(() => request.socket.destroy(), lingerMs)
    request.socket.on('close', () => clearTimeout(timer))
  })
}

const unreadable = 'The request is not HTTP as this gateway accepts it.'
const late = 'The request did not arrive in time.'

const brokenBy: Readonly<Record<string, readonly [RefusalCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', late],
}

/** Requests of a connection whose answers are not over, in their order. */
type Owed = WeakMap<
  Duplex,
  Set<{ readonly request: IncomingMessage; readonly response: ServerResponse }>
>

function owe(owed: Owed, request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  const all = owed.get(socket) ?? new Set()
  const one = { request, response }
  if (!owed.has(socket)) socket.on('close', () => setImmediate(() => closeRest(all)))
  owed.set(socket, all.add(one))
  response.on('close', () => all.delete(one))
}

/** Node tells the end of a connection to the answer whose turn it was, and to none that waited behind it. */
function closeRest(all: ReadonlySet<{ readonly response: ServerResponse }>): void {
  for (const { response } of all) {
    response.destroy()
    response.emit('close')
  }
}

/**
 * What no request could be made of is answered all the same, in its turn: a client may have sent it right behind
 * others, and would take the refusal for the answer to the first of them (RFC 9112, section 9.3.2).
 */
function answerBroken(
  shared: Shared,
  error: NodeJS.ErrnoException,
  socket: Duplex,
  owed: Owed,
): void {
  // A handshake that failed: what would be written now is no TLS.
  if (/^ERR_(SSL|TLS)_/.test(error.code ?? '')) return void socket.destroy()
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const before = [...(owed.get(socket) ?? [])]
  // One that has not arrived whole is the one that broke.
  const broken = before.at(-1)?.request.complete === false ? before.pop() : undefined
  const last = before.at(-1)
  if (last) {
    if (!refusedAfter.has(last.response))
      last.response.on('close', () => answerBroken(shared, error, socket, owed))
    refusedAfter.add(last.response)
    return
  }
  if (broken?.response.headersSent === true) return void socket.destroy()
  const [code, message] = brokenBy[error.code ?? ''] ?? ['malformed_request', unreadable]
  const id = newId()
  shared.metrics.refused(code)
  shared.log('debug', 'refusal', { id, code, route: '' })
  socket.end(rawAnswer(refuse(code, message, { dialect: 'openai', id })))
  setTimeout(() => socket.destroy(), lingerMs).unref()
}

/** Answers behind which a refusal waits already: what follows a fault is no request either. */
const refusedAfter = new WeakSet<ServerResponse>()

function rawAnswer({ status, headers, body }: Refused): string {
  const lines = headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1]}`] : []))
  return [`HTTP/1.1 ${status} `, ...lines, 'connection: close', '', body].join('\r\n')
}

/** The gateway's own name for an exchange: in its log, its errors and the record. */
function newId(): string {
  return `sw_${randomUUID().replaceAll('-', '')}`
}
