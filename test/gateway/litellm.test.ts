import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI, { APIError } from 'openai'
import { describe, expect, test } from 'vitest'
import { decideToken, type Deciding, deciding } from '../support/deciding.ts'
import { folder } from '../support/folder.ts'
import { flagged } from '../support/policing.ts'
import { freePort, program } from '../support/proxy.ts'
import { text, upstream } from '../support/upstream.ts'

// LiteLLM's own proxy, with Stillwatch as its guardrail and the place where its logs go. It runs where STILLWATCH_LITELLM
// names the program: python3 -m venv v && v/bin/pip install 'litellm[proxy]', then STILLWATCH_LITELLM=$PWD/v/bin/litellm.

const litellm = process.env['STILLWATCH_LITELLM'] ?? ''

if (!existsSync(litellm))
  process.stderr.write(
    "skipped: the real LiteLLM, for STILLWATCH_LITELLM names no program (pip install 'litellm[proxy]')\n",
  )

/** Keys of the proxy and whose they are, as a database would say. */
const auth = `
from litellm.proxy._types import UserAPIKeyAuth
async def user_api_key_auth(request, api_key):
    users = {"sk-heron": "heron", "sk-rook": "rook"}
    return UserAPIKeyAuth(api_key=api_key, user_id=users[api_key], team_id="birds")
`

/** The settings that docs/adapters.md shows, in front of a model of the test. */
function settings(api: string, stillwatch: string): string {
  return JSON.stringify({
    model_list: [
      {
        model_name: 'm',
        litellm_params: { model: 'openai/m', api_base: `${api}/v1`, api_key: 'sk-upstream' },
      },
    ],
    guardrails: [
      {
        guardrail_name: 'stillwatch',
        litellm_params: {
          guardrail: 'generic_guardrail_api',
          mode: 'pre_call',
          default_on: true,
          api_base: stillwatch,
          api_key: 'os.environ/STILLWATCH_DECIDE_TOKEN',
          unreachable_fallback: 'fail_open',
        },
      },
    ],
    litellm_settings: { callbacks: ['stillwatch'] },
    callback_settings: {
      stillwatch: {
        callback_type: 'generic_api',
        endpoint: `${stillwatch}/v1/exchanges/litellm`,
        headers: { 'x-stillwatch-token': 'os.environ/STILLWATCH_DECIDE_TOKEN' },
      },
    },
    general_settings: { custom_auth: 'auth.user_api_key_auth' },
  })
}

/** Starts the proxy; its address. */
async function proxy(api: string, here: Deciding): Promise<string> {
  const at = folder({ 'config.yaml': settings(api, here.decideUrl), 'auth.py': auth })
  const port = await freePort()
  const words = ['--config', join(at, 'config.yaml'), '--host', '127.0.0.1', '--port', `${port}`]
  const env = {
    STILLWATCH_DECIDE_TOKEN: decideToken,
    // It does not start without one, though the keys here are its own.
    LITELLM_MASTER_KEY: `sk-${randomBytes(32).toString('hex')}`,
    // Nothing is looked up elsewhere, and logs are sent each second.
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    DEFAULT_FLUSH_INTERVAL_SECONDS: '1',
  }
  const url = `http://127.0.0.1:${port}`
  await program([litellm, ...words], { cwd: at, env, url: `${url}/health/liveliness` })
  return url
}

function client(url: string, key: string): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
}

const question = [{ role: 'user' as const, content: 'When is low tide?' }]
const ask = { model: 'm', messages: question, temperature: 0.5 }

describe('behind the real LiteLLM', () => {
  test.skipIf(!existsSync(litellm))(
    'an honest account is answered and its exchanges ship; a flagged one is refused with its case',
    async () => {
      const api = await upstream()
      const here = await deciding({
        enforce: true,
        rules: [{ when: { verdict: 'flagged' }, action: 'refuse', expires_hours: 24 }],
        refuse_without_review: ['paid'],
      })
      here.stands('rook', flagged)
      const url = await proxy(api.url, here)
      const answer = await client(url, 'sk-heron').chat.completions.create(ask)
      expect(answer.choices[0]?.message.content).toBe(text)
      const streamed = await client(url, 'sk-heron').chat.completions.create({
        ...ask,
        stream: true,
      })
      let heard = ''
      for await (const { choices } of streamed) heard += choices[0]?.delta.content ?? ''
      expect(heard).toBe(text)

      const before = api.received.length
      const error: unknown = await client(url, 'sk-rook')
        .chat.completions.create(ask)
        .catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(APIError)
      const { message, status } = error as APIError
      expect(status).toBe(400)
      expect(message).toMatch(/model extraction is alleged\. Case S-[0-9a-f]{16}/)
      expect(api.received).toHaveLength(before)

      const kept = await here.records(2)
      const honest = kept.filter(({ account }) => account === 'heron')
      expect(honest).toHaveLength(2)
      for (const each of honest) {
        expect(each).toMatchObject({
          org: 'birds',
          path: '/v1/chat/completions',
          status: 200,
          output: text,
          usage: { prompt_tokens: 9, completion_tokens: 7 },
        })
        expect(each.request).toMatchObject({ model: 'm', messages: question, temperature: 0.5 })
      }
      expect(JSON.stringify(kept)).not.toMatch(/sk-/)
    },
  )
})

describe('what LiteLLM sends, without LiteLLM', () => {
  const guard = '/beta/litellm_basic_guardrail_api'
  const asks = (user: string, more: object = {}): object => ({
    input_type: 'request',
    request_data: { user_api_key_user_id: user, user_api_key_hash: 'a'.repeat(64) },
    texts: ['When is low tide?'],
    model: 'm',
    ...more,
  })
  const refusing = {
    enforce: true,
    rules: [{ when: { verdict: 'flagged' }, action: 'refuse', expires_hours: 24 }],
    refuse_without_review: ['paid'],
  }

  test('the default user is nobody: then the key is the account', async () => {
    const here = await deciding(refusing)
    here.stands('a'.repeat(64), flagged)
    const told = async (user: string): Promise<unknown> =>
      (await here.ask(guard, asks(user))).json()
    expect(await told('default_user_id')).toMatchObject({ action: 'BLOCKED' })
    expect(await told('heron')).toEqual({ action: 'NONE' })
  })

  test('answers are let through: they were decided about as questions', async () => {
    const here = await deciding(refusing)
    here.stands('rook', flagged)
    const answer = await here.ask(guard, asks('rook', { input_type: 'response' }))
    expect(await answer.json()).toEqual({ action: 'NONE' })
  })

  test('a request that is to be slowed waits here, and gives its place back when its client leaves', async () => {
    const slow = { delay_ms_first: 300, delay_ms_max: 300, concurrency_max: 1 }
    const rules = [{ when: { verdict: 'flagged' }, action: 'slow', expires_hours: 24 }]
    const here = await deciding({ enforce: true, rules, slow })
    here.stands('rook', flagged)
    const started = performance.now()
    const first = here.ask(guard, asks('rook'))
    await new Promise((done) => setTimeout(done, 50))
    const second = (await (await here.ask(guard, asks('rook'))).json()) as object
    expect(second).toMatchObject({ action: 'BLOCKED' })
    expect(await (await first).json()).toEqual({ action: 'NONE' })
    expect(performance.now() - started).toBeGreaterThanOrEqual(298)
  })

  test('a failed call is recorded by its status; what is no log is refused', async () => {
    const here = await deciding({})
    const log = {
      id: 'chatcmpl-1',
      call_type: 'acompletion',
      status: 'failure',
      startTime: Date.now() / 1000 - 2,
      endTime: Date.now() / 1000,
      model: 'm',
      messages: question,
      model_parameters: {},
      metadata: { user_api_key_hash: 'b'.repeat(64) },
      error_information: { error_code: '429' },
      response: {},
    }
    const answer = await here.ask('/v1/exchanges/litellm', [
      log,
      { id: 'x' },
      { ...log, startTime: 1e300 },
    ])
    expect(await answer.json()).toMatchObject({ kept: 1, refused: 2 })
    const [record] = await here.records(1)
    expect(record).toMatchObject({ account: 'b'.repeat(64), status: 429, latency_ms: 2000 })
    expect(record).not.toHaveProperty('output')
  })
})
