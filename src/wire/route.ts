/** How errors, streams and names are spelt: as OpenAI's API does, or as Anthropic's. */
export type Dialect = 'openai' | 'anthropic'

/** What a request is for. */
export type RouteKind =
  | 'chat'
  | 'completion'
  | 'response'
  | 'embedding'
  | 'message'
  | 'count'
  | 'models'
  | 'other'

export type Route = {
  readonly kind: RouteKind
  readonly dialect: Dialect
  /** The path as the record and the metrics tell it; empty for what is not known. */
  readonly path: string
}

/** What the gateway makes of a request line: a route, or why it is none. */
export type Routing =
  | { readonly is: 'route'; readonly route: Route }
  | { readonly is: 'wrong-method'; readonly route: Route; readonly allowed: string }
  | { readonly is: 'malformed'; readonly route: Route }

type Known = { readonly kind: RouteKind; readonly method: string; readonly dialect: Dialect | null }

const known: Readonly<Record<string, Known>> = {
  '/v1/chat/completions': { kind: 'chat', method: 'POST', dialect: 'openai' },
  '/v1/completions': { kind: 'completion', method: 'POST', dialect: 'openai' },
  '/v1/responses': { kind: 'response', method: 'POST', dialect: 'openai' },
  '/v1/embeddings': { kind: 'embedding', method: 'POST', dialect: 'openai' },
  '/v1/messages': { kind: 'message', method: 'POST', dialect: 'anthropic' },
  '/v1/messages/count_tokens': { kind: 'count', method: 'POST', dialect: 'anthropic' },
  '/v1/models': { kind: 'models', method: 'GET', dialect: null },
}

/**
 * Finds the route of a request line. `anthropic` says that the caller sent `anthropic-version`, which
 * tells the dialect where the path does not.
 */
export function routeOf(method: string, target: string, anthropic: boolean): Routing {
  const spoken: Dialect = anthropic ? 'anthropic' : 'openai'
  const other: Route = { kind: 'other', dialect: spoken, path: '' }
  // As nearly every request spells it.
  const path = Object.hasOwn(known, target) ? target : plainPath(target)
  if (path === null) return { is: 'malformed', route: other }
  const found = knownAs(path)
  if (!found) {
    const alias = `/v1${path.replace(before, '')}`
    const meant = knownAs(alias)
    // Under another name only what was meant for a model: the rest of such an API may be anything.
    if (meant?.method !== method) return { is: 'route', route: other }
    const { kind, dialect } = meant
    return { is: 'route', route: { kind, dialect: dialect ?? spoken, path: alias } }
  }
  const route: Route = { kind: found.kind, dialect: found.dialect ?? spoken, path }
  return found.method === method || (found.method === 'GET' && method === 'HEAD')
    ? { is: 'route', route }
    : { is: 'wrong-method', route, allowed: found.method }
}

function knownAs(path: string): Known | undefined {
  return Object.hasOwn(known, path) ? known[path] : undefined
}

/**
 * What stands before the known paths at servers and providers that answer OpenAI's or Anthropic's API elsewhere, with
 * `/v1` or without. Nothing: LiteLLM, llama.cpp, Perplexity, DeepSeek. `/openai`: Groq, Azure, TensorZero, Bifrost;
 * `/v1beta/openai`: Gemini; `/v1/openai`: DeepInfra; `/api`: OpenRouter; `/inference`: Fireworks; `/compatible-mode`:
 * Dashscope; `/anthropic`: Envoy AI Gateway, Bifrost, DeepSeek; `/engines/…`: LiteLLM. As their documentation and
 * sources had it in November 2026.
 */
const before =
  /^(?:\/api|(?:\/v1|\/v1beta)?\/openai|\/inference|\/compatible-mode|\/anthropic|(?:\/v1)?\/engines\/[^/]+)?(?:\/v1)?(?=\/)/

/**
 * The path as a lenient server would read it, or null where nobody should: otherwise
 * `/v1//chat/%63ompletions` would be answered by such an upstream and seen by no detector. Dot segments
 * are refused, for they could climb out of the upstream's base path.
 */
function plainPath(target: string): string | null {
  // A fragment has no business here, and what stands after one would go upstream unread.
  if (!target.startsWith('/') || target.includes('#')) return null
  const [raw = ''] = target.split('?', 1)
  let path = raw
  try {
    path = decodeURIComponent(raw)
  } catch {
    return null
  }
  if (path.split(/[/\\]/).some((segment) => segment === '.' || segment === '..')) return null
  const plain = path.replace(/[/\\]+/g, '/').toLowerCase()
  return plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain
}

/** Whether an exchange on this route is something a model was asked, and so recorded. */
export function isRecorded(kind: RouteKind, method: string): boolean {
  switch (kind) {
    case 'chat':
    case 'completion':
    case 'response':
    case 'embedding':
    case 'message':
      return true
    case 'other':
      // Whatever it is, its volume is seen.
      return method === 'POST'
    case 'count':
    case 'models':
      return false
  }
}
