import { isTier } from '../../access/tier.ts'
import { type Action, actions } from '../../policy/index.ts'
import { callerNamed, modelNamed, type Question, routeNamed } from '../advice.ts'
import { type Adapter, notUnderstood, said, type Tree, tree, written } from './adapter.ts'

const fields = new Set([
  'account',
  'tier',
  'key',
  'org',
  'ip',
  'route',
  'model',
  'jurisdiction',
  'request',
  'able',
])

/** `POST /v1/decide`: for a gateway whose makers write the few lines themselves. docs/decide.md describes it. */
export const plain: Adapter = {
  name: 'plain',
  holds: false,
  question: ({ body }) => {
    const asked = tree(body)
    if (asked === null) return notUnderstood('The body must be a JSON object.')
    const question = questionIn(asked)
    return typeof question === 'string' ? notUnderstood(question) : question
  },
  answer: (advice, { body }) => {
    const asText = typeof tree(body)?.['request'] === 'string'
    const { request, ...rest } = advice
    if (request === undefined) return { status: 200, body: rest }
    return {
      status: 200,
      body: { ...rest, request: asText ? request : (JSON.parse(request) as unknown) },
    }
  },
}

function questionIn(asked: Tree): Question | string {
  const unknown = Object.keys(asked).find((name) => !fields.has(name))
  if (unknown !== undefined) return `There is no field ${JSON.stringify(unknown.slice(0, 64))}.`
  const { account, tier, jurisdiction, able = actions, request = null } = asked
  const name = said(account)
  if (name === undefined) return 'account is needed: a text that names who pays for the request.'
  const words = ['key', 'org', 'ip', 'route', 'model'].find(
    (each) => asked[each] !== undefined && typeof asked[each] !== 'string',
  )
  if (words !== undefined) return `${words} must be a text.`
  if (tier !== undefined && !(typeof tier === 'string' && isTier(tier)))
    return 'tier must be anonymous, paid, verified or contract.'
  if (!isCountry(jurisdiction)) return 'jurisdiction must be two letters.'
  if (!isActions(able)) return `able must be a list of actions: ${actions.join(', ')}.`
  const read = bodyOf(request)
  if (read === null)
    return 'request must be the body for the model: an object, or its JSON as text.'
  const { key, org, ip } = asked
  const route = routeNamed(said(asked['route']) ?? '/v1/chat/completions')
  return {
    caller: callerNamed({
      account: name,
      ...(tier === undefined ? {} : { tier }),
      ...(typeof key === 'string' ? { key } : {}),
      ...(typeof org === 'string' ? { org } : {}),
      ...(typeof ip === 'string' ? { ip } : {}),
    }),
    route,
    model: modelNamed(said(asked['model']), read.parsed, route),
    country: jurisdiction?.toUpperCase() ?? null,
    request: read.text,
    able: new Set(able),
  }
}

function isCountry(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && /^[A-Za-z]{2}$/.test(value))
}

function isActions(value: unknown): value is readonly Action[] {
  return Array.isArray(value) && value.every((each) => actions.some((action) => action === each))
}

type Read = { readonly text: string | null; readonly parsed: object | null }

/** A body given as text goes back as text, with every number as it was written. */
function bodyOf(request: unknown): Read | null {
  if (request === null) return { text: null, parsed: null }
  if (tree(request)) return { text: written(request), parsed: tree(request) }
  if (typeof request !== 'string') return null
  try {
    const parsed = tree(JSON.parse(request))
    return parsed === null ? null : { text: request, parsed }
  } catch {
    return null
  }
}
