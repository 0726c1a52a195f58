import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { header } from '../wire/headers.ts'
import type { Adapter, Told } from './adapters/adapter.ts'
import { litellm, readLitellm } from './adapters/litellm.ts'
import { nginx } from './adapters/nginx.ts'
import { plain } from './adapters/plain.ts'
import { portkey } from './adapters/portkey.ts'
import { sameToken } from './admin.ts'
import { bodyBounds, readBody } from './body.ts'
import type { DecideConfig } from './config.ts'
import { consult, mayDecide } from './consult.ts'
import { type Admission, onceKnown } from './identity.ts'
import type { Shared } from './server.ts'
import { keepShipped, type ReadShipped, readNative, valuesIn } from './shipped.ts'

/** What is asked here, by method and path. */
export const asked: Readonly<Record<string, Adapter>> = {
  'POST /v1/decide': plain,
  'GET /v1/decide/auth': nginx,
  'POST /v1/decide/auth': nginx,
  'POST /v1/decide/portkey': portkey,
  // The path is LiteLLM's: docs.litellm.ai, “Generic Guardrail API”.
  'POST /beta/litellm_basic_guardrail_api': litellm,
}

/** What is shipped here. */
export const shipped: Readonly<Record<string, ReadShipped>> = {
  'POST /v1/exchanges': readNative,
  'POST /v1/exchanges/litellm': readLitellm,
}

/**
 * Answers gateways that pass requests on themselves: what to do about one, and where to put what came of it. On a port of
 * its own, for who may ask here may name any account.
 */
export function makeDecideServer(shared: Shared, { token }: DecideConfig): Server {
  const server = createServer({ connectionsCheckingInterval: 1000 }, (request, response) => {
    response.on('error', () => undefined)
    if (!mayAsk(request.rawHeaders, token)) {
      response.setHeader('www-authenticate', 'Bearer')
      return tell(request, response, wrong(401, 'The token of decide.token is needed.'))
    }
    if (shared.draining()) return tell(request, response, wrong(503, 'This is shutting down.'))
    const [path = ''] = (request.url ?? '').split('?', 1)
    const place = `${request.method} ${path}`
    const [adapter, read] = [own(asked, place), own(shipped, place)]
    if (adapter)
      return receive(shared, request, response, (b) =>
        decide(shared, adapter, b, request, response),
      )
    if (read)
      return receive(shared, request, response, (b) => keep(shared, read, b, request, response))
    const places = [...Object.keys(asked), ...Object.keys(shipped)].join(', ')
    tell(request, response, wrong(404, `There are ${places}.`))
  })
  const { limits } = shared.snapshot().config
  server.headersTimeout = limits.request_seconds_max * 1000
  server.requestTimeout = limits.request_seconds_max * 1000
  server.keepAliveTimeout = limits.idle_seconds_max * 1000
  server.maxConnections = limits.connections_max
  return server
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** By whichever header the other gateway can set: `Authorization` and `x-api-key` may be those of its own client. */
export function mayAsk(raw: readonly string[], token: string): boolean {
  const bearer = /^bearer\s+(\S+)$/i.exec(header(raw, 'authorization') ?? '')?.[1]
  const given = [header(raw, 'x-stillwatch-token'), header(raw, 'x-api-key'), bearer]
  return given.some((each) => each !== undefined && sameToken(each, token))
}

function receive(
  shared: Shared,
  request: IncomingMessage,
  response: ServerResponse,
  then: (body: Buffer) => void,
): void {
  const { limits } = shared.snapshot().config
  readBody(request, bodyBounds(shared.budget, limits), (body) => {
    switch (body.is) {
      case 'whole':
        guarded(shared, request, response, () => then(body.bytes))
        return shared.budget.give(body.bytes.length)
      case 'too-large':
        return tell(request, response, wrong(413, `More than ${limits.body_bytes_max} bytes.`))
      case 'no-room':
        return tell(request, response, wrong(503, 'There is no room for this body now.'))
      case 'late':
        return tell(request, response, wrong(408, 'The body did not arrive in time.'))
      case 'left':
    }
  })
}

/** A fault of ours must not end the gateway; whoever asks decides what it means to get no answer. */
function guarded(
  { log }: Shared,
  request: IncomingMessage,
  response: ServerResponse,
  work: () => void,
): void {
  try {
    work()
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'unknown'
    log('error', 'A question of another gateway could not be answered.', { name })
    tell(request, response, wrong(500, 'This could not be answered.'))
  }
}

function decide(
  shared: Shared,
  adapter: Adapter,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (!mayDecide(shared))
    return tell(request, response, wrong(503, 'Detection is behind, and on_engine_loss is refuse.'))
  const peer = { address: request.socket.remoteAddress, certificate: null }
  const answer = (admission: Admission): void => {
    const given = {
      raw: request.rawHeaders,
      url: request.url ?? '',
      body: parsed(body),
      identify: () => admission,
    }
    const leave = consult(shared, adapter, given, (told) => tell(request, response, told))
    response.on('close', leave)
  }
  // Perhaps later, when nobody stands around this any more.
  onceKnown(shared.snapshot().identify(request.rawHeaders, peer), (admission) => {
    if (!response.destroyed) guarded(shared, request, response, () => answer(admission))
  })
}

function keep(
  shared: Shared,
  read: ReadShipped,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (shared.queue === null)
    return tell(request, response, wrong(503, 'Nothing is detected or recorded here.'))
  const values = valuesIn(body.toString('utf8'))
  if (values === null)
    return tell(
      request,
      response,
      wrong(400, 'Send JSON: a record, a list of them, or one a line.'),
    )
  const result = keepShipped(shared, values, read)
  const headers = result.no_room > 0 ? { 'retry-after': '1' } : {}
  tell(request, response, { status: shippedStatus(result), headers, body: result })
}

/** A part that was kept is not to be sent again. */
function shippedStatus({ kept, refused, no_room }: ReturnType<typeof keepShipped>): number {
  if (kept > 0 || refused + no_room === 0) return 200
  return no_room > 0 ? 503 : 400
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}

function wrong(status: number, error: string): Told {
  return { status, body: { error } }
}

function tell(request: IncomingMessage, response: ServerResponse, told: Told): void {
  if (response.headersSent || response.destroyed) return
  const close = request.complete ? {} : { connection: 'close' }
  const headers = { 'cache-control': 'no-store', ...close, ...told.headers }
  if (told.body === undefined) {
    response.writeHead(told.status, headers)
    return void response.end()
  }
  response.writeHead(told.status, { 'content-type': 'application/json', ...headers })
  response.end(`${JSON.stringify(told.body)}\n`)
}
