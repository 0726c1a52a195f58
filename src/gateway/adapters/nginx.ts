import { isTier } from '../../access/tier.ts'
import { lastHeader } from '../../wire/headers.ts'
import type { Refusal } from '../identity.ts'
import { refuse } from '../../wire/refusal.ts'
import { routeOf } from '../../wire/route.ts'
import { type Advice, callerNamed, holdOrRefuse, type Named, type Question } from '../advice.ts'
import { type Adapter, type Given, said, type Told } from './adapter.ts'

/**
 * A subrequest without a body, as nginx's `auth_request`, Caddy's `forward_auth` and Traefik's ForwardAuth send it: 204
 * lets the request pass, 403 or 429 does not. To nginx any status but 401 and 403 is an error of the server asked
 * (nginx.org, ngx_http_auth_request_module), so with `?deny=403` it is always 403, and `x-stillwatch-status` has the other.
 */
export const nginx: Adapter = {
  name: 'nginx',
  holds: true,
  question: (given) => {
    const { raw } = given
    const named = nameIn(given)
    if ('status' in named) return named
    const country = said(lastHeader(raw, 'x-stillwatch-country'))?.toUpperCase()
    const route = routeIn(given)
    const model = said(lastHeader(raw, 'x-stillwatch-model'))
    const caller = 'who' in named ? named : callerNamed(named)
    return {
      caller,
      route,
      // Nobody has read the body, so it may name any.
      model: model === undefined ? 'unreadable' : { name: model },
      country: country !== undefined && /^[A-Z]{2}$/.test(country) ? country : null,
      request: null,
      able: holdOrRefuse,
    }
  },
  answer: (advice, given) => (advice.message === undefined ? pass(advice) : deny(advice, given)),
}

/** As the proxy names the account, or else by the key of its client, as the gateway names it. */
function nameIn(given: Given): Named | Question['caller'] | Told {
  const { raw, identify } = given
  const header = (name: string): string | undefined => said(lastHeader(raw, `x-stillwatch-${name}`))
  const account = header('account')
  const [org, tier, ip] = [header('org'), header('tier'), said(lastHeader(raw, 'x-real-ip'))]
  const more = {
    ...(org === undefined ? {} : { org }),
    ...(tier !== undefined && isTier(tier) ? { tier } : {}),
    ...(ip === undefined ? {} : { ip }),
  }
  if (account !== undefined) return { account, ...more }
  const admission = identify()
  if (admission.is === 'refused') return badKey(admission, given)
  const { tier: claimed, ...who } = more
  const { caller } = admission
  return { ...caller, who: { ...caller.who, ...who }, tier: claimed ?? caller.tier }
}

/** 401, which nginx passes on, also where the gateway would answer 400. */
function badKey({ code, message }: Refusal, given: Given): Told {
  const { body } = refuse(code, message, { dialect: routeIn(given).dialect, id: '' })
  const headers = { 'x-stillwatch-status': '401', 'x-stillwatch-error': inHeader(body) }
  return { status: 401, headers, body: JSON.parse(body) as object }
}

function routeIn({ raw }: Given): Question['route'] {
  // nginx is told to send the former; Caddy and Traefik send the latter.
  const original = (name: string): string | undefined =>
    lastHeader(raw, `x-original-${name}`) ?? lastHeader(raw, `x-forwarded-${name}`)
  const method = original('method') ?? 'POST'
  const target = original('uri') ?? '/'
  return routeOf(method, target, lastHeader(raw, 'anthropic-version') !== undefined).route
}

function pass(advice: Advice): Told {
  return { status: 204, headers: caseHeaders(advice) }
}

function deny(advice: Advice, given: Given): Told {
  const { status = 403, code = 'account_refused', message = '', retry_after: wait } = advice
  const { dialect } = routeIn(given)
  const { body } = refuse(code, message, { dialect, id: advice.case ?? '' })
  const always403 = /[?&]deny=403(?:&|$)/.test(given.url)
  return {
    status: always403 ? 403 : status,
    headers: {
      ...caseHeaders(advice),
      ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
      'x-should-retry': String(wait !== undefined),
      'x-stillwatch-status': String(status),
      // nginx does not pass the body of a subrequest on, but can answer with this.
      'x-stillwatch-error': inHeader(body),
    },
    body: JSON.parse(body) as object,
  }
}

function caseHeaders({ case: id, reasons_url: url, enforced }: Advice): Record<string, string> {
  if (id === undefined || !enforced) return {}
  return { 'x-stillwatch-case': id, ...(url === undefined ? {} : { 'x-stillwatch-reasons': url }) }
}

/** JSON of ASCII alone. */
function inHeader(json: string): string {
  return json.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
