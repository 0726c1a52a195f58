import { existsSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI, { APIError } from 'openai'
import { describe, expect, test } from 'vitest'
import { decideToken, type Deciding, deciding } from '../support/deciding.ts'
import { folder } from '../support/folder.ts'
import { flagged } from '../support/policing.ts'
import { freePort, program } from '../support/proxy.ts'
import { text, upstream } from '../support/upstream.ts'

// Portkey's own gateway, with Stillwatch as a webhook guardrail. It runs where STILLWATCH_PORTKEY names the folder it was
// installed into: npm install --prefix p @portkey-ai/gateway@1.15.2 @hono/node-server@1.13.5, STILLWATCH_PORTKEY=$PWD/p.

const at = process.env['STILLWATCH_PORTKEY'] ?? ''
const server = join(at, 'node_modules/@portkey-ai/gateway/build/start-server.js')
const found = at !== '' && existsSync(server)
if (!found)
  process.stderr.write(
    'skipped: the real Portkey, for STILLWATCH_PORTKEY names no folder that has it (npm install @portkey-ai/gateway)\n',
  )

async function portkey(): Promise<string> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const words = [process.execPath, server, '--headless', `--port=${port}`] as const
  // Where the model and Stillwatch are in the tests; Portkey 1.15 asks no private address unless told.
  const env = { TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' }
  await program([...words], { cwd: folder(), env, url })
  return `${url}/v1`
}

/** The config that docs/adapters.md shows. */
function config(api: string, here: Deciding): string {
  return JSON.stringify({
    provider: 'openai',
    api_key: 'sk-upstream',
    custom_host: `${api}/v1`,
    before_request_hooks: [
      {
        id: 'stillwatch',
        type: 'guardrail',
        deny: true,
        checks: [
          {
            id: 'default.webhook',
            parameters: {
              webhookURL: `${here.decideUrl}/v1/decide/portkey`,
              headers: { 'x-stillwatch-token': decideToken },
              timeout: 11_000,
            },
          },
        ],
      },
    ],
  })
}

const question = [{ role: 'user' as const, content: 'When is low tide?' }]

function ask(baseURL: string, account: string, hooks: string): Promise<OpenAI.ChatCompletion> {
  const metadata = JSON.stringify({ _user: account })
  const defaultHeaders = { 'x-portkey-config': hooks, 'x-portkey-metadata': metadata }
  const client = new OpenAI({ baseURL, apiKey: 'sk-of-the-client', maxRetries: 0, defaultHeaders })
  return client.chat.completions.create({ model: 'm', messages: question, logprobs: true })
}

const rule = (action: string): object => ({
  when: { verdict: 'flagged' },
  action,
  expires_hours: 24,
})
const quick = { delay_ms_first: 1, delay_ms_max: 1 }

describe('behind the real Portkey', () => {
  test.skipIf(!found)(
    'an honest account passes, a flagged one is denied, one that is limited asks less',
    async () => {
      const api = await upstream()
      const here = await deciding({
        enforce: true,
        rules: [rule('refuse'), rule('withhold')],
        slow: quick,
      })
      const url = await portkey()
      const hooks = config(api.url, here)
      expect((await ask(url, 'heron', hooks)).choices[0]?.message.content).toBe(text)
      expect(JSON.parse(api.received[0]?.body.toString() ?? '')).toMatchObject({ logprobs: true })

      // On a tier that pays it is limited, until a person has agreed that it is refused.
      here.stands('rook', flagged)
      expect((await ask(url, 'rook', hooks)).choices[0]?.message.content).toBe(text)
      const limited = JSON.parse(api.received[1]?.body.toString() ?? '') as object
      expect(limited).not.toHaveProperty('logprobs')
      expect(limited).toMatchObject({ messages: question })

      here.policy({ enforce: true, rules: [rule('refuse')], refuse_without_review: ['paid'] })
      const error: unknown = await ask(url, 'rook', hooks).catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(APIError)
      expect((error as APIError).status).toBe(446)
      const headers = { 'x-portkey-config': hooks, 'x-portkey-metadata': '{"_user":"rook"}' }
      const body = JSON.stringify({ model: 'm', messages: question })
      const json = { ...headers, 'content-type': 'application/json' }
      const denied = await fetch(`${url}/chat/completions`, { method: 'POST', headers: json, body })
      const told = (await denied.json()) as { hook_results: object }
      expect(JSON.stringify(told.hook_results)).toMatch(/Case S-[0-9a-f]{16}/)

      expect(api.received).toHaveLength(2)

      // A webhook that fails has no verdict, and Portkey lets the request pass.
      const mistaken = hooks.replace(decideToken, 'another token')
      expect((await ask(url, 'rook', mistaken)).choices[0]?.message.content).toBe(text)
    },
  )
})

describe('what Portkey sends, without Portkey', () => {
  const hook = (more: object = {}): object => ({
    request: { json: { model: 'm', messages: question, logprobs: true }, text: '' },
    response: { json: null, text: null },
    requestType: 'chatComplete',
    eventType: 'beforeRequestHook',
    metadata: { _user: 'rook' },
    ...more,
  })

  test('what the operator says of the account in a header counts before the metadata of the client', async () => {
    const here = await deciding({
      enforce: true,
      rules: [rule('refuse')],
      refuse_without_review: ['paid'],
    })
    here.stands('rook', flagged)
    const verdict = async (headers: object, more: object = {}): Promise<unknown> =>
      (await here.ask('/v1/decide/portkey', hook(more), headers)).json()
    expect(await verdict({})).toMatchObject({ verdict: false })
    expect(await verdict({ 'x-stillwatch-account': 'heron' })).toEqual({ verdict: true })
    // An answer was decided about before it was asked for.
    expect(await verdict({}, { eventType: 'afterRequestHook' })).toEqual({ verdict: true })
  })

  test('a kind of request that is not understood cannot be limited, and so is denied', async () => {
    const here = await deciding({ enforce: true, rules: [rule('withhold')], slow: quick })
    here.stands('rook', flagged)
    const answer = await here.ask('/v1/decide/portkey', hook({ requestType: 'imageGenerate' }))
    expect(await answer.json()).toMatchObject({ verdict: false })
    expect((await here.ask('/v1/decide/portkey', { request: {} })).status).toBe(400)
  })
})
