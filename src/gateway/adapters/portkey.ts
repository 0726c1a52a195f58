import { isTier } from '../../access/tier.ts'
import { actions } from '../../policy/index.ts'
import { lastHeader } from '../../wire/headers.ts'
import { callerNamed, modelNamed, routeNamed } from '../advice.ts'
import { type Adapter, notUnderstood, said, tree, written } from './adapter.ts'

/** Portkey's kinds of requests, and where they are asked (`src/globals.ts` and `src/index.ts` of its gateway 1.15.2). */
const paths: Readonly<Record<string, string>> = {
  chatComplete: '/v1/chat/completions',
  complete: '/v1/completions',
  createModelResponse: '/v1/responses',
  messages: '/v1/messages',
  embed: '/v1/embeddings',
}

/**
 * Portkey's webhook guardrail (`default.webhook`) as a `beforeRequestHook`: it asks with the body and the metadata of a
 * request, takes `verdict: false` for a refusal, and puts `transformedData.request.json` in the body's place.
 */
export const portkey: Adapter = {
  name: 'portkey',
  holds: true,
  question: ({ body, raw }) => {
    const hook = tree(body)
    const request = tree(tree(hook?.['request'])?.['json'])
    if (!hook || !request)
      return notUnderstood('This is no webhook of Portkey: it has no request.json.')
    const metadata = tree(hook['metadata']) ?? {}
    // Headers of the webhook are the operator's; metadata is whatever stands in front of Portkey lets through.
    const header = (name: string): string | undefined =>
      said(lastHeader(raw, `x-stillwatch-${name}`))
    const tier = header('tier')
    const org = said(header('org'), metadata['org'])
    const kind = said(hook['requestType']) ?? ''
    const route = routeNamed(Object.hasOwn(paths, kind) ? (paths[kind] ?? '/') : '/')
    const before = hook['eventType'] !== 'afterRequestHook'
    return {
      caller: callerNamed({
        account: said(header('account'), metadata['_user']) ?? 'anonymous',
        ...(tier !== undefined && isTier(tier) ? { tier } : {}),
        ...(org === undefined ? {} : { org }),
      }),
      route,
      model: modelNamed(undefined, request, route),
      country: null,
      request: written(request),
      able: new Set(before ? actions : []),
    }
  },
  answer: ({ message, request, case: id }) => {
    const data = id === undefined ? {} : { data: { case: id, message } }
    if (message !== undefined) return { status: 200, body: { verdict: false, ...data } }
    if (request === undefined) return { status: 200, body: { verdict: true } }
    const json = JSON.parse(request) as unknown
    return { status: 200, body: { verdict: true, transformedData: { request: { json } } } }
  },
}
