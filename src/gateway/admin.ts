import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answerKeys } from './admin-keys.ts'
import { smallBody } from './body.ts'
import type { KeyStore } from './key-store.ts'
import { isPolicyPath, type Told } from './policy-admin.ts'

/** What the admin port tells. */
export type AdminView = {
  /** Whether requests would be served now, and if not, why. */
  readonly ready: () => { readonly ready: boolean; readonly reason: string }
  readonly health: () => Readonly<Record<string, unknown>>
  /** Accounts that are not clear. */
  readonly standings: () => readonly object[]
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>
  /** Answers under /cases and /policy. */
  readonly policy: (method: string, path: string, body: string) => Told
  readonly token: string | null
  readonly keys: KeyStore
}

/** Health for anyone who reaches it, figures for who has the token. It listens on the loopback address only. */
export function makeAdmin(view: AdminView): Server {
  const server = createServer({ connectionsCheckingInterval: 1000 }, (request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1)
    if (path === '/keys' || path.startsWith('/keys/')) {
      if (!mayEnter(view, request.headers.authorization, response)) return
      return void answerKeys(view.keys, request, path, (status, body) =>
        tell(response, status, body),
      )
    }
    if (isPolicyPath(path))
      return void policy(view, path, request, response).catch(() => response.destroy())
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return tell(response, 405, { error: 'Only GET is answered here.' })
    switch (path) {
      case '/health/liveness':
      case '/health/liveliness':
        return tell(response, 200, { status: 'alive' })
      case '/health/readiness': {
        const { ready, reason } = view.ready()
        return tell(response, ready ? 200 : 503, ready ? { status: 'ready' } : { status: reason })
      }
      case '/health':
        return tell(response, 200, view.health())
      case '/metrics':
        return void metrics(view, request.headers.authorization, response)
      case '/standings':
        if (mayEnter(view, request.headers.authorization, response))
          tell(response, 200, { accounts: view.standings() })
        return
      default:
        return tell(response, 404, {
          error:
            'There are /health, /health/liveness, /health/readiness, /metrics, /standings, /keys, /cases and /policy.',
        })
    }
  })
  server.requestTimeout = 10_000
  server.maxConnections = 100
  return server
}

/** More than anything that is understood here. */
const bodyBytesMax = 4096

async function policy(
  view: AdminView,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!mayEnter(view, request.headers.authorization, response)) return
  const body = await smallBody(request, bodyBytesMax)
  if (body === null) {
    response.setHeader('connection', 'close')
    return tell(response, 413, { error: 'The body is too large.' })
  }
  const told = view.policy(request.method ?? 'GET', path, body)
  tell(response, told.status, told.body)
}

async function metrics(
  view: AdminView,
  authorization: string | undefined,
  response: ServerResponse,
): Promise<void> {
  if (!mayEnter(view, authorization, response)) return
  const { text, contentType } = await view.metrics()
  response.writeHead(200, { 'content-type': contentType })
  response.end(text)
}

/** Whether the token was shown; if not, says so. */
function mayEnter(
  { token }: AdminView,
  authorization: string | undefined,
  response: ServerResponse,
): boolean {
  if (token === null) {
    const error =
      'This is closed, for there is no token: set admin.token or STILLWATCH_ADMIN_TOKEN.'
    tell(response, 403, { error })
    return false
  }
  const given = /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
  if (sameToken(given, token)) return true
  response.setHeader('www-authenticate', 'Bearer')
  tell(response, 401, { error: 'The admin token is needed: Authorization: Bearer …' })
  return false
}

/** Takes as long for any two texts, whatever they share. */
export function sameToken(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest())
  return left !== undefined && right !== undefined && timingSafeEqual(left, right)
}

function tell(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}
