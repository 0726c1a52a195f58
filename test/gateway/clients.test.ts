import Anthropic, { NotFoundError } from '@anthropic-ai/sdk'
import OpenAI, { RateLimitError } from 'openai'
import { describe, expect, test } from 'vitest'
import { serving, until } from '../support/serving.ts'
import { json, speak, text, upstream } from '../support/upstream.ts'

// The clients people use, unchanged, against the program as it is started by them.

const question = [{ role: 'user' as const, content: 'When is low tide?' }]
const tool = { type: 'object' as const, properties: { port: { type: 'string' } } }

function openai(url: string): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-test-openai', maxRetries: 0 })
}

function anthropic(url: string): Anthropic {
  return new Anthropic({ baseURL: url, apiKey: 'sk-ant-test', maxRetries: 0 })
}

describe('the openai client', () => {
  test('chats, and the record has what was asked and said', async () => {
    const api = await upstream()
    const gateway = await serving(api.url)
    const answer = await openai(gateway.url).chat.completions.create({
      model: 'm',
      messages: question,
      temperature: 0.5,
    })
    expect(answer.choices[0]?.message.content).toBe(text)
    const [record] = await gateway.records(1)
    expect(record).toMatchObject({
      path: '/v1/chat/completions',
      request: { model: 'm', messages: question, temperature: 0.5 },
      status: 200,
      usage: { prompt_tokens: 9, completion_tokens: 7 },
      finish_reason: 'stop',
      output: text,
      ip: '127.0.0.1',
    })
    expect(record?.account).toMatch(/^key_[0-9a-f]{24}$/)
    expect(record?.user_agent).toContain('OpenAI')
  })

  test('streams', async () => {
    const gateway = await serving((await upstream()).url)
    const stream = await openai(gateway.url).chat.completions.create({
      model: 'm',
      messages: question,
      stream: true,
    })
    let said = ''
    for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? ''
    expect(said).toBe(text)
    const [record] = await gateway.records(1)
    expect(record).toMatchObject({
      output: text,
      finish_reason: 'stop',
      usage: { prompt_tokens: 9, completion_tokens: 7 },
    })
  })

  test('calls tools, streamed and not', async () => {
    const gateway = await serving((await upstream()).url)
    const client = openai(gateway.url)
    const asked = {
      model: 'm',
      messages: question,
      tools: [{ type: 'function' as const, function: { name: 'tide', parameters: tool } }],
    }
    const whole = await client.chat.completions.create(asked)
    const streamed = await client.chat.completions.stream(asked).finalChatCompletion()
    for (const { choices } of [whole, streamed])
      expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({
        function: { name: 'tide', arguments: '{"port":"Roscoff"}' },
      })
    const records = await gateway.records(2)
    expect(records.map(({ finish_reason: reason }) => reason)).toEqual(['tool_calls', 'tool_calls'])
  })

  test('uses completions, responses, embeddings and models', async () => {
    const api = await upstream()
    const gateway = await serving(api.url)
    const client = openai(gateway.url)
    const completion = await client.completions.create({ model: 'm', prompt: 'Low tide is' })
    const response = await client.responses.create({
      model: 'm',
      instructions: 'Be short.',
      input: 'When is low tide?',
    })
    const embedding = await client.embeddings.create({
      model: 'm',
      input: 'tide',
      encoding_format: 'float',
    })
    const models = await client.models.list()
    expect(completion.choices[0]?.text).toBe(text)
    expect(response.output_text).toBe(text)
    expect(embedding.data[0]?.embedding).toEqual([0.25, -0.5])
    expect(models.data.map(({ id }) => id)).toEqual(['m'])
    const records = await gateway.records(3)
    expect(records.map(({ path, request, output }) => [path, request?.messages, output])).toEqual([
      ['/v1/completions', [{ role: 'user', content: 'Low tide is' }], text],
      [
        '/v1/responses',
        [
          { role: 'system', content: 'Be short.' },
          { role: 'user', content: 'When is low tide?' },
        ],
        text,
      ],
      ['/v1/embeddings', [], undefined],
    ])
  })

  test('streams responses', async () => {
    const gateway = await serving((await upstream()).url)
    const stream = await openai(gateway.url).responses.create({
      model: 'm',
      input: 'When is low tide?',
      stream: true,
    })
    let said = ''
    for await (const event of stream)
      if (event.type === 'response.output_text.delta') said += event.delta
    expect(said).toBe(text)
    const [record] = await gateway.records(1)
    expect(record).toMatchObject({ output: text, finish_reason: 'stop' })
  })

  test('raises the provider’s errors, with their ids and advice', async () => {
    const api = await upstream((received, response, request) => {
      // Accepted once, the key is an account's, and what it is refused later is recorded.
      if (received.method === 'GET') return speak(received, response, request)
      response.setHeader('retry-after', '7')
      response.setHeader('x-should-retry', 'false')
      response.setHeader('x-request-id', 'req_77')
      json(response, { error: { message: 'Slow down', type: 'rate_limit_error', code: 'x' } }, 429)
    })
    const gateway = await serving(api.url)
    await openai(gateway.url).models.list()
    const failed = openai(gateway.url).chat.completions.create({ model: 'm', messages: question })
    await expect(failed).rejects.toMatchObject({
      status: 429,
      requestID: 'req_77',
      error: { message: 'Slow down' },
    })
    const error: unknown = await failed.catch((cause: unknown) => cause)
    expect(error instanceof RateLimitError && error.headers.get('retry-after')).toBe('7')
    const [record] = await gateway.records(1)
    expect(record).toMatchObject({ status: 429, request: { messages: question } })
    expect(record).not.toHaveProperty('output')
  })

  test('retries through the gateway until the provider has recovered', async () => {
    let left = 2
    const api = await upstream((received, response, request) => {
      left -= 1
      if (left < 0) return speak(received, response, request)
      response.setHeader('retry-after-ms', '1')
      json(response, { error: { message: 'busy' } }, 503)
    })
    const gateway = await serving(api.url)
    const client = openai(gateway.url).withOptions({ maxRetries: 3 })
    const answer = await client.chat.completions.create({ model: 'm', messages: question })
    expect(answer.choices[0]?.message.content).toBe(text)
    expect(api.received).toHaveLength(3)
  })

  test('does not retry what the gateway says is of no use', async () => {
    const api = await upstream()
    const gateway = await serving({
      upstreams: [{ url: api.url, dialect: 'both' }],
      limits: { body_bytes_max: 1024 },
    })
    const long = [{ role: 'user' as const, content: 'x'.repeat(5000) }]
    const client = openai(gateway.url).withOptions({ maxRetries: 3 })
    await expect(
      client.chat.completions.create({ model: 'm', messages: long }),
    ).rejects.toMatchObject({ status: 413, code: 'body_too_large', type: 'invalid_request_error' })
    expect(await gateway.metric('stillwatch_refusals_total')).toBe(1)
    expect(api.received).toHaveLength(0)
  })

  test('aborts, and the provider is told', async () => {
    const api = await upstream((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"choices":[{"index":0,"delta":{"content":"The"}}]}\n\n')
    })
    const gateway = await serving(api.url)
    const stream = await openai(gateway.url).chat.completions.create({
      model: 'm',
      messages: question,
      stream: true,
    })
    for await (const _ of stream) break
    await until(
      () => (api.abandoned() === 1 ? true : undefined),
      () => 'the provider goes on',
    )
    const [record] = await gateway.records(1)
    expect(record).toMatchObject({ status: 200, output: 'The' })
  })

  test('hears of a provider that dies in the middle of a stream', async () => {
    const api = await upstream((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"choices":[{"index":0,"delta":{"content":"The"}}]}\n\n')
      setTimeout(() => response.destroy(), 50)
    })
    const gateway = await serving(api.url)
    const stream = await openai(gateway.url).chat.completions.create({
      model: 'm',
      messages: question,
      stream: true,
    })
    const read = (async () => {
      for await (const _ of stream);
    })()
    await expect(read).rejects.toMatchObject({ code: 'upstream_broken' })
  })

  test('hears that there is no provider', async () => {
    const gateway = await serving('http://127.0.0.1:9')
    await expect(openai(gateway.url).models.list()).rejects.toMatchObject({
      status: 502,
      code: 'upstream_unreachable',
    })
  })
})

describe('the anthropic client', () => {
  test('asks and counts; its version and beta headers arrive', async () => {
    const api = await upstream()
    const gateway = await serving(api.url)
    const client = anthropic(gateway.url)
    const asked = { model: 'c', messages: question, system: 'Be short.' }
    const answer = await client.messages.create(
      { ...asked, max_tokens: 64, stop_sequences: ['END'] },
      { headers: { 'anthropic-beta': 'prompt-caching-2024-07-31,x' } },
    )
    const counted = await client.messages.countTokens(asked)
    expect(answer.content[0]).toMatchObject({ type: 'text', text })
    // oxlint-disable-next-line no-underscore-dangle -- the client's own name for it
    expect(answer._request_id).toBe('req_upstream_1')
    expect(counted.input_tokens).toBe(9)
    expect(api.received[0]?.headers).toMatchObject({
      'anthropic-beta': 'prompt-caching-2024-07-31,x',
      'anthropic-version': expect.stringMatching(/^20\d\d-/) as unknown,
      authorization: 'Bearer sk-ant-test',
    })
    const [record, ...more] = await gateway.records(1)
    expect(more).toEqual([])
    expect(record).toMatchObject({
      path: '/v1/messages',
      request: {
        model: 'c',
        messages: [{ role: 'system', content: 'Be short.' }, ...question],
        max_tokens: 64,
        stop: ['END'],
      },
      usage: { prompt_tokens: 9, completion_tokens: 7 },
      finish_reason: 'stop',
      output: text,
    })
  })

  test('streams', async () => {
    const gateway = await serving((await upstream()).url)
    const stream = anthropic(gateway.url).messages.stream({
      model: 'c',
      max_tokens: 64,
      messages: question,
    })
    const message = await stream.finalMessage()
    expect(message.content[0]).toMatchObject({ type: 'text', text })
    expect(message.usage.output_tokens).toBe(7)
    const [record] = await gateway.records(1)
    expect(record).toMatchObject({
      output: text,
      finish_reason: 'stop',
      usage: { prompt_tokens: 9, completion_tokens: 7 },
    })
  })

  test('calls tools', async () => {
    const gateway = await serving((await upstream()).url)
    const answer = await anthropic(gateway.url).messages.create({
      model: 'c',
      max_tokens: 64,
      messages: question,
      tools: [{ name: 'tide', input_schema: tool }],
    })
    expect(answer.content[1]).toMatchObject({ type: 'tool_use', name: 'tide' })
    const [record] = await gateway.records(1)
    expect(record).toMatchObject({ finish_reason: 'tool_calls', output: text })
  })

  test('hears of a provider that dies in the middle of a stream', async () => {
    const api = await upstream((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('event: ping\ndata: {"type":"ping"}\n\n')
      setTimeout(() => response.destroy(), 50)
    })
    const gateway = await serving(api.url)
    const failed = anthropic(gateway.url)
      .messages.stream({ model: 'c', max_tokens: 64, messages: question })
      .finalMessage()
    await expect(failed).rejects.toThrow(/broke off its answer/)
  })

  test('gets the gateway’s own errors in its dialect', async () => {
    const gateway = await serving({ upstreams: [{ url: 'http://127.0.0.1:9', dialect: 'openai' }] })
    const failed = anthropic(gateway.url).messages.create({
      model: 'c',
      max_tokens: 64,
      messages: question,
    })
    await expect(failed).rejects.toBeInstanceOf(NotFoundError)
    await expect(failed).rejects.toMatchObject({
      requestID: expect.stringMatching(/^sw_/) as unknown,
      error: { type: 'error', error: { type: 'not_found_error' } },
    })
  })
})
