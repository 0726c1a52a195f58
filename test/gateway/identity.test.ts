import { expect, test } from 'vitest'
import { ask, send } from '../support/raw.ts'
import { serving } from '../support/serving.ts'
import { json, speak, upstream } from '../support/upstream.ts'

const both = (url: string) => [{ url, dialect: 'both' }]
const body = '{"model":"m","messages":[]}'

test.each([
  ['Authorization', 'Bearer sk-one', 'x-api-key', 'sk-two'],
  ['x-api-key', 'sk-one', 'X-Api-Key', 'sk-two'],
  ['authorization', 'Bearer sk-one', 'Authorization', 'Bearer sk-two'],
  ['api-key', 'sk-one', 'authorization', 'Basic c2s6b25l'],
  ['x-goog-api-key', 'sk-one', 'x-api-key', 'sk-two'],
])('two keys that differ choose no account: %s %s, %s %s', async (...headers) => {
  const api = await upstream()
  const gateway = await serving(api.url)
  const openai = await send(`${gateway.url}/v1/chat/completions`, { headers, body })
  const anthropic = await send(`${gateway.url}/v1/messages`, { headers, body })
  expect(openai.status).toBe(400)
  expect(JSON.parse(openai.body.toString())).toMatchObject({
    error: {
      code: 'credentials_conflict',
      message: expect.stringContaining('Send one') as unknown,
    },
  })
  expect(JSON.parse(anthropic.body.toString())).toMatchObject({
    error: { type: 'invalid_request_error' },
  })
  expect(api.received).toHaveLength(0)
})

test('one key in two headers is one key, and both arrive', async () => {
  const api = await upstream()
  const gateway = await serving(api.url)
  const headers = ['Authorization', 'bearer  sk-one', 'x-api-key', 'sk-one']
  await send(`${gateway.url}/v1/messages`, { headers, body })
  await send(`${gateway.url}/v1/messages`, { headers: ['api-key', 'sk-one'], body })
  const [first, second] = await gateway.records(2)
  expect(second?.account).toBe(first?.account)
  expect(api.received[0]?.headers).toMatchObject({
    authorization: 'bearer  sk-one',
    'x-api-key': 'sk-one',
  })
})

test('the organisation is what a trusted proxy says, and nobody else', async () => {
  const api = await upstream()
  const headers = ['x-stillwatch-org', 'forged', 'x-stillwatch-org', 'org_harbour']
  const trusting = await serving({ upstreams: both(api.url), trusted_proxies: ['127.0.0.0/8'] })
  const wary = await serving({ upstreams: both(api.url) })
  for (const { url } of [trusting, wary]) await send(`${url}/v1/messages`, { headers, body })
  const [[believed], [doubted]] = [await trusting.records(1), await wary.records(1)]
  expect(believed).toMatchObject({ org: 'org_harbour' })
  expect(doubted).not.toHaveProperty('org')
  expect(JSON.stringify(api.received.map(({ raw }) => raw))).not.toContain('harbour')
})

test('made-up keys that the provider refuses are no accounts; one it accepted stays one', async () => {
  let open = true
  const api = await upstream((received, response, request) => {
    const good = received.headers.authorization === 'Bearer sk-test'
    if (good && open) return speak(received, response, request)
    json(response, { error: { message: 'no' } }, good ? 403 : 401)
  })
  const gateway = await serving(api.url)
  const made = (key: string) =>
    send(`${gateway.url}/v1/chat/completions`, { headers: ['authorization', key], body })
  for (let at = 0; at < 5; at++) expect((await made(`Bearer made-up-${at}`)).status).toBe(401)
  await ask(gateway.url)
  open = false
  await ask(gateway.url)
  const records = await gateway.records(2)
  expect(records.map(({ status }) => status)).toEqual([200, 403])
  expect(new Set(records.map(({ account }) => account)).size).toBe(1)
  expect(await gateway.metric('stillwatch_unproven_total')).toBe(5)
})
