import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { root, stillwatch } from '../support/cli.ts'
import { type Deciding, deciding } from '../support/deciding.ts'
import { folder } from '../support/folder.ts'
import { flagged } from '../support/policing.ts'
import { serving, until } from '../support/serving.ts'

// What another gateway is told that passes requests on itself, and what becomes of the exchanges it ships.

const rule = (action: string, more: object = {}): object => ({
  when: { verdict: 'flagged', ...more },
  action,
  expires_hours: 24,
})
const enforced = (action: string, more: object = {}): object => ({
  enforce: true,
  rules: [rule(action)],
  refuse_without_review: ['paid'],
  ...more,
})

/** As the native record has it. */
const exchange = (more: object = {}): object => ({
  id: 'req_1',
  time: new Date().toISOString(),
  account: 'heron',
  path: '/v1/chat/completions',
  request: { model: 'm', messages: [{ role: 'user', content: 'When is low tide?' }] },
  status: 200,
  usage: { prompt_tokens: 9, completion_tokens: 7 },
  output: 'At 14:20.',
  ...more,
})

type Told = Readonly<Record<string, unknown>>

/** The answer to a question, held to the description that docs/openapi.yaml gives of it. */
async function decide(here: Deciding, question: object): Promise<Told> {
  const answer = await here.ask('/v1/decide', question)
  expect(answer.status).toBe(200)
  const told = (await answer.json()) as Told
  expect(described('Question')(question)).toBe(true)
  expect(described('Advice')(told) || described.why()).toBe(true)
  return told
}

const described = (() => {
  const text = readFileSync(join(root, 'docs/openapi.yaml'), 'utf8')
  const { components } = parse(text) as { components: { schemas: Record<string, object> } }
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'openapi', components })
  return Object.assign(
    (name: string) => {
      const validate = ajv.compile({ $ref: `openapi#/components/schemas/${name}` })
      return (value: unknown): boolean => {
        if (validate(value)) return true
        why = JSON.stringify(validate.errors)
        return false
      }
    },
    { why: () => why },
  )
})()
let why = ''

describe('what to do about a request', () => {
  test('of somebody nothing speaks against: nothing', async () => {
    const here = await deciding(enforced('refuse'))
    const told = await decide(here, { account: 'heron', model: 'm' })
    expect(told).toEqual({ action: 'observe', judged: 'observe', enforced: false })
  })

  test('of a flagged account: refuse it, with a case, its reasons and words for the caller', async () => {
    const policy = enforced('refuse', { reasons_url: 'https://api.example.com/cases/{case}' })
    const here = await deciding(policy)
    here.stands('rook', { ...flagged, bucket: 47 })
    const told = await decide(here, { account: 'rook', tier: 'paid' })
    expect(told).toMatchObject({
      action: 'refuse',
      judged: 'refuse',
      enforced: true,
      status: 403,
      code: 'account_refused',
      case: expect.stringMatching(/^S-[0-9a-f]{16}$/) as string,
    })
    expect(told['reasons_url']).toBe(`https://api.example.com/cases/${String(told['case'])}`)
    const words = JSON.stringify(told).replaceAll(String(told['case']), '')
    expect(words).not.toMatch(/\b47\b|score|bucket|detector|famil/)
    const cases = (await (await here.admin('GET', '/cases')).json()) as { cases: { id: string }[] }
    expect(cases.cases.map(({ id }) => id)).toEqual([told['case']])
  })

  test('while the policy is not enforced: nothing, and what it would be', async () => {
    const here = await deciding({ ...enforced('refuse'), enforce: false })
    here.stands('rook', flagged)
    const told = await decide(here, { account: 'rook' })
    expect(told).toMatchObject({ action: 'observe', judged: 'refuse', enforced: false })
    expect(told).not.toHaveProperty('status')
  })

  test('on a tier that pays, nobody is refused before a person has agreed', async () => {
    const here = await deciding({ enforce: true, rules: [rule('refuse')] })
    here.stands('rook', flagged)
    expect(await decide(here, { account: 'rook', tier: 'contract' })).toMatchObject({
      action: 'slow',
    })
  })

  test('slow: let it wait, each time longer', async () => {
    const here = await deciding(
      enforced('slow', { slow: { delay_ms_first: 40, delay_ms_max: 100 } }),
    )
    here.stands('rook', flagged)
    const delays = []
    for (let asked = 0; asked < 3; asked++)
      delays.push((await decide(here, { account: 'rook' }))['delay_ms'])
    expect(delays).toEqual([40, 80, 100])
  })

  test('withhold: the body to send instead, as an object or, with every digit, as text', async () => {
    const here = await deciding(enforced('withhold'))
    here.stands('rook', flagged)
    const request = { model: 'm', messages: [], logprobs: true, max_tokens: 9 }
    expect(await decide(here, { account: 'rook', request })).toMatchObject({
      action: 'withhold',
      fields: ['logprobs'],
      request: { model: 'm', messages: [], max_tokens: 9 },
    })
    const text = '{"model":"m", "seed":12345678901234567890,"n":4,"max_tokens":9}'
    const told = await decide(here, { account: 'rook', request: text })
    expect(told['request']).toBe(text.replace('"n":4', '"n":1'))
  })

  test('who sends no body cannot withhold, and is told the gravest milder thing', async () => {
    const here = await deciding(enforced('withhold'))
    here.stands('rook', flagged)
    expect(await decide(here, { account: 'rook' })).toMatchObject({
      action: 'slow',
      judged: 'slow',
      delay_ms: expect.any(Number) as number,
    })
    const able = ['refuse']
    expect(await decide(here, { account: 'rook', able })).toMatchObject({ action: 'observe' })
  })

  test('rules for a model, a route or a country look at what the question says of them', async () => {
    const rules = [rule('refuse', { models: ['gpt-5*'], jurisdictions: ['FR'] })]
    const here = await deciding(enforced('refuse', { rules }))
    here.stands('rook', flagged)
    const action = async (more: object): Promise<unknown> =>
      (await decide(here, { account: 'rook', ...more }))['action']
    expect(await action({ model: 'gpt-5-mini', jurisdiction: 'fr' })).toBe('refuse')
    expect(await action({ model: 'gpt-4', jurisdiction: 'fr' })).toBe('observe')
    expect(await action({ model: 'gpt-5-mini' })).toBe('observe')
    expect(await action({ request: { model: 'gpt-5' }, jurisdiction: 'FR' })).toBe('refuse')
    // Who does not say which model, might ask any.
    expect(await action({ jurisdiction: 'FR' })).toBe('refuse')
  })

  test('what makes no sense is answered with what is wrong with it', async () => {
    const here = await deciding({})
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      ['no json', /JSON object/],
      [{}, /account is needed/],
      [{ account: 7 }, /account is needed/],
      [{ account: 'a', tier: 'gold' }, /tier must be/],
      [{ account: 'a', acount: 'b' }, /no field "acount"/],
      [{ account: 'a', jurisdiction: 'France' }, /two letters/],
      [{ account: 'a', able: ['shout'] }, /able must be/],
      [{ account: 'a', request: '{"torn' }, /request must be/],
    ]
    for (const [body, words] of wrong) {
      const answer = await here.ask('/v1/decide', body)
      expect(answer.status).toBe(400)
      expect(((await answer.json()) as { error: string }).error).toMatch(words)
    }
  })

  test('nothing is decided while records cannot be kept, where on_engine_loss is refuse', async () => {
    const limits = { queue_records_max: 1, drain_seconds_max: 0 }
    const here = await deciding({}, { on_engine_loss: 'refuse', limits })
    const status = async (): Promise<number> =>
      (await here.ask('/v1/decide', { account: 'heron' })).status
    expect(await status()).toBe(200)
    expect(await here.metric('stillwatch_advice_total{adapter="plain",action="observe"}')).toBe(1)
    // The queue is full until its one record has been written, a fifth of a second later.
    await until(
      async () => {
        await here.ask('/v1/exchanges', exchange())
        return (await status()) === 503 ? true : undefined
      },
      () => 'it was decided all the same',
    )
  })
})

test('a body nested like a bomb ends nothing: whoever is to be limited is refused, others pass', async () => {
  const here = await deciding(enforced('withhold'))
  here.stands('rook', flagged)
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  const bomb = `{"model":"m","messages":${deep}}`
  const action = async (account: string): Promise<unknown> => {
    const answer = await here.ask('/v1/decide', `{"account":"${account}","request":${bomb}}`)
    return ((await answer.json()) as Told)['action']
  }
  expect(await action('heron')).toBe('observe')
  expect(await action('rook')).toBe('refuse')
  const record = JSON.stringify(exchange()).replace('{"model"', `{"x":${deep},"model"`)
  expect(await (await here.ask('/v1/exchanges', record)).json()).toMatchObject({ kept: 1 })
  const log = { id: 'c', startTime: Date.now() / 1000, metadata: { user_api_key_hash: 'h' } }
  const text = JSON.stringify({ ...log, messages: 0, response: 0 }).replaceAll(':0', `:${deep}`)
  expect((await here.ask('/v1/exchanges/litellm', text)).status).toBe(200)
  const hook = `{"eventType":"beforeRequestHook","requestType":"chatComplete","request":{"json":${bomb}}}`
  const verdict = await here.ask('/v1/decide/portkey', hook, { 'x-stillwatch-account': 'rook' })
  expect(await verdict.json()).toMatchObject({ verdict: false })
})

describe('who may ask', () => {
  test('nobody without the token, on any path', async () => {
    const here = await deciding({})
    for (const path of ['/v1/decide', '/v1/exchanges', '/v1/decide/auth', '/'])
      for (const authorization of ['', 'Bearer wrong', 'Basic token-of-another-gateway']) {
        const answer = await here.ask(path, { account: 'heron' }, { authorization })
        expect(answer.status).toBe(401)
      }
  })

  test('not on the port of the clients: there it is a path like any other', async () => {
    const here = await deciding({})
    const answer = await fetch(`${here.url}/v1/decide`, { method: 'POST', body: '{}' })
    expect(answer.status).toBe(404)
  })

  test('the settings need a token, and no upstream', async () => {
    const at = await serving({ upstreams: [], decide: { port: 0, token: 'x'.repeat(16) } })
    expect((await at.logged('Other gateways may ask')).message).toContain('http://127.0.0.1:')
    const yaml = 'upstreams: []\non_engine_loss: allow\ndecide: {port: 0}\n'
    const run = await stillwatch(['config', 'check', 'a.yaml'], {
      cwd: folder({ 'a.yaml': yaml }),
    })
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('decide needs token')
  })
})

describe('exchanges that another gateway passed on', () => {
  test('go where those of the gateway go', async () => {
    const here = await deciding({})
    const answer = await here.ask('/v1/exchanges', exchange())
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { kept: 1, refused: 0, no_room: 0, problems: [] },
    ])
    expect(await here.records(1)).toEqual([exchange({ time: expect.any(String) as string })])
    expect(await here.metric('stillwatch_shipped_total{result="kept"}')).toBe(1)
  })

  test('many at once, in a list or one a line, and bodies in either dialect', async () => {
    const here = await deciding({})
    const message = {
      path: '/v1/messages',
      request: { model: 'c', system: 'Be brief.', max_tokens: 9, messages: [] },
    }
    await here.ask('/v1/exchanges', [exchange(), exchange({ id: 'req_2', ...message })])
    const lines = [exchange({ id: 'req_3' }), exchange({ id: 'req_4' })]
    await here.ask('/v1/exchanges', lines.map((each) => JSON.stringify(each)).join('\n'))
    const kept = await here.records(4)
    expect(kept.map(({ id }) => id)).toEqual(['req_1', 'req_2', 'req_3', 'req_4'])
    expect(kept[1]?.request?.messages).toEqual([{ role: 'system', content: 'Be brief.' }])
  })

  test('what is no record is refused with its reason, and the others are kept', async () => {
    const here = await deciding({})
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ ...exchange(), id: undefined }, /required property 'id'/],
      [exchange({ status: 'ok' }), /^status must be integer/],
      [exchange({ time: 'yesterday' }), /^time is no moment/],
      [exchange({ time: '2999-01-01T00:00:00Z' }), /in the future/],
      [exchange({ time: '2020-01-01T00:00:00Z' }), /a day ago/],
      [exchange({ key: 'sk-proj-abcdefghijkl' }), /API key in the clear/],
    ]
    const answer = await here.ask('/v1/exchanges', [...wrong.map(([each]) => each), exchange()])
    const told = (await answer.json()) as {
      kept: number
      problems: { at: number; message: string }[]
    }
    expect([answer.status, told.kept, told.problems.length]).toEqual([200, 1, wrong.length])
    for (const [at, [, words]] of wrong.entries()) {
      expect(told.problems[at]?.at).toBe(at + 1)
      expect(told.problems[at]?.message).toMatch(words)
    }
    expect((await here.ask('/v1/exchanges', wrong[0]?.[0])).status).toBe(400)
    expect((await here.ask('/v1/exchanges', '{"torn')).status).toBe(400)
    expect(await here.records(1)).toHaveLength(1)
  })

  test('are bounded: beyond the room there is, whoever ships is told to come again', async () => {
    const here = await deciding({}, { limits: { queue_records_max: 1, drain_seconds_max: 0 } })
    const answer = await here.ask('/v1/exchanges', [exchange(), exchange({ id: 'req_2' })])
    expect(await answer.json()).toMatchObject({ kept: 1, no_room: 1 })
    const limits = { body_bytes_max: 1024, drain_seconds_max: 0 }
    const small = await deciding({}, { limits })
    expect((await small.ask('/v1/exchanges', exchange({ output: 'x'.repeat(2000) }))).status).toBe(
      413,
    )
  })

  test('lie in the spool that detection reads, and detection has judged them', async () => {
    const token = 'x'.repeat(16)
    const here = await serving({
      upstreams: [],
      detection: { enabled: true, step_seconds: 1, close_delay_seconds: 0 },
      decide: { port: 0, token },
    })
    const { decide_url: url } = (await here.logged('Other gateways may ask')) as unknown as {
      decide_url: string
    }
    const many = Array.from({ length: 20 }, (_, at) => exchange({ id: `req_${at}` }))
    const answer = await fetch(`${url}/v1/exchanges`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(many),
    })
    expect(await answer.json()).toMatchObject({ kept: 20 })
    await until(
      async () => ((await here.metric('stillwatch_engine_exchanges')) === 20 ? true : undefined),
      () => `detection did not read them: ${here.running.stderr()}`,
      60_000,
    )
  })
})
