import { randomBytes } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { makeKey } from '../../src/access/key.ts'
import { stillwatch } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { createKey, expire, idOf, listKeys } from '../support/keys.ts'
import { type RawAnswer, send } from '../support/raw.ts'
import { adminToken, type Serving, serving, settingsText, until } from '../support/serving.ts'
import { text, upstream } from '../support/upstream.ts'

const body = '{"model":"m","messages":[]}'
const virtual = { keys: { mode: 'virtual' }, log_level: 'info' }

function withKeyOf(
  url: string,
  key: string,
  asked: string | Uint8Array = body,
): Promise<RawAnswer> {
  const headers = key === '' ? [] : ['authorization', `Bearer ${key}`]
  return send(`${url}/v1/chat/completions`, { headers, body: asked })
}

/** Waits as a customer would: until the key opens the gateway, or no longer does. */
function answers(gateway: Serving, key: string, status: number): Promise<RawAnswer> {
  return until(
    async () => {
      const answer = await withKeyOf(gateway.url, key)
      return answer.status === status ? answer : undefined
    },
    () => `never ${status}`,
  )
}

describe('a key of the gateway’s own', () => {
  test('opens it to the official clients; the provider sees its own key, and never this one', async () => {
    const api = await upstream()
    const gateway = await serving({
      ...virtual,
      upstreams: [
        { url: api.url, dialect: 'openai', key: 'sk-provider-openai' },
        { url: api.url, dialect: 'anthropic', key: 'sk-ant-provider' },
      ],
    })
    const key = await createKey(gateway.folder, '--account', 'acme', '--org', 'org_acme')
    await answers(gateway, key, 200)
    const openai = new OpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: key,
      organization: 'org-of-the-caller',
    })
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: key })
    const messages = [{ role: 'user' as const, content: 'When?' }]
    const answer = await openai.chat.completions.create({ model: 'm', messages })
    await anthropic.messages.create({ model: 'c', max_tokens: 9, messages })
    expect(answer.choices[0]?.message.content).toBe(text)
    const [, second, third] = api.received
    expect(second?.headers).toMatchObject({ authorization: 'Bearer sk-provider-openai' })
    expect(second?.headers).not.toHaveProperty('openai-organization')
    expect(third?.headers).toMatchObject({ 'x-api-key': 'sk-ant-provider' })
    expect(third?.headers).not.toHaveProperty('authorization')
    expect(JSON.stringify(api.received.map(({ raw }) => raw))).not.toContain(key)
    for (const record of await gateway.records(3))
      expect(record).toMatchObject({
        account: 'acme',
        org: 'org_acme',
        key: expect.any(String) as unknown,
      })
  })

  test('is on no disk and in no log, and its file is its owner’s', async () => {
    const gateway = await serving({
      ...virtual,
      upstreams: [{ url: (await upstream()).url, dialect: 'both' }],
      log_level: 'debug',
    })
    const key = await createKey(gateway.folder, '--account', 'acme')
    await answers(gateway, key, 200)
    await gateway.records(1)
    const file = join(gateway.folder, '.stillwatch/keys.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const path of [file, join(gateway.folder, 'exchanges.jsonl')])
      expect(readFileSync(path, 'utf8')).not.toContain(key.slice(0, 20))
    expect(gateway.running.stderr()).not.toContain(key.slice(0, 20))
  })

  test('may ask only its models, however the body says it', async () => {
    const api = await upstream()
    const gateway = await serving({ ...virtual, upstreams: [{ url: api.url, dialect: 'both' }] })
    const key = await createKey(gateway.folder, '--account', 'a', '--models', 'm, small-*')
    await answers(gateway, key, 200)
    const asked = async (said: string | Uint8Array): Promise<number> =>
      (await withKeyOf(gateway.url, key, said)).status
    expect(await asked('{"model":"small-2","messages":[]}')).toBe(200)
    for (const said of [
      '{"model":"large","messages":[]}',
      '{"model":"m","Model":"large","messages":[]}',
      '{"messages":[]}',
      'model=m',
    ])
      expect(await asked(said)).toBe(403)
    const packed = (said: string): Promise<RawAnswer> =>
      send(`${gateway.url}/v1/chat/completions`, {
        headers: ['x-api-key', key, 'content-encoding', 'gzip'],
        body: gzipSync(said),
      })
    expect((await packed('{"model":"large"}')).status).toBe(403)
    const elsewhere = await send(`${gateway.url}/chat/completions`, {
      headers: ['x-api-key', key],
      body: '{"model":"large"}',
    })
    expect(elsewhere.status).toBe(403)
    expect(JSON.parse((await packed('{}')).body.toString())).toMatchObject({
      error: { code: 'model_not_allowed' },
    })
    expect(JSON.stringify(api.received.map((each) => each.body.toString()))).not.toContain('large')
  })
})

/** An answer without what differs in any two. */
function plain({ status, headers, body: said }: RawAnswer): string {
  return JSON.stringify([status, headers, said.toString()]).replace(
    /sw_[0-9a-f]{32}|"date","[^"]*"|"Date","[^"]*"/g,
    '',
  )
}

test('whoever tries keys learns nothing: every key that opens nothing is answered alike', async () => {
  const api = await upstream()
  const gateway = await serving({ ...virtual, upstreams: [{ url: api.url, dialect: 'both' }] })
  const here = gateway.folder
  const [good, ended, old] = [
    await createKey(here, '--account', 'good'),
    await createKey(here, '--account', 'ended'),
    await createKey(here, '--account', 'old'),
  ]
  await answers(gateway, old, 200)
  expire(here, 'old')
  await stillwatch(['key', 'revoke', await idOf(here, 'ended')], { cwd: here })
  await answers(gateway, ended, 401)
  await answers(gateway, old, 401)
  const near = `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`
  const made = Array.from({ length: 100 }, () => makeKey(randomBytes(32)))
  const seen = new Set<string>()
  for (const key of [ended, old, near, '', 'x', 'sk-test', good.toLowerCase(), ...made])
    seen.add(plain(await withKeyOf(gateway.url, key)))
  expect(seen.size).toBe(1)
  expect([...seen][0]).toContain('invalid_api_key')
  const reasons = new Set(gateway.log().map((each) => (each as { reason?: string }).reason))
  for (const reason of ['revoked', 'expired', 'missing', 'unknown', 'not of a key’s form'])
    expect(reasons).toContain(reason)
  expect((await withKeyOf(gateway.url, good)).status).toBe(200)
})

describe('a key in place of another', () => {
  test('leaves the old one good for the hours it is given, or ends it', async () => {
    const gateway = await serving({
      ...virtual,
      upstreams: [{ url: (await upstream()).url, dialect: 'both' }],
    })
    const here = gateway.folder
    const first = await createKey(here, '--account', 'acme', '--tier', 'verified')
    const id = await idOf(here, 'acme')
    const rotate = async (name: string, ...more: readonly string[]): Promise<string> =>
      (await stillwatch(['key', 'rotate', name, ...more], { cwd: here })).stdout.trim()
    const second = await rotate(id, '--grace-hours', '1')
    await answers(gateway, second, 200)
    expect((await withKeyOf(gateway.url, first)).status).toBe(200)
    const [, fresh] = await listKeys(here)
    expect(fresh).toMatchObject({ account: 'acme', tier: 'verified', replaces: id })
    const third = await rotate(fresh?.id ?? '')
    await answers(gateway, third, 200)
    expect((await withKeyOf(gateway.url, second)).status).toBe(401)
  })
})

describe('the admin API', () => {
  test('makes, shows, replaces and ends keys, for who has the token', async () => {
    const gateway = await serving({
      ...virtual,
      upstreams: [{ url: (await upstream()).url, dialect: 'both' }],
    })
    const admin = async (method: string, path: string, said = '', token = adminToken) => {
      const answer = await send(`${gateway.admin}${path}`, {
        method,
        headers: ['authorization', `Bearer ${token}`],
        body: said,
      })
      return { status: answer.status, told: JSON.parse(answer.body.toString()) as Told }
    }
    const made = await admin(
      'POST',
      '/keys',
      '{"account":"acme","tier":"contract","expires_days":9}',
    )
    expect(made).toMatchObject({ status: 201, told: { account: 'acme', tier: 'contract' } })
    // No waiting: the gateway that made it knows it.
    expect((await withKeyOf(gateway.url, made.told.key)).status).toBe(200)
    const shown = await admin('GET', '/keys')
    expect(JSON.stringify(shown.told)).toContain(made.told.id)
    expect(JSON.stringify(shown.told)).not.toMatch(/hash|sw-/)
    const other = await admin('POST', `/keys/${made.told.id}/rotate`)
    expect((await withKeyOf(gateway.url, made.told.key)).status).toBe(401)
    await admin('DELETE', `/keys/${other.told.id}`)
    expect((await withKeyOf(gateway.url, other.told.key)).status).toBe(401)
    const wrongs = [
      await admin('POST', '/keys', '{"account":"a"}', 'not-the-token-at-all'),
      await admin('POST', '/keys', '{"account":"a","expire_days":1}'),
      await admin('POST', '/keys', '{"account":"anonymous"}'),
      await admin('POST', '/keys', '[]'),
      await admin('POST', '/keys', `{"account":"${'x'.repeat(70_000)}"}`),
      await admin('DELETE', '/keys/key_000000000000000000000000'),
      await admin('PATCH', '/keys'),
    ]
    expect(wrongs.map(({ status }) => status)).toEqual([401, 400, 400, 400, 400, 404, 404])
  })
})

type Told = { readonly id: string; readonly key: string }

describe('the file of keys', () => {
  test('loses none when many are made at once', async () => {
    const here = folder()
    const names = Array.from({ length: 6 }, (_, at) => `account-${at}`)
    await Promise.all(names.map((name) => createKey(here, '--account', name)))
    expect((await listKeys(here)).map(({ account }) => account).sort()).toEqual(names)
  })

  test('when it is damaged, or gone, the keys there were stay, and the log says so', async () => {
    const gateway = await serving({
      ...virtual,
      upstreams: [{ url: (await upstream()).url, dialect: 'both' }],
    })
    const key = await createKey(gateway.folder, '--account', 'acme')
    await answers(gateway, key, 200)
    writeFileSync(join(gateway.folder, '.stillwatch/keys.json'), '{"version":1,"keys":[{}]}')
    await gateway.logged('Changed keys were not taken')
    expect((await withKeyOf(gateway.url, key)).status).toBe(200)
    const ended = await stillwatch(['key', 'list'], { cwd: gateway.folder })
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringContaining('holds no keys') as unknown,
    ])
  })
})

describe('providers’ keys', () => {
  test('are the keys of accounts that somebody names, and can be ended here', async () => {
    const gateway = await serving({ upstreams: [{ url: (await upstream()).url, dialect: 'both' }] })
    const here = gateway.folder
    await withKeyOf(gateway.url, 'sk-one')
    const [first] = await gateway.records(1)
    const id = first?.key ?? ''
    await stillwatch(['key', 'assign', id, '--account', 'acme', '--org', 'org_acme'], { cwd: here })
    const named = await until(
      async () => {
        await withKeyOf(gateway.url, 'sk-one')
        return (await gateway.records(1)).find(({ account }) => account === 'acme')
      },
      () => 'never named',
    )
    expect(named).toMatchObject({ org: 'org_acme', key: id })
    await stillwatch(['key', 'revoke', id], { cwd: here })
    await answers(gateway, 'sk-one', 401)
    expect((await withKeyOf(gateway.url, 'sk-two')).status).toBe(200)
  })

  test('are not set where callers’ own would go upstream', async () => {
    const upstreams = [{ url: 'http://127.0.0.1:9', dialect: 'both', key: 'sk-provider' }]
    const here = folder({ 'stillwatch.yaml': settingsText({ upstreams }) })
    const ended = await stillwatch(['config', 'check', 'stillwatch.yaml'], { cwd: here })
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringContaining('upstreams.0.key is sent only with keys.mode: virtual') as unknown,
    ])
    expect(ended.stderr).not.toContain('sk-provider')
  })
})
