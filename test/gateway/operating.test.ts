import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/record/index.ts'
import { start, stillwatch } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { ask, line, send } from '../support/raw.ts'
import { adminToken, serving, settingsText, until } from '../support/serving.ts'
import { json, speak, upstream } from '../support/upstream.ts'

const both = (url: string) => [{ url, dialect: 'both' }]

test('what the gateway records, the audit reads', async () => {
  const api = await upstream((received, response, request) =>
    received.headers['x-fail'] === undefined
      ? speak(received, response, request)
      : json(response, { error: {} }, 500),
  )
  const gateway = await serving(api.url)
  const message = (content: string) => [{ role: 'user', content }]
  for (let at = 0; at < 30; at++) {
    const key = ['authorization', `Bearer sk-${at % 3}`]
    const messages = message(`How deep is harbour number ${at}?`)
    const body = JSON.stringify({ model: 'm', messages, stream: at % 2 === 0, max_tokens: 9 })
    const path = at % 5 === 0 ? '/v1/messages' : '/v1/chat/completions'
    await send(`${gateway.url}${path}`, { headers: key, body })
  }
  await send(`${gateway.url}/v1/chat/completions`, { headers: ['x-fail', '1'], body: '{"model":' })
  const ended = await gateway.stop()
  expect(ended.code).toBe(0)
  const audit = await stillwatch(
    ['audit', 'exchanges.jsonl', '--json', 'report.json', '--max-rejected', '0%'],
    { cwd: gateway.folder },
  )
  expect({ code: audit.code, stdout: audit.stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('31 exchanges · 4 accounts') as unknown,
  })
  const report = JSON.parse(readFileSync(join(gateway.folder, 'report.json'), 'utf8')) as Report
  expect(report.log).toMatchObject({ exchanges: 31, accounts: 4 })
  expect(statSync(join(gateway.folder, 'exchanges.jsonl')).mode & 0o777).toBe(0o600)
})

test('a caller is known by a hash of the key that a restart does not change', async () => {
  const api = await upstream()
  const gateway = await serving(api.url)
  await ask(gateway.url)
  await send(`${gateway.url}/v1/messages`, {
    headers: ['x-api-key', 'sk-test'],
    body: '{"model":"m"}',
  })
  await send(`${gateway.url}/v1/messages`, { body: '{"model":"m"}' })
  const [first, second, third] = await gateway.records(3)
  expect(first?.account).toMatch(/^key_/)
  expect(second?.account).toBe(first?.account)
  expect(third).toMatchObject({ account: 'anonymous' })
  expect(third).not.toHaveProperty('key')
})

test('names and addresses in headers count from a trusted proxy, and from nobody else', async () => {
  const api = await upstream()
  const told = [
    'x-stillwatch-account',
    'acct_heron',
    'x-forwarded-for',
    '203.0.113.9, 198.51.100.7, 127.0.0.2',
  ]
  const trusting = await serving({ upstreams: both(api.url), trusted_proxies: ['127.0.0.0/8'] })
  const wary = await serving({ upstreams: both(api.url) })
  for (const { url } of [trusting, wary])
    await send(`${url}/v1/messages`, { headers: told, body: '{"model":"m"}' })
  const [[believed], [doubted]] = [await trusting.records(1), await wary.records(1)]
  expect(believed).toMatchObject({ account: 'acct_heron', ip: '198.51.100.7' })
  expect(doubted).toMatchObject({ account: 'anonymous', ip: '127.0.0.1' })
})

describe('routes', () => {
  test('each dialect goes to the first upstream that speaks it', async () => {
    const [one, other] = [await upstream(), await upstream()]
    const gateway = await serving({
      upstreams: [
        { url: `${one.url}/base/v1`, dialect: 'openai' },
        { url: other.url, dialect: 'anthropic' },
      ],
    })
    await ask(gateway.url)
    await send(`${gateway.url}/v1/messages`, { body: '{"model":"m"}' })
    await send(`${gateway.url}/v1/models`, { method: 'GET', headers: ['anthropic-version', 'x'] })
    expect(one.received.map(({ url }) => url)).toEqual(['/base/v1/chat/completions'])
    expect(other.received.map(({ url }) => url)).toEqual(['/v1/messages', '/v1/models'])
  })

  test('unknown ones pass with their volume recorded, or are refused', async () => {
    const api = await upstream()
    const passing = await serving({ upstreams: both(api.url) })
    const refusing = await serving({ upstreams: both(api.url), routes: { unknown: 'refuse' } })
    const passed = await send(`${passing.url}/v1/audio?x=1`, { body: '{"model":"m"}' })
    const refused = await send(`${refusing.url}/v1/audio?x=1`, { body: '{"model":"m"}' })
    const wrong = await send(`${refusing.url}/v1/messages`, { method: 'GET' })
    expect([passed.status, refused.status, wrong.status]).toEqual([404, 404, 405])
    expect(api.received).toHaveLength(1)
    expect(wrong.headers.join('\n')).toContain('allow\nPOST')
    expect(await passing.records(1)).toMatchObject([
      { path: '/v1/audio', request: null, status: 404 },
    ])
  })
})

describe('settings', () => {
  test('take effect when the file changes; requests in progress end under the old ones', async () => {
    let finish: () => void = () => undefined
    const old = await upstream((received, response, request) => {
      finish = () => speak(received, response, request)
    })
    const next = await upstream()
    const gateway = await serving({ upstreams: both(old.url) })
    const before = (await health(gateway.admin)).config_version
    const slow = ask(gateway.url)
    await until(
      () => (old.received.length === 1 ? true : undefined),
      () => 'the request did not arrive',
    )
    writeFileSync(
      join(gateway.folder, 'stillwatch.yaml'),
      settingsText({ upstreams: both(next.url) }),
    )
    gateway.running.signal('SIGHUP')
    await gateway.logged('are in force')
    const after = (await health(gateway.admin)).config_version
    expect(after).not.toBe(before)
    expect((await ask(gateway.url)).status).toBe(200)
    expect(next.received).toHaveLength(1)
    finish()
    expect((await slow).status).toBe(200)
    expect(await gateway.metric(`stillwatch_config_info{version="${after}"}`)).toBe(1)
  })

  test('are taken anew where the admin token comes from the environment', async () => {
    const api = await upstream()
    const admin = { port: 0 }
    const gateway = await serving({ upstreams: both(api.url), admin })
    expect(await gateway.metric('stillwatch_config_reloads_total')).toBe(0)
    const text = settingsText({ upstreams: both(api.url), admin, log_level: 'debug' })
    writeFileSync(join(gateway.folder, 'stillwatch.yaml'), text)
    await gateway.logged('are in force')
    expect(await gateway.metric('stillwatch_config_reloads_total{result="applied"}')).toBe(1)
  })

  test('that are wrong change nothing, and are told with their line', async () => {
    const api = await upstream()
    const gateway = await serving({ upstreams: both(api.url) })
    const before = (await health(gateway.admin)).config_version
    const file = join(gateway.folder, 'stillwatch.yaml')
    // As editors and Kubernetes do it: another file in its place.
    writeFileSync(`${file}.new`, 'upstreams: []\non_engine_loss: allow\n')
    renameSync(`${file}.new`, file)
    const { message } = await gateway.logged('were not taken')
    expect(message).toContain('stillwatch.yaml:1:')
    expect((await health(gateway.admin)).config_version).toBe(before)
    expect((await ask(gateway.url)).status).toBe(200)
    expect(await gateway.metric('stillwatch_config_reloads_total{result="rejected"}')).toBe(1)
  })

  test('that only a start can change are not half taken', async () => {
    const api = await upstream()
    const gateway = await serving({ upstreams: both(api.url) })
    const text = settingsText({ upstreams: both('http://127.0.0.1:9'), listen: { port: 1 } })
    writeFileSync(join(gateway.folder, 'stillwatch.yaml'), text)
    const { message } = await gateway.logged('were not taken')
    expect(message).toContain('listen.port cannot change')
    expect((await ask(gateway.url)).status).toBe(200)
  })
})

describe('the admin port', () => {
  test('tells health to anyone and figures to the holder of the token', async () => {
    const gateway = await serving((await upstream()).url)
    const status = async (path: string, token?: string): Promise<number> => {
      const headers = token === undefined ? [] : ['authorization', `Bearer ${token}`]
      return (await send(`${gateway.admin}${path}`, { method: 'GET', headers })).status
    }
    expect(new URL(gateway.admin).hostname).toBe('127.0.0.1')
    expect([
      await status('/health/liveness'),
      await status('/health/readiness'),
      await status('/metrics'),
      await status('/metrics', 'wrong-token-of-some-length'),
      await status('/metrics', adminToken),
      await status('/secrets', adminToken),
    ]).toEqual([200, 200, 401, 401, 200, 404])
    await ask(gateway.url)
    expect(
      await gateway.metric(
        'stillwatch_exchanges_total{route="/v1/chat/completions",status="2xx",outcome="passed"}',
      ),
    ).toBe(1)
  })

  test('shows no figures where no token was set', async () => {
    const here = folder()
    const running = start(
      ['serve', '--upstream', 'http://127.0.0.1:9', '--port', '0', '--admin-port', '0'],
      { cwd: here, env: { STILLWATCH_ADMIN_TOKEN: '' } },
    )
    const admin = await until(
      () => /"admin_url":"([^"]+)"/.exec(running.stderr())?.[1],
      () => running.stderr(),
    )
    expect((await send(`${admin}/metrics`, { method: 'GET' })).status).toBe(403)
    expect(running.stderr()).toContain('on_engine_loss: allow')
    running.signal('SIGTERM')
    expect((await running.ended).code).toBe(0)
  })
})

describe('records that cannot be kept', () => {
  const block = (here: string): void => {
    rmSync(join(here, 'exchanges.jsonl'), { recursive: true, force: true })
    mkdirSync(join(here, 'exchanges.jsonl'))
  }
  const free = (here: string): void => rmSync(join(here, 'exchanges.jsonl'), { recursive: true })

  test('stop no traffic under allow, wait in the queue, and are counted when it is full', async () => {
    const api = await upstream()
    const gateway = await serving({ upstreams: both(api.url), limits: { queue_records_max: 3 } })
    block(gateway.folder)
    for (let at = 0; at < 5; at++) expect((await ask(gateway.url)).status).toBe(200)
    await gateway.logged('Records cannot be kept')
    expect(await gateway.metric('stillwatch_records_lost_total{reason="queue-full"}')).toBe(2)
    free(gateway.folder)
    expect(await gateway.records(3)).toHaveLength(3)
  })

  test('turn away under refuse what might find no room in the end, and lose nothing', async () => {
    const held: (() => void)[] = []
    const api = await upstream((received, response, request) => {
      held.push(() => speak(received, response, request))
    })
    const gateway = await serving({
      upstreams: both(api.url),
      on_engine_loss: 'refuse',
      limits: { queue_records_max: 2 },
    })
    const answers = Array.from({ length: 5 }, () => ask(gateway.url))
    await until(
      async () =>
        held.length === 2 &&
        (await gateway.metric('stillwatch_refusals_total{code="records_unavailable"}')) === 3
          ? true
          : undefined,
      () => `${api.received.length} requests were let through`,
    )
    for (const answer of held) answer()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(2)
    expect(await gateway.records(2)).toHaveLength(2)
    expect(await gateway.metric('stillwatch_records_lost_total')).toBe(0)
  })

  test('refuse traffic under refuse, until they can be kept again', async () => {
    const api = await upstream()
    const gateway = await serving({ upstreams: both(api.url), on_engine_loss: 'refuse' })
    block(gateway.folder)
    await ask(gateway.url)
    await gateway.logged('Records cannot be kept')
    const refused = await ask(gateway.url)
    expect(refused.status).toBe(503)
    expect(JSON.parse(refused.body.toString())).toMatchObject({
      error: { code: 'records_unavailable' },
    })
    expect((await send(`${gateway.admin}/health/readiness`, { method: 'GET' })).status).toBe(503)
    expect((await send(`${gateway.url}/v1/models`, { method: 'GET' })).status).toBe(200)
    free(gateway.folder)
    await until(
      async () => ((await ask(gateway.url)).status === 200 ? true : undefined),
      () => 'still refused',
    )
    expect(api.received.filter(({ method }) => method === 'POST')).toHaveLength(2)
  })
})

test('what the gateway itself answers is counted by what it answered', async () => {
  const silent = await upstream(() => undefined)
  const gateway = await serving({
    upstreams: [
      { url: 'http://127.0.0.1:9', dialect: 'anthropic' },
      { url: silent.url, dialect: 'openai' },
    ],
    limits: { upstream_answer_seconds_max: 1 },
  })
  const body = '{"model":"m"}'
  expect((await send(`${gateway.url}/v1/messages`, { body })).status).toBe(502)
  expect((await send(`${gateway.url}/v1/chat/completions`, { body })).status).toBe(504)
  const leaving = line(
    gateway.url,
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  await until(
    () => (silent.received.length === 2 ? true : undefined),
    () => 'the request did not arrive',
  )
  leaving.socket.destroy()
  const records = await gateway.records(3)
  expect(records.map(({ status }) => status)).toEqual([502, 504, 499])
  const counted = (status: string): Promise<number> =>
    gateway.metric(
      `stillwatch_exchanges_total{route="/v1/chat/completions",status="${status}",outcome="upstream-failed"}`,
    )
  expect([await counted('0xx'), await counted('5xx')]).toEqual([0, 1])
})

test('a packed answer that ends as the gateway ends is in the record', async () => {
  let finish: () => void = () => undefined
  const content = 'The tide is low. '.repeat(400_000)
  const answer = gzipSync(JSON.stringify({ choices: [{ message: { content } }] }))
  const api = await upstream((_, response) => {
    finish = () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(answer)
    }
  })
  const gateway = await serving(api.url)
  const asked = { model: 'm', messages: [{ role: 'user', content: 'x'.repeat(20_000_000) }] }
  const slow = send(`${gateway.url}/v1/chat/completions`, {
    headers: ['content-encoding', 'gzip'],
    body: gzipSync(JSON.stringify(asked)),
  })
  await until(
    () => (api.received.length === 1 ? true : undefined),
    () => 'the request did not arrive',
  )
  const ended = gateway.stop()
  finish()
  expect((await slow).status).toBe(200)
  expect((await ended).code).toBe(0)
  const [record] = await gateway.records(1)
  expect(record?.output?.slice(0, 17)).toBe('The tide is low. ')
})

test('a path that only some servers answer is read like the one it stands for', async () => {
  const api = await upstream((_, response) =>
    json(response, { choices: [{ message: { content: 'Low.' } }] }),
  )
  const gateway = await serving(api.url)
  const body = '{"model":"m","messages":[{"role":"user","content":"Hidden?"}]}'
  await send(`${gateway.url}/openai/v1/chat/completions`, { body })
  expect(api.received[0]?.url).toBe('/openai/v1/chat/completions')
  const [record] = await gateway.records(1)
  expect(record).toMatchObject({
    path: '/v1/chat/completions',
    request: { messages: [{ content: 'Hidden?' }] },
    output: 'Low.',
  })
})

test('ends when told, after the answers in progress, and keeps their records', async () => {
  let finish: () => void = () => undefined
  const api = await upstream((received, response, request) => {
    finish = () => speak(received, response, request)
    if (received.method === 'GET') finish()
  })
  const gateway = await serving(api.url)
  const idle = line(gateway.url, 'GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n')
  await until(
    () => (idle.text() === '' ? undefined : true),
    () => 'the first request was not answered',
  )
  const slow = ask(gateway.url)
  await until(
    () => (api.received.length === 2 ? true : undefined),
    () => 'the request did not arrive',
  )
  const ended = gateway.stop()
  await idle.closed
  finish()
  const answer = await slow
  expect([answer.status, answer.headers.join('\n').toLowerCase()]).toEqual([
    200,
    expect.stringContaining('connection\nclose'),
  ])
  expect((await ended).code).toBe(0)
  expect(await gateway.records(1)).toHaveLength(1)
})

describe('wrong usage', () => {
  test.each([
    ['serve', 2, /needs either --upstream or --config/],
    ['serve --config a.yaml --port 1', 2, /--port goes with --upstream/],
    ['serve --upstream ftp://x', 1, /upstreams/],
    ['serve --upstream http://u:p@x', 1, /upstreams/],
    ['serve --config none.yaml', 1, /Cannot read the settings file none.yaml/],
    ['serve --upstream http://x --record none/r.jsonl', 2, /--record was given none.*no folder/],
    ['config check refuse.yaml', 0, /^$/],
    ['serve --config refuse.yaml', 1, /on_engine_loss is "refuse", but nothing takes records/],
  ])('%s', async (words, code, said) => {
    const upstreams = [{ url: 'http://127.0.0.1:9', dialect: 'both' }]
    const here = folder({ 'refuse.yaml': settingsText({ upstreams, on_engine_loss: 'refuse' }) })
    const ended = await stillwatch(words.split(' '), { cwd: here })
    expect(ended.stderr).toMatch(said)
    expect(ended.code).toBe(code)
  })

  test('an address that is taken is told with what to do', async () => {
    const api = await upstream()
    const { port } = new URL(api.url)
    const ended = await stillwatch(
      ['serve', '--upstream', api.url, '--port', port, '--admin-port', '0'],
      { cwd: folder() },
    )
    expect(ended.stderr).toContain(`Cannot listen on 127.0.0.1:${port} (EADDRINUSE)`)
    expect(ended.code).toBe(1)
  })
})

async function health(admin: string): Promise<{ readonly config_version: string }> {
  const { body } = await send(`${admin}/health`, { method: 'GET' })
  return JSON.parse(body.toString()) as { readonly config_version: string }
}
