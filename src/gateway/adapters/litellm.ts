import type { SeenExchange } from '../../record/index.ts'
import { readAnswer } from '../../wire/answer.ts'
import { readAsked } from '../../wire/asked.ts'
import { callerNamed, holdOrRefuse, modelNamed, routeNamed } from '../advice.ts'
import { looksLikeKey, type ReadShipped } from '../shipped.ts'
import { type Adapter, notUnderstood, said, type Tree, tree, written } from './adapter.ts'

/**
 * LiteLLM's Generic Guardrail API (docs.litellm.ai/docs/adding_provider/generic_guardrail_api; fields as
 * litellm 1.106.2 sends them). It can change texts and no parameters, so nothing is withheld there.
 */
export const litellm: Adapter = {
  name: 'litellm',
  holds: true,
  question: ({ body }) => {
    const asked = tree(body)
    const data = tree(asked?.['request_data'])
    if (!asked || !data)
      return notUnderstood('This is no request of a LiteLLM guardrail: it has no request_data.')
    // Route and body are not told; what a model is asked about passes here alone.
    const route = routeNamed('/v1/chat/completions')
    const { account, org, key } = namesIn(data, undefined)
    // What a model answered has been decided before it was asked.
    const able = asked['input_type'] === 'response' ? nothing : holdOrRefuse
    return {
      caller: callerNamed({
        account: account ?? 'anonymous',
        ...(key === undefined ? {} : { key }),
        ...(org === undefined ? {} : { org }),
      }),
      route,
      model: modelNamed(said(asked['model']), null, route),
      country: null,
      request: null,
      able,
    }
  },
  answer: ({ message }) =>
    message === undefined
      ? { status: 200, body: { action: 'NONE' } }
      : { status: 200, body: { action: 'BLOCKED', blocked_reason: message } },
}

const nothing = new Set<never>()

type Names = {
  readonly account: string | undefined
  readonly key: string | undefined
  readonly org: string | undefined
}

/** Who pays, by the rule of `src/ingest/formats/litellm`: the key's user, or else the key, its team, the end user. */
function namesIn(metadata: Tree, endUser: unknown): Names {
  const user = said(metadata['user_api_key_user_id'])
  const key = said(metadata['user_api_key_hash'])
  const team = said(metadata['user_api_key_team_id'])
  return {
    // The proxy's own default user is nobody.
    account: said(
      user === 'default_user_id' ? undefined : user,
      key,
      team,
      endUser,
      metadata['user_api_key_end_user_id'],
    ),
    key: looksLikeKey(key) ? undefined : key,
    org: said(metadata['user_api_key_org_id'], team),
  }
}

/** Where LiteLLM says no path: what its kinds of calls are asked on. */
const paths: Readonly<Record<string, string>> = {
  completion: '/v1/chat/completions',
  acompletion: '/v1/chat/completions',
  text_completion: '/v1/completions',
  atext_completion: '/v1/completions',
  responses: '/v1/responses',
  aresponses: '/v1/responses',
  anthropic_messages: '/v1/messages',
  embedding: '/v1/embeddings',
  aembedding: '/v1/embeddings',
}

/** Reads a StandardLoggingPayload (docs.litellm.ai/docs/proxy/logging_spec), as the `generic_api` callback posts it. */
export const readLitellm: ReadShipped = (value, outputCharsMax) => {
  const log = tree(value)
  const metadata = tree(log?.['metadata'])
  const id = said(log?.['id'], log?.['litellm_call_id'])
  if (!log || !metadata || id === undefined)
    return 'This is no StandardLoggingPayload of LiteLLM: it has no id, or no metadata.'
  const { startTime, endTime } = log
  const started = new Date(typeof startTime === 'number' ? startTime * 1000 : NaN)
  if (Number.isNaN(started.getTime())) return 'startTime is no moment (Unix seconds).'
  const { account, key, org } = namesIn(metadata, log['end_user'])
  if (account === undefined) return 'No user, key, team or end user is named.'
  const path = pathOf(said(metadata['user_api_key_request_route']), said(log['call_type']))
  const ip = said(log['requester_ip_address'], metadata['requester_ip_address'])
  const agent = said(log['user_agent'], metadata['user_agent'])
  return {
    id,
    time: started.toISOString(),
    account,
    ...(key === undefined ? {} : { key }),
    ...(org === undefined ? {} : { org }),
    ...(ip === undefined ? {} : { ip }),
    ...(agent === undefined ? {} : { user_agent: agent }),
    path,
    request: requestOf(log, path),
    ...answered(log, outputCharsMax),
    ...(typeof endTime === 'number' && endTime * 1000 >= started.getTime()
      ? { latency_ms: Math.round(endTime * 1000 - started.getTime()) }
      : {}),
  }
}

function pathOf(route: string | undefined, callType: string | undefined): string {
  const known = route === undefined ? '' : routeNamed(route).path
  if (known !== '') return known
  return Object.hasOwn(paths, callType ?? '') ? (paths[callType ?? ''] ?? '') : (route ?? '')
}

/** The body again, from the parts LiteLLM logs it in. */
function requestOf(log: Tree, path: string): SeenExchange['request'] {
  const { kind } = routeNamed(path)
  const { messages } = log
  const parameters = tree(log['model_parameters']) ?? {}
  const texts = { messages, input: messages, prompt: messages }
  const model = said(log['model_group'], log['model'])
  return readAsked(kind, written({ ...parameters, ...texts, model }))
}

function answered(
  log: Tree,
  outputCharsMax: number,
): Pick<SeenExchange, 'status' | 'usage' | 'output' | 'finish_reason'> {
  if (log['status'] === 'failure') {
    const code = Number(tree(log['error_information'])?.['error_code'])
    return { status: code >= 400 && code <= 599 ? code : 500 }
  }
  const { output, finishReason } = readAnswer(written(log['response'] ?? null), outputCharsMax)
  const [prompt, completion] = [count(log['prompt_tokens']), count(log['completion_tokens'])]
  return {
    status: 200,
    usage: {
      ...(prompt === null ? {} : { prompt_tokens: prompt }),
      ...(completion === null ? {} : { completion_tokens: completion }),
    },
    ...(output === '' ? {} : { output }),
    ...(finishReason === null ? {} : { finish_reason: finishReason }),
  }
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}
