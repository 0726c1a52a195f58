import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A request as the API behind the gateway received it. */
export type Received = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly raw: readonly string[]
  readonly body: Buffer
}

export type Answerer = (
  received: Received,
  response: ServerResponse,
  request: IncomingMessage,
) => void

export type MockUpstream = {
  readonly url: string
  readonly received: readonly Received[]
  /** Requests whose connection was closed before they were answered. */
  readonly abandoned: () => number
  readonly open: () => number
}

/** An API that speaks both dialects, unless the test has it answer otherwise; gone after the test. */
export async function upstream(answer: Answerer = speak): Promise<MockUpstream> {
  const received: Received[] = []
  let abandoned = 0
  let open = 0
  const server = createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => {
    const chunks: Buffer[] = []
    open += 1
    response.on('close', () => {
      open -= 1
      if (!response.writableFinished) abandoned += 1
    })
    request.on('error', () => undefined)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one: Received = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        raw: request.rawHeaders,
        body: Buffer.concat(chunks),
      }
      received.push(one)
      answer(one, response, request)
    })
  })
  server.maxHeadersCount = 0
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    abandoned: () => abandoned,
    open: () => open,
  }
}

type Asked = { readonly model: string; readonly stream?: boolean; readonly tools?: unknown }

/** What the API says, whatever it is asked. */
export const words = ['The tide ', 'is low ', 'at 14:20 — ', '潮 🌊.']
export const text = words.join('')

/** Answers as the documented APIs do. */
export const speak: Answerer = ({ url, body }, response) => {
  const asked = body.length === 0 ? { model: '' } : (JSON.parse(body.toString()) as Asked)
  response.setHeader('x-request-id', 'req_upstream_1')
  response.setHeader('request-id', 'req_upstream_1')
  response.setHeader('x-ratelimit-remaining-requests', '99')
  response.setHeader('anthropic-ratelimit-requests-remaining', '99')
  const path = url.split('?', 1)[0] ?? ''
  const answer = answers[path]
  if (!answer) return json(response, { error: { message: 'no such path', type: 'x' } }, 404)
  if (asked.stream === true) return events(response, answer.events(asked))
  return json(response, answer.whole(asked))
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length })
  response.end(bytes)
}

export function events(response: ServerResponse, parts: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  for (const part of parts) response.write(part)
  response.end()
}

type Spoken = {
  readonly whole: (asked: Asked) => unknown
  readonly events: (asked: Asked) => readonly string[]
}

const usage = { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 }
const call = {
  index: 0,
  id: 'call_1',
  type: 'function',
  function: { name: 'tide', arguments: '{"port":"Roscoff"}' },
}

function data(body: unknown, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(body)}\n\n`
}

const chat: Spoken = {
  whole: ({ model, tools }) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [
      tools === undefined
        ? { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }
        : {
            index: 0,
            finish_reason: 'tool_calls',
            message: { role: 'assistant', content: null, tool_calls: [call] },
          },
    ],
    usage,
  }),
  events: ({ model, tools }) => {
    const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model }
    const choice = (delta: unknown, reason: string | null = null): string =>
      data({ ...head, choices: [{ index: 0, delta, finish_reason: reason }] })
    const said =
      tools === undefined
        ? words.map((content) => choice({ content }))
        : [choice({ tool_calls: [call] })]
    return [
      choice({ role: 'assistant', content: '' }),
      ...said,
      choice({}, tools === undefined ? 'stop' : 'tool_calls'),
      data({ ...head, choices: [], usage }),
      'data: [DONE]\n\n',
    ]
  },
}

const completion: Spoken = {
  whole: ({ model }) => ({
    id: 'cmpl-1',
    object: 'text_completion',
    model,
    choices: [{ index: 0, text, finish_reason: 'length' }],
    usage,
  }),
  events: ({ model }) => [
    ...words.map((each) =>
      data({ model, choices: [{ index: 0, text: each, finish_reason: null }] }),
    ),
    data({ model, choices: [{ index: 0, text: '', finish_reason: 'length' }], usage }),
    'data: [DONE]\n\n',
  ],
}

const responseBody = {
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  output: [
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    },
  ],
  usage: { input_tokens: 9, output_tokens: 7, total_tokens: 16 },
}

const response: Spoken = {
  whole: () => responseBody,
  events: () => [
    data(
      { type: 'response.created', response: { ...responseBody, output: [] } },
      'response.created',
    ),
    ...words.map((delta) =>
      data(
        { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta },
        'response.output_text.delta',
      ),
    ),
    data({ type: 'response.completed', response: responseBody }, 'response.completed'),
  ],
}

const message: Spoken = {
  whole: ({ model, tools }) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [
      { type: 'text', text },
      ...(tools === undefined
        ? []
        : [{ type: 'tool_use', id: 'toolu_1', name: 'tide', input: { port: 'Roscoff' } }]),
    ],
    stop_reason: tools === undefined ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 4, cache_read_input_tokens: 5, output_tokens: 7 },
  }),
  events: ({ model }) => {
    const started = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      usage: { input_tokens: 4, cache_read_input_tokens: 5, output_tokens: 1 },
    }
    const named = (body: { readonly type: string } & Record<string, unknown>): string =>
      data(body, body.type)
    return [
      named({ type: 'message_start', message: started }),
      named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
      named({ type: 'ping' }),
      ...words.map((each) =>
        named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: each } }),
      ),
      named({ type: 'content_block_stop', index: 0 }),
      named({
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        usage: { output_tokens: 7 },
      }),
      named({ type: 'message_stop' }),
    ]
  },
}

const whole = (body: unknown): Spoken => ({ whole: () => body, events: () => [] })

const answers: Readonly<Record<string, Spoken>> = {
  '/v1/chat/completions': chat,
  '/v1/completions': completion,
  '/v1/responses': response,
  '/v1/messages': message,
  '/v1/messages/count_tokens': whole({ input_tokens: 9 }),
  '/v1/embeddings': whole({
    object: 'list',
    model: 'm',
    data: [{ object: 'embedding', index: 0, embedding: [0.25, -0.5] }],
    usage: { prompt_tokens: 3, total_tokens: 3 },
  }),
  '/v1/models': whole({ object: 'list', data: [{ id: 'm', object: 'model' }] }),
}
