import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, gunzipSync } from 'node:zlib'
import Anthropic, { PermissionDeniedError as AnthropicDenied } from '@anthropic-ai/sdk'
import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import OpenAI, { PermissionDeniedError, RateLimitError } from 'openai'
import { describe, expect, test } from 'vitest'
import type { CaseRecord, Ruling } from '../../src/record/index.ts'
import { folder } from '../support/folder.ts'
import { flagged, type Policing, policing } from '../support/policing.ts'
import { until } from '../support/serving.ts'
import { json, speak, text, upstream } from '../support/upstream.ts'

// What an account meets that detection has flagged, through the clients people use.

const question = [{ role: 'user' as const, content: 'When is low tide?' }]
const quick = { delay_ms_first: 1, delay_ms_max: 1 }
const rule = (action: string, more: object = {}): object => ({
  when: { verdict: 'flagged', ...more },
  action,
  expires_hours: 24,
})
const enforced = (action: string, more: object = {}): object => ({
  enforce: true,
  rules: [rule(action)],
  slow: quick,
  ...more,
})

function openai(url: string, account: string, maxRetries = 0): OpenAI {
  const defaultHeaders = { 'x-stillwatch-account': account }
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-test', maxRetries, defaultHeaders })
}

function anthropic(url: string, account: string): Anthropic {
  const defaultHeaders = { 'x-stillwatch-account': account }
  return new Anthropic({ baseURL: url, apiKey: 'sk-ant-test', maxRetries: 0, defaultHeaders })
}

function chat(client: OpenAI, more: object = {}): Promise<OpenAI.ChatCompletion> {
  return client.chat.completions.create({ model: 'm', messages: question, ...more })
}

async function failure<E>(of: Promise<unknown>): Promise<E> {
  return (await of.then(
    () => expect.unreachable('it was answered'),
    (cause: unknown) => cause,
  )) as E
}

/** What a reviewer decided about the accounts of a case, as `policy decide` writes it. */
function rules(here: Policing, decision: Ruling['decision'], account: string): Promise<unknown> {
  const day = 86_400_000
  const ruling: Ruling = {
    case: 'C3',
    accounts: [account],
    decision,
    reviewer: 'Dana',
    why: 'read thirty of its requests',
    at: new Date(Date.now() - day).toISOString(),
    until: new Date(Date.now() + 30 * day).toISOString(),
  }
  appendFileSync(join(here.directory, 'decisions.jsonl'), `${JSON.stringify(ruling)}\n`)
  return until(
    () => here.log.findLast(({ message }) => message.startsWith('New decisions')),
    () => 'the decision was not read',
  )
}

async function casesOf(here: Policing): Promise<readonly CaseRecord[]> {
  const answer = (await (await here.admin('GET', '/cases')).json()) as { cases: CaseRecord[] }
  return answer.cases
}

describe('as it starts, nothing is enforced', () => {
  test('an account that everything speaks against is answered byte for byte, and it is counted', async () => {
    const api = await upstream()
    const here = await policing(api.url, {})
    here.stands('rook', flagged)
    const sent = '{"model":"m","logprobs":true, "n":4,"messages":[]}'
    const answer = await fetch(`${here.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-stillwatch-account': 'rook', 'content-type': 'application/json' },
      body: sent,
    })
    expect(answer.status).toBe(200)
    expect([...answer.headers.keys()].filter((name) => name.startsWith('x-stillwatch'))).toEqual([])
    expect(api.received[0]?.body.toString()).toBe(sent)
    const judged = 'stillwatch_policy_decisions_total{action="withhold",enforced="false"}'
    expect(await here.metric(judged)).toBe(1)
    expect(await casesOf(here)).toMatchObject([{ action: 'withhold', enforced: false }])
  })

  test('and the challenge page is the upstream’s business', async () => {
    const api = await upstream()
    const here = await policing(api.url, {})
    await fetch(`${here.url}/stillwatch/challenge`)
    expect(api.received.map(({ url }) => url)).toEqual(['/stillwatch/challenge'])
  })
})

test('honest accounts are passed byte for byte while others are refused', async () => {
  const api = await upstream()
  const here = await policing(api.url, enforced('refuse', { refuse_without_review: ['paid'] }))
  here.stands('rook', flagged)
  const sent = '{ "model":"m","logprobs":true,\n"n":4 ,"messages":[],"seed":12345678901234567890}'
  const ask = (account: string): Promise<Response> =>
    fetch(`${here.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-stillwatch-account': account },
      body: sent,
    })
  const [honest, rook] = [await ask('heron'), await ask('rook')]
  expect([honest.status, rook.status]).toEqual([200, 403])
  expect(api.received.map(({ body }) => body.toString())).toEqual([sent])
})

describe('refuse', () => {
  const policy = enforced('refuse', {
    refuse_without_review: ['paid'],
    reasons_url: 'https://api.example.com/cases/{case}',
  })

  test('tells the openai client its case and where the reasons stand, and not to retry', async () => {
    const api = await upstream()
    const here = await policing(api.url, policy)
    here.stands('rook', flagged)
    const error = await failure<PermissionDeniedError>(chat(openai(here.url, 'rook', 3)))
    expect(error).toBeInstanceOf(PermissionDeniedError)
    const [opened] = await casesOf(here)
    const id = opened?.id ?? ''
    expect(id).toMatch(/^S-[0-9a-f]{16}$/)
    expect(error).toMatchObject({ status: 403, code: 'account_refused', type: 'permission_error' })
    expect(error.message).toContain(`Case ${id}`)
    expect(error.headers.get('x-stillwatch-case')).toBe(id)
    expect(error.headers.get('x-stillwatch-reasons')).toBe(`https://api.example.com/cases/${id}`)
    expect(error.headers.get('x-should-retry')).toBe('false')
    expect(api.received).toHaveLength(0)
    expect(
      await here.metric('stillwatch_policy_decisions_total{action="refuse",enforced="true"}'),
    ).toBe(1)
    const [record] = await here.records(1)
    expect(record).toMatchObject({ account: 'rook', status: 403, request: { model: 'm' } })
    expect(record).not.toHaveProperty('output')
  })

  test('tells the anthropic client in its own dialect, streaming or not', async () => {
    const here = await policing((await upstream()).url, policy)
    here.stands('rook', flagged)
    const client = anthropic(here.url, 'rook')
    const asked = { model: 'c', max_tokens: 64, messages: question }
    for (const failed of [
      client.messages.create(asked),
      client.messages.stream(asked).finalMessage(),
    ]) {
      const error = await failure<AnthropicDenied>(failed)
      expect(error).toBeInstanceOf(AnthropicDenied)
      expect(error.error).toMatchObject({ type: 'error', error: { type: 'permission_error' } })
    }
    expect(await casesOf(here)).toHaveLength(1)
  })

  test('never tells a score, nor by what evidence', async () => {
    const here = await policing((await upstream()).url, policy)
    here.stands('rook', { ...flagged, bucket: 271_828 })
    const error = await failure<PermissionDeniedError>(chat(openai(here.url, 'rook')))
    const [opened] = await casesOf(here)
    const told = `${error.message} ${JSON.stringify([...error.headers])} ${opened?.statement}`
    expect(told.replaceAll(opened?.id ?? '', '')).not.toMatch(/271828|score|bucket|detector/)
    expect(opened?.statement).toMatch(/^Model extraction is alleged since 2026-09-\d\d: /)
    expect(opened?.account).toMatch(/^acct_[0-9a-f]{24}$/)
  })
})

describe('a reviewer', () => {
  test('lets a refusal be, on a tier that pays, and it is limited until then', async () => {
    const api = await upstream()
    const here = await policing(api.url, enforced('refuse'))
    here.stands('rook', flagged)
    await chat(openai(here.url, 'rook'), { logprobs: true })
    expect(api.received[0]?.body.toString()).not.toContain('logprobs')
    const [opened] = await casesOf(here)
    expect(opened).toMatchObject({ action: 'withhold', reviewer: null })
    await rules(here, 'uphold', opened?.account ?? '')
    await expect(chat(openai(here.url, 'rook'))).rejects.toMatchObject({ status: 403 })
    expect((await casesOf(here))[0]).toMatchObject({ action: 'refuse', reviewer: 'Dana' })
  })

  test('overturns, and nothing is done any more', async () => {
    const here = await policing(
      (await upstream()).url,
      enforced('refuse', { refuse_without_review: ['paid'] }),
    )
    here.stands('rook', flagged)
    await expect(chat(openai(here.url, 'rook'))).rejects.toMatchObject({ status: 403 })
    const [opened] = await casesOf(here)
    await rules(here, 'overturn', opened?.account ?? '')
    expect((await chat(openai(here.url, 'rook'))).choices[0]?.message.content).toBe(text)
  })

  test('who writes nonsense is told, and the old decisions stay', async () => {
    const here = await policing(
      (await upstream()).url,
      enforced('refuse', { refuse_without_review: ['paid'] }),
    )
    here.stands('rook', flagged)
    await rules(here, 'overturn', 'rook')
    appendFileSync(join(here.directory, 'decisions.jsonl'), '{"case":"C3","decision":"uphold"}\n')
    await until(
      () => here.log.find(({ message }) => /line 2: must have required property/.test(message)),
      () => 'nothing was said',
    )
    expect((await chat(openai(here.url, 'rook'))).choices).toHaveLength(1)
  })
})

describe('slow', () => {
  test('delays each request more than the last, up to a bound', async () => {
    const slow = { delay_ms_first: 60, delay_ms_max: 240, concurrency_max: 9 }
    const here = await policing((await upstream()).url, enforced('slow', { slow }))
    here.stands('rook', flagged)
    const times: number[] = []
    for (let asked = 0; asked < 4; asked++) {
      const started = performance.now()
      await chat(openai(here.url, 'rook'))
      times.push(performance.now() - started)
    }
    for (const [at, least] of [60, 120, 240, 240].entries())
      expect(times[at]).toBeGreaterThanOrEqual(least - 2)
  })

  test('answers 429 beyond its concurrency, which the client waits out', async () => {
    let busy: (() => void) | undefined
    const api = await upstream((received, response, request) => {
      if (busy) return speak(received, response, request)
      busy = () => speak(received, response, request)
    })
    const slow = { ...quick, concurrency_max: 1 }
    const here = await policing(api.url, enforced('slow', { slow }))
    here.stands('rook', flagged)
    const first = chat(openai(here.url, 'rook'))
    await until(
      () => busy,
      () => 'the first did not arrive',
    )
    const error = await failure<RateLimitError>(chat(openai(here.url, 'rook')))
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error).toMatchObject({ code: 'account_slowed' })
    expect(error.headers.get('retry-after')).toBe('2')
    const patient = chat(openai(here.url, 'rook', 3))
    busy?.()
    expect((await first).choices).toHaveLength(1)
    expect((await patient).choices).toHaveLength(1)
  })

  test('who leaves while it waits gives its place and its memory back', async () => {
    const api = await upstream()
    const slow = { delay_ms_first: 30_000, delay_ms_max: 30_000, concurrency_max: 1 }
    const here = await policing(api.url, enforced('slow', { slow }))
    here.stands('rook', flagged)
    for (let asked = 0; asked < 2; asked++) {
      const controller = new AbortController()
      const body = JSON.stringify({ model: 'm', messages: question })
      const headers = { 'x-stillwatch-account': 'rook' }
      const asking = fetch(`${here.url}/v1/chat/completions`, {
        method: 'POST',
        headers,
        body,
        signal: controller.signal,
      }).then(
        ({ status }) => status,
        () => 'left',
      )
      await until(
        async () => ((await here.metric('stillwatch_body_bytes')) > 0 ? true : undefined),
        () => 'the request did not arrive',
      )
      controller.abort()
      expect(await asking).toBe('left')
      await until(
        async () => ((await here.metric('stillwatch_body_bytes')) === 0 ? true : undefined),
        () => 'its memory is still held',
      )
    }
    expect(api.received).toHaveLength(0)
  })
})

describe('withhold', () => {
  test('takes likelihoods, biases and choices out, caps the answer, and records which', async () => {
    const api = await upstream()
    const here = await policing(api.url, enforced('withhold'))
    here.stands('rook', flagged)
    const answer = await chat(openai(here.url, 'rook'), {
      logprobs: true,
      top_logprobs: 20,
      n: 4,
      logit_bias: { '5': -100 },
      temperature: 0.5,
    })
    expect(answer.choices[0]?.message.content).toBe(text)
    expect(JSON.parse(api.received[0]?.body.toString() ?? '')).toEqual({
      model: 'm',
      messages: question,
      n: 1,
      temperature: 0.5,
      max_completion_tokens: 1024,
    })
    const [record] = await here.records(1)
    const fields = ['logit_bias', 'logprobs', 'max_completion_tokens', 'n', 'top_logprobs']
    expect(record?.rewritten).toEqual(fields)
    // What it asked for, as it asked: the next audit is to see it.
    expect(record?.request).toMatchObject({ n: 4, logprobs: true, top_logprobs: 20 })
  })

  test('caps a message and takes its thinking out, streamed', async () => {
    const api = await upstream()
    const here = await policing(
      api.url,
      enforced('withhold', { withhold: { output_tokens_max: 100 } }),
    )
    here.stands('rook', flagged)
    const message = await anthropic(here.url, 'rook')
      .messages.stream({
        model: 'c',
        max_tokens: 32_000,
        thinking: { type: 'enabled', budget_tokens: 16_000 },
        messages: question,
      })
      .finalMessage()
    expect(message.content[0]).toMatchObject({ type: 'text', text })
    const sent = JSON.parse(api.received[0]?.body.toString() ?? '') as object
    expect(sent).toEqual({ model: 'c', max_tokens: 100, messages: question, stream: true })
  })

  test('packs a packed body again, so that its headers stay true', async () => {
    const api = await upstream((_, response) => json(response, {}))
    const here = await policing(api.url, enforced('withhold'))
    here.stands('rook', flagged)
    await fetch(`${here.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-stillwatch-account': 'rook', 'content-encoding': 'gzip' },
      body: gzipSync('{"n":4,"max_tokens":5,"messages":"é"}'),
    })
    const [received] = api.received
    expect(received?.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(received?.body ?? '').toString()).toBe(
      '{"n":1,"max_tokens":5,"messages":"é"}',
    )
  })

  test('lets nothing pass that it cannot read', async () => {
    const api = await upstream()
    const here = await policing(api.url, enforced('withhold'))
    here.stands('rook', flagged)
    const ask = async (
      path: string,
      body: string | Uint8Array,
      more: object = {},
    ): Promise<number> => {
      const headers = { 'x-stillwatch-account': 'rook', ...more }
      return (await fetch(`${here.url}${path}`, { method: 'POST', headers, body })).status
    }
    expect(await ask('/v1/chat/completions', '{"n":4,}')).toBe(400)
    expect(await ask('/v1/chat/completions', 'packed', { 'content-encoding': 'zstd' })).toBe(400)
    expect(await ask('/completion', '{"n":4}')).toBe(403)
    expect(api.received).toHaveLength(0)
    expect(await here.metric('stillwatch_body_bytes')).toBe(0)
  })
})

describe('challenge', () => {
  const policy = enforced('challenge', { challenge: { work_iterations: 10 } })
  const weak = { ...flagged, bucket: 4 }

  async function solve(url: string, account: string): Promise<string> {
    const headers = { 'x-stillwatch-account': account }
    const given = await fetch(`${url}/stillwatch/challenge`, { headers })
    const challenge = (await given.json()) as Challenge
    const solution = await solveChallenge({ challenge, deriveKey })
    return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
  }
  const post = async (url: string, account: string, altcha: string): Promise<number> => {
    const headers = { 'x-stillwatch-account': account }
    const body = JSON.stringify({ altcha })
    return (await fetch(`${url}/stillwatch/challenge`, { method: 'POST', headers, body })).status
  }

  test('a caller nobody knows works for a while, and is answered for a while', async () => {
    const api = await upstream()
    const here = await policing(api.url, policy)
    here.stands('anonymous', weak)
    const client = openai(here.url, 'anonymous')
    const error = await failure<PermissionDeniedError>(chat(client))
    expect(error).toMatchObject({ status: 403, code: 'account_challenged' })
    expect(error.message).toContain('/stillwatch/challenge')
    expect(await post(here.url, 'anonymous', await solve(here.url, 'anonymous'))).toBe(200)
    expect((await chat(client)).choices).toHaveLength(1)
    here.later(31 * 60_000)
    await expect(chat(client)).rejects.toMatchObject({ code: 'account_challenged' })
    expect(api.received).toHaveLength(1)
  })

  test('an answer counts once, for whom it was made, and only if it is right', async () => {
    const here = await policing((await upstream()).url, policy)
    const answer = await solve(here.url, 'anonymous')
    expect(await post(here.url, 'rook', answer)).toBe(403)
    expect(await post(here.url, 'anonymous', answer)).toBe(200)
    expect(await post(here.url, 'anonymous', answer)).toBe(403)
    for (const wrong of ['', 'bm9uc2Vuc2U=', 'x'.repeat(1000)])
      expect(await post(here.url, 'anonymous', wrong)).toBe(403)
    expect(await post(here.url, 'anonymous', 'x'.repeat(5_000_000))).toBe(413)
  })

  test('of callers who share an account each answers for its own address', async () => {
    const here = await policing((await upstream()).url, policy)
    here.stands('anonymous', weak)
    expect(await post(here.url, 'anonymous', await solve(here.url, 'anonymous'))).toBe(200)
    const from = { headers: { 'x-forwarded-for': '192.0.2.7' } }
    const other = openai(here.url, 'anonymous').chat.completions.create(
      { model: 'm', messages: question },
      from,
    )
    await expect(other).rejects.toMatchObject({ code: 'account_challenged' })
    const passed = await here.admin('POST', '/policy/pass', {
      case: (await casesOf(here))[0]?.id,
      minutes: 60,
    })
    expect(passed.status).toBe(400)
  })

  test('a customer is verified by somebody else, who is told and tells back', async () => {
    const told: { event: string; case: CaseRecord }[] = []
    const hook = await upstream(({ body }, response) => {
      told.push(JSON.parse(body.toString()) as (typeof told)[number])
      json(response, {})
    })
    const challenge = { url: 'https://example.com/verify', webhook: { url: hook.url } }
    const more = { challenge, refuse_without_review: ['paid'] }
    const here = await policing((await upstream()).url, enforced('challenge', more))
    here.stands('rook', weak)
    const client = openai(here.url, 'rook')
    const error = await failure<PermissionDeniedError>(chat(client))
    expect(error.message).toContain('verify the account again at https://example.com/verify')
    const asked = await until(
      () => told[0],
      () => 'nobody was told',
    )
    expect(asked).toMatchObject({ event: 'verification-needed', case: { action: 'challenge' } })
    const passed = await here.admin('POST', '/policy/pass', { case: asked.case.id, minutes: 60 })
    expect(passed.status).toBe(200)
    expect((await chat(client)).choices).toHaveLength(1)
  })
})

describe('the kill switch', () => {
  const policy = enforced('refuse', { refuse_without_review: ['paid'] })

  test('ends all enforcement at once, over a restart too, until it is released', async () => {
    const api = await upstream()
    const directory = folder()
    const here = await policing(api.url, policy, directory)
    here.stands('rook', flagged)
    await expect(chat(openai(here.url, 'rook'))).rejects.toMatchObject({ status: 403 })
    expect(await (await here.admin('POST', '/policy/kill')).json()).toMatchObject({
      enforce: true,
      enforced: false,
    })
    expect((await chat(openai(here.url, 'rook'))).choices).toHaveLength(1)
    const again = await policing(api.url, policy, directory)
    again.stands('rook', flagged)
    expect(again.log.some(({ message }) => message.includes('not released since'))).toBe(true)
    expect((await chat(openai(again.url, 'rook'))).choices).toHaveLength(1)
    await again.admin('POST', '/policy/release')
    await expect(chat(openai(again.url, 'rook'))).rejects.toMatchObject({ status: 403 })
  })

  test('works though the disk is gone, and says that it will not outlast a restart', async () => {
    const directory = folder()
    const here = await policing((await upstream()).url, policy, directory)
    here.stands('rook', flagged)
    rmSync(directory, { recursive: true })
    expect((await here.admin('POST', '/policy/kill')).status).toBe(200)
    expect((await chat(openai(here.url, 'rook'))).choices).toHaveLength(1)
    expect(here.log.some(({ message }) => message.includes('only until a restart'))).toBe(true)
  })

  test('is in the settings, too', async () => {
    const here = await policing((await upstream()).url, policy)
    here.stands('rook', flagged)
    here.policy({ ...policy, kill_switch: true })
    expect((await chat(openai(here.url, 'rook'))).choices).toHaveLength(1)
  })

  test('needs the token', async () => {
    const here = await policing((await upstream()).url, policy)
    for (const path of ['/policy/kill', '/cases', '/policy/pass'])
      expect((await fetch(`${here.gateway.adminUrl}${path}`, { method: 'POST' })).status).toBe(401)
  })
})

describe('a case', () => {
  test('expires, is written down, and opens again only on more evidence', async () => {
    const api = await upstream()
    const directory = folder()
    const policy = enforced('slow')
    const first = await policing(api.url, policy, directory)
    first.stands('rook', flagged)
    const client = (here: Policing): OpenAI => openai(here.url, 'rook')
    await chat(client(first))
    await first.gateway.close()
    const here = await policing(api.url, policy, directory)
    here.stands('rook', flagged)
    await chat(client(here))
    expect(await casesOf(here)).toHaveLength(1)
    here.later(25 * 3_600_000)
    await chat(client(here))
    expect(await casesOf(here)).toHaveLength(1)
    expect(
      await here.metric('stillwatch_policy_decisions_total{action="observe",enforced="false"}'),
    ).toBe(1)
    here.stands('rook', { ...flagged, bucket: 7 })
    await chat(client(here))
    const cases = await casesOf(here)
    expect(cases).toHaveLength(2)
    const one = await here.admin('GET', `/cases/${cases[0]?.id}`)
    expect(await one.json()).toMatchObject({ action: 'slow', campaign: 'C3', bucket: 7 })
    const lines = await until(
      () => {
        const written = readFileSync(join(directory, 'cases.jsonl'), 'utf8').trim().split('\n')
        return written.length === 2 ? written : undefined
      },
      () => 'the second case was not written',
    )
    expect(lines.join('')).not.toContain('rook')
  })
})

describe('alerts', () => {
  test('are posted once for a campaign, though many accounts are in it', async () => {
    const hook = await upstream((_, response) => json(response, {}))
    const alerts = { url: hook.url, token: 'hook-token' }
    const here = await policing((await upstream()).url, { alerts })
    for (const account of ['rook', 'teal', 'crow']) {
      here.stands(account, flagged)
      await chat(openai(here.url, account))
    }
    here.stands('other', { ...flagged, case: 'C4' })
    await chat(openai(here.url, 'other'))
    await until(
      () => (hook.received.length >= 2 ? true : undefined),
      () => 'too few alerts',
    )
    const bodies = hook.received.map(
      ({ body }) => JSON.parse(body.toString()) as { case: CaseRecord },
    )
    expect(bodies.map((each) => each.case.campaign)).toEqual(['C3', 'C4'])
    expect(hook.received[0]?.headers['authorization']).toBe('Bearer hook-token')
  })

  test('speak Slack’s language, and are tried again while the other end is down', async () => {
    let left = 1
    const hook = await upstream((_, response) => {
      left -= 1
      json(response, {}, left < 0 ? 200 : 503)
    })
    const alerts = { url: hook.url, format: 'slack' }
    const here = await policing((await upstream()).url, { alerts })
    here.stands('rook', flagged)
    await chat(openai(here.url, 'rook'))
    await until(
      () => (hook.received.length === 2 ? true : undefined),
      () => 'it was not tried again',
    )
    const { text: said, ...rest } = JSON.parse(hook.received[1]?.body.toString() ?? '') as {
      text: string
    }
    expect(rest).toEqual({})
    expect(said).toMatch(/^Stillwatch opened case S-\w+: withhold \(not enforced\) for acct_/)
    await until(
      async () =>
        (await here.metric('stillwatch_policy_webhooks_total{result="sent"}')) || undefined,
      () => 'it was not counted',
    )
  })

  test('never hold a request up, though nobody listens', async () => {
    const hook = await upstream(() => undefined)
    const here = await policing((await upstream()).url, { alerts: { url: hook.url } })
    here.stands('rook', flagged)
    expect((await chat(openai(here.url, 'rook'))).choices).toHaveLength(1)
  })
})

test('a fault in the policy costs nobody an answer, and is told', async () => {
  const here = await policing((await upstream()).url, enforced('slow'))
  here.stands('rook', { ...flagged, since: Number.NaN })
  expect((await chat(openai(here.url, 'rook'))).choices).toHaveLength(1)
  expect(here.log.map(({ message }) => message)).toContain(
    'The policy failed, and the request passed.',
  )
})

test('a rule may be about a country, by the word of a trusted proxy', async () => {
  const policy = {
    enforce: true,
    slow: quick,
    rules: [rule('withhold', { jurisdictions: ['FR'] })],
  }
  const api = await upstream()
  const here = await policing(api.url, policy)
  here.stands('rook', flagged)
  const from = (country: string): Promise<OpenAI.ChatCompletion> =>
    openai(here.url, 'rook').chat.completions.create(
      { model: 'm', messages: question, n: 3 },
      { headers: { 'x-stillwatch-country': country } },
    )
  await from('fr')
  await from('DE')
  const sent = api.received.map(({ body }) => (JSON.parse(body.toString()) as { n: number }).n)
  expect(sent).toEqual([1, 3])
  expect(api.received[0]?.headers).not.toHaveProperty('x-stillwatch-country')
})
