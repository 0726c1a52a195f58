import type { Dialect, RouteKind } from './route.ts'

/** Every reason for which the gateway itself answers. `docs/gateway.md` lists them; a test compares. */
export type RefusalCode =
  | 'malformed_request'
  | 'credentials_conflict'
  | 'invalid_api_key'
  | 'model_not_allowed'
  | 'account_challenged'
  | 'account_refused'
  | 'route_unknown'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'body_too_large'
  | 'account_slowed'
  | 'rate_limit_exceeded'
  | 'budget_exhausted'
  | 'too_many_concurrent'
  | 'headers_too_large'
  | 'upstream_unreachable'
  | 'overloaded'
  | 'draining'
  | 'records_unavailable'
  | 'identity_unavailable'
  | 'upstream_timeout'
  | 'upstream_broken'

type Rule = {
  readonly status: number
  readonly openai: string
  readonly anthropic: string
  /** Whether the same request may succeed later; clients read it in `x-should-retry`. */
  readonly retry: boolean
  readonly retryAfterSeconds?: number
}

/** Types are those the providers document for the status, so that the clients raise the errors their users catch. */
export const refusals: Readonly<Record<RefusalCode, Rule>> = {
  malformed_request: rule(400, 'invalid_request_error', 'invalid_request_error', false),
  credentials_conflict: rule(400, 'invalid_request_error', 'invalid_request_error', false),
  invalid_api_key: rule(401, 'invalid_request_error', 'authentication_error', false),
  model_not_allowed: rule(403, 'invalid_request_error', 'permission_error', false),
  account_challenged: rule(403, 'permission_error', 'permission_error', false),
  account_refused: rule(403, 'permission_error', 'permission_error', false),
  route_unknown: rule(404, 'invalid_request_error', 'not_found_error', false),
  method_not_allowed: rule(405, 'invalid_request_error', 'invalid_request_error', false),
  request_timeout: rule(408, 'invalid_request_error', 'invalid_request_error', true),
  body_too_large: rule(413, 'invalid_request_error', 'request_too_large', false),
  account_slowed: {
    ...rule(429, 'rate_limit_error', 'rate_limit_error', true),
    retryAfterSeconds: 2,
  },
  rate_limit_exceeded: rule(429, 'rate_limit_error', 'rate_limit_error', true),
  // Hours away: a client that tries again meanwhile only waits.
  budget_exhausted: rule(429, 'insufficient_quota', 'rate_limit_error', false),
  too_many_concurrent: rule(429, 'rate_limit_error', 'rate_limit_error', true),
  headers_too_large: rule(431, 'invalid_request_error', 'invalid_request_error', false),
  upstream_unreachable: rule(502, 'server_error', 'api_error', true),
  overloaded: { ...rule(503, 'server_error', 'overloaded_error', true), retryAfterSeconds: 1 },
  draining: { ...rule(503, 'server_error', 'overloaded_error', true), retryAfterSeconds: 1 },
  records_unavailable: { ...rule(503, 'server_error', 'api_error', true), retryAfterSeconds: 5 },
  identity_unavailable: { ...rule(503, 'server_error', 'api_error', true), retryAfterSeconds: 5 },
  upstream_timeout: rule(504, 'server_error', 'timeout_error', true),
  upstream_broken: rule(502, 'server_error', 'api_error', true),
}

function rule(status: number, openai: string, anthropic: string, retry: boolean): Rule {
  return { status, openai, anthropic, retry }
}

/** An answer of the gateway's own: what it refuses, in the caller's dialect. */
export type Refused = {
  readonly status: number
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: string
}

/** Writes a refusal. `id` is the gateway's name for the exchange, which its log has too. */
export function refuse(
  code: RefusalCode,
  message: string,
  {
    dialect,
    id,
    ...told
  }: { readonly dialect: Dialect; readonly id: string; readonly retryAfterSeconds?: number },
): Refused {
  const { status, retry, retryAfterSeconds = told.retryAfterSeconds } = refusals[code]
  const body = JSON.stringify(errorBody(code, message, dialect, id))
  const idName = dialect === 'anthropic' ? 'request-id' : 'x-request-id'
  const length = String(new TextEncoder().encode(body).length)
  const headers = ['content-type', 'application/json', 'content-length', length]
  headers.push(idName, id, 'x-should-retry', String(retry))
  if (retryAfterSeconds !== undefined) headers.push('retry-after', String(retryAfterSeconds))
  return { status, headers, body }
}

function errorBody(code: RefusalCode, message: string, dialect: Dialect, id: string): unknown {
  const { openai, anthropic } = refusals[code]
  return dialect === 'anthropic'
    ? { type: 'error', error: { type: anthropic, message }, request_id: id }
    : { error: { message, type: openai, param: null, code } }
}

/**
 * The event that ends a stream which cannot go on. The Responses API has error events with a `type`; its
 * client raises what has `error` in it, so this event has both.
 */
export function errorEvent(
  code: RefusalCode,
  message: string,
  {
    dialect,
    kind,
    id,
  }: { readonly dialect: Dialect; readonly kind: RouteKind; readonly id: string },
): string {
  const body = errorBody(code, message, dialect, id)
  if (dialect === 'anthropic') return `event: error\ndata: ${JSON.stringify(body)}\n\n`
  if (kind !== 'response') return `data: ${JSON.stringify(body)}\n\n`
  const whole = { type: 'error', code, message, param: null, ...(body as object) }
  return `event: error\ndata: ${JSON.stringify(whole)}\n\n`
}
