import Anthropic, { RateLimitError as AnthropicLimit } from '@anthropic-ai/sdk'
import OpenAI, { RateLimitError } from 'openai'
import { describe, expect, test } from 'vitest'
import { createKey } from '../support/keys.ts'
import { ask, send } from '../support/raw.ts'
import { type Serving, serving, until } from '../support/serving.ts'
import { type Answerer, json, speak, upstream } from '../support/upstream.ts'

const question = [{ role: 'user' as const, content: 'When is low tide?' }]

async function limited(
  tiers: Readonly<Record<string, object>>,
  more: { readonly answer?: Answerer; readonly settings?: object } = {},
): Promise<{ readonly gateway: Serving; readonly received: readonly unknown[] }> {
  const api = await upstream(more.answer)
  const upstreams = [{ url: api.url, dialect: 'both' }]
  const gateway = await serving({ upstreams, tiers, ...more.settings })
  return { gateway, received: api.received }
}

function openai(url: string, maxRetries = 0): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-test', maxRetries })
}

describe('requests a minute', () => {
  test('the openai client is told when to come back', async () => {
    const { gateway, received } = await limited({ paid: { requests_per_minute_max: 2 } })
    const chat = () =>
      openai(gateway.url).chat.completions.create({ model: 'm', messages: question })
    await chat()
    await chat()
    const error: unknown = await chat().catch((cause: unknown) => cause)
    expect(error instanceof RateLimitError && error.code).toBe('rate_limit_exceeded')
    const headers = error instanceof RateLimitError ? error.headers : new Headers()
    expect(headers.get('x-ratelimit-limit-requests')).toBe('2')
    expect(headers.get('x-ratelimit-remaining-requests')).toBe('0')
    expect(headers.get('x-ratelimit-reset-requests')).toMatch(/^\d+(\.\d+)?s$/)
    const seconds = Number(headers.get('retry-after'))
    expect(seconds > 25 && seconds <= 30).toBe(true)
    expect(received).toHaveLength(2)
  })

  test('the anthropic client, too, in its own words', async () => {
    const { gateway } = await limited({ paid: { requests_per_minute_max: 1 } })
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'sk-test', maxRetries: 0 })
    const asked = { model: 'c', max_tokens: 9, messages: question }
    await client.messages.create(asked)
    const error: unknown = await client.messages.create(asked).catch((cause: unknown) => cause)
    expect(error instanceof AnthropicLimit && error.error).toMatchObject({
      error: { type: 'rate_limit_error' },
    })
    const reset = error instanceof AnthropicLimit ? error.headers : new Headers()
    expect(reset.get('anthropic-ratelimit-requests-reset')).toMatch(/^20\d\d-.*Z$/)
  })

  test('a client that waits as it is told is served', async () => {
    const { gateway } = await limited({ paid: { requests_per_minute_max: 60 } })
    for (let at = 0; at < 60; at++) await send(`${gateway.url}/v1/models`, models)
    const answer = await openai(gateway.url, 2).models.list()
    expect(answer.data).toHaveLength(1)
  })

  test('each key, and each address without a key, has its own; no limits, no counting', async () => {
    const tiers = {
      paid: { requests_per_minute_max: 1 },
      anonymous: { requests_per_minute_max: 1 },
    }
    const { gateway } = await limited(tiers, { settings: { trusted_proxies: ['127.0.0.0/8'] } })
    const status = async (...headers: readonly string[]): Promise<number> =>
      (await send(`${gateway.url}/v1/models`, { method: 'GET', headers })).status
    const from = (address: string): Promise<number> => status('x-forwarded-for', address)
    expect([await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.1')]).toEqual([
      200, 200, 429,
    ])
    // A customer has a whole /64 of addresses.
    expect([await from('2001:db8::1'), await from('2001:db8:0:0:9::2')]).toEqual([200, 429])
    expect([await from('2001:db8:0:1::1')]).toEqual([200])
    expect([await status('x-api-key', 'a'), await status('x-api-key', 'b')]).toEqual([200, 200])
    const named = ['x-stillwatch-account', 'c', 'x-stillwatch-tier', 'contract']
    for (let at = 0; at < 5; at++) expect(await status(...named)).toBe(200)
  })
})

const models = { method: 'GET', headers: ['authorization', 'Bearer sk-test'] }

describe('tokens', () => {
  test('are settled by the usage of the answer, streamed or not', async () => {
    const { gateway } = await limited({ paid: { tokens_per_day_max: 1000 } })
    const chat = (more: object) => ask(gateway.url, { max_tokens: 500, ...more })
    // 16 tokens each in the end, where 500 and more were reserved.
    for (let at = 0; at < 12; at++) {
      const answer = await chat({ stream: at % 2 === 0 })
      expect(answer.status).toBe(200)
    }
    // 12 × 16 are gone, so 900 are not there, and 700 are.
    const refused = await chat({ max_tokens: 900 })
    expect([refused.status, JSON.parse(refused.body.toString())]).toMatchObject([
      429,
      { error: { code: 'budget_exhausted', type: 'insufficient_quota' } },
    ])
    expect(refused.headers.join()).toContain('x-should-retry,false')
    expect((await chat({ max_tokens: 700 })).status).toBe(200)
  })

  test('of requests at the same time are reserved, so that together they stay within', async () => {
    const held: (() => void)[] = []
    const { gateway } = await limited(
      { paid: { tokens_per_minute_max: 2500 } },
      { answer: (...given) => void held.push(() => speak(...given)) },
    )
    const asked = Array.from({ length: 6 }, () => ask(gateway.url, { max_tokens: 1000 }))
    const refused = await Promise.all(
      asked.map((each) =>
        Promise.race([each, new Promise<null>((done) => setTimeout(done, 1500, null))]),
      ),
    )
    expect(refused.filter((each) => each?.status === 429)).toHaveLength(4)
    held.forEach((answer) => answer())
    const all = await Promise.all(asked)
    expect(all.filter(({ status }) => status === 200)).toHaveLength(2)
  })

  test('of a request that fails are given back, and a provider’s 401 leaves nothing', async () => {
    const { gateway } = await limited(
      { paid: { tokens_per_day_max: 1000, requests_per_minute_max: 1 } },
      { answer: (_, response) => json(response, { error: { message: 'no' } }, 401) },
    )
    for (let at = 0; at < 3; at++)
      expect((await ask(gateway.url, { max_tokens: 900 })).status).toBe(401)
  })
})

test('likelihoods have a budget of their own', async () => {
  const { gateway } = await limited({ paid: { likelihood_requests_per_day_max: 2 } })
  const statuses: number[] = []
  for (let at = 0; at < 3; at++)
    statuses.push((await ask(gateway.url, { logprobs: true, top_logprobs: 5 })).status)
  statuses.push((await ask(gateway.url)).status)
  expect(statuses).toEqual([200, 200, 429, 200])
})

test('so many requests at a time, and those who leave make room', async () => {
  const held: (() => void)[] = []
  const { gateway, received } = await limited(
    { paid: { concurrency_max: 2 } },
    { answer: (...given) => void held.push(() => speak(...given)) },
  )
  const leaving = new AbortController()
  const first = openai(gateway.url).models.list({ signal: leaving.signal })
  const second = ask(gateway.url)
  await until(
    () => (received.length === 2 ? true : undefined),
    () => 'they did not arrive',
  )
  const third = await ask(gateway.url)
  expect([third.status, JSON.parse(third.body.toString())]).toMatchObject([
    429,
    { error: { code: 'too_many_concurrent' } },
  ])
  leaving.abort()
  await expect(first).rejects.toThrow('aborted')
  await until(
    async () => {
      const fourth = ask(gateway.url)
      const came = await Promise.race([
        fourth,
        new Promise((done) => setTimeout(done, 200, 'held')),
      ])
      return came === 'held' ? true : undefined
    },
    () => 'nobody made room',
  )
  held.forEach((answer) => answer())
  expect((await second).status).toBe(200)
})

test('the tier of a key is the tier that counts, for all keys of its account', async () => {
  const { gateway } = await limited(
    { contract: { models: ['small-*'] }, paid: { requests_per_minute_max: 1 } },
    { settings: { keys: { mode: 'virtual' } } },
  )
  const here = gateway.folder
  const contract = await createKey(here, '--account', 'big', '--tier', 'contract')
  const one = await createKey(here, '--account', 'shop')
  const other = await createKey(here, '--account', 'shop')
  const asked = async (key: string, model: string): Promise<number> =>
    (
      await send(`${gateway.url}/v1/chat/completions`, {
        headers: ['x-api-key', key],
        body: JSON.stringify({ model, messages: question }),
      })
    ).status
  await until(
    async () => ((await asked(other, 'any')) === 200 ? true : undefined),
    () => 'the keys are not known',
  )
  expect(await asked(one, 'any')).toBe(429)
  expect([await asked(contract, 'small-1'), await asked(contract, 'large')]).toEqual([200, 403])
})
