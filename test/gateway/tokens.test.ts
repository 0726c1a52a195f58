import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import { folder } from '../support/folder.ts'
import { type RawAnswer, send } from '../support/raw.ts'
import { type Serving, serving, until } from '../support/serving.ts'
import { text, upstream } from '../support/upstream.ts'

type Keys = Awaited<ReturnType<typeof generateKeyPair>>

const issuer = 'https://login.example.com/'
const audience = 'llm-gateway'

function sign(
  keys: Keys,
  kid: string,
  claims: JWTPayload & Record<string, unknown> = {},
  alg = 'ES256',
): Promise<string> {
  return new SignJWT({ sub: 'acme', iss: issuer, aud: audience, ...claims })
    .setProtectedHeader({ alg, kid })
    .setExpirationTime(claims.exp ?? '5m')
    .sign(keys.privateKey)
}

async function published(keys: Keys, kid: string): Promise<JWK> {
  return { ...(await exportJWK(keys.publicKey)), kid }
}

/** An issuer's server, that counts who asks for its keys. */
async function issuing(keys: () => readonly JWK[]): Promise<{
  readonly url: string
  readonly asked: () => number
  readonly close: () => void
}> {
  let asked = 0
  const server = createServer((_, response) => {
    asked += 1
    response.end(JSON.stringify({ keys: keys() }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  onTestFinished(close)
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/jwks.json`, asked: () => asked, close }
}

function believing(jwks: string, api: string, more: object = {}): Promise<Serving> {
  return serving({
    upstreams: [{ url: api, dialect: 'both', key: 'sk-provider' }],
    keys: { mode: 'virtual', jwt: { issuer, audience, jwks, ...more } },
  })
}

function ask(gateway: Serving, token: string): Promise<RawAnswer> {
  return send(`${gateway.url}/v1/chat/completions`, {
    headers: ['authorization', `Bearer ${token}`],
    body: '{"model":"m","messages":[]}',
  })
}

test('a token of the issuer is its account, organisation and tier; the provider never sees it', async () => {
  const keys = await generateKeyPair('ES256')
  const api = await upstream()
  const claims = { account: 'sub', org: 'org_id', tier: 'level' }
  const source = await issuing(() => [jwk])
  const jwk = await published(keys, 'one')
  const gateway = await believing(source.url, api.url, { claims })
  const token = await sign(keys, 'one', { org_id: 'org_acme', level: 'contract' })
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: token, maxRetries: 0 })
  for (let at = 0; at < 3; at++) {
    const messages = [{ role: 'user' as const, content: 'When?' }]
    const answer = await client.chat.completions.create({ model: 'm', messages })
    expect(answer.choices[0]?.message.content).toBe(text)
  }
  const [record] = await gateway.records(3)
  expect(record).toMatchObject({ account: 'acme', org: 'org_acme' })
  expect(api.received[0]?.headers).toMatchObject({ authorization: 'Bearer sk-provider' })
  expect(JSON.stringify(api.received.map(({ raw }) => raw))).not.toContain(token)
  expect(source.asked()).toBe(1)
  expect(gateway.running.stderr()).not.toContain(token.slice(0, 40))
})

test('every other token is refused, all alike, and the log tells why', async () => {
  const [keys, others, rsa, strong] = await Promise.all([
    generateKeyPair('ES256'),
    generateKeyPair('ES256'),
    generateKeyPair('RS256'),
    generateKeyPair('RS512'),
  ])
  const jwks = [
    await published(keys, 'one'),
    await published(rsa, 'rsa'),
    // Known, and not of the algorithms that are taken.
    await published(strong, 'strong'),
  ]
  const source = await issuing(() => jwks)
  const gateway = await believing(source.url, (await upstream()).url)
  const good = await sign(keys, 'one')
  expect((await ask(gateway, good)).status).toBe(200)
  const [head = '', body = '', signature = ''] = good.split('.')
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const unsigned = `${part({ alg: 'none' })}.${body}.x`
  // The public key taken for a shared secret (CVE-2015-9235 was this).
  const confused = `${part({ alg: 'HS256', kid: 'rsa' })}.${body}`
  const pem = await exportSPKI(rsa.publicKey)
  const hour = Math.floor(Date.now() / 1000) - 3600
  const own = await exportJWK(others.publicKey)
  const bad = [
    unsigned,
    `${confused}.${createHmac('sha256', pem).update(confused).digest('base64url')}`,
    `${head}.${part({ sub: 'other', iss: issuer, aud: audience, exp: 9e9 })}.${signature}`,
    await sign(others, 'one'),
    await sign(others, 'two'),
    await new SignJWT({ sub: 'acme', iss: issuer, aud: audience })
      .setProtectedHeader({ alg: 'ES256', jwk: own, jku: 'http://127.0.0.1:9/keys' })
      .setExpirationTime('5m')
      .sign(others.privateKey),
    await sign(keys, 'one', { exp: hour }),
    await sign(keys, 'one', { nbf: hour + 7200 }),
    await sign(keys, 'one', { iss: 'https://elsewhere.example.com/' }),
    await sign(keys, 'one', { aud: 'another-service' }),
    await sign(keys, 'one', { sub: '' }),
    await sign(keys, 'one', { sub: 'anonymous' }),
    await new SignJWT({ sub: 'acme', iss: issuer, aud: audience })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(keys.privateKey),
    await sign(strong, 'strong', {}, 'RS512'),
  ]
  const seen = new Set<string>()
  for (const token of bad) {
    const { status, body: said } = await ask(gateway, token)
    seen.add(`${status} ${said.toString()}`)
  }
  expect([...seen]).toEqual([expect.stringMatching(/^401 .*invalid_api_key/) as unknown])
  expect((await ask(gateway, await sign(rsa, 'rsa', {}, 'RS256'))).status).toBe(200)
  const reasons = gateway.log().map((each) => (each as { reason?: string }).reason)
  for (const reason of [
    'token: ERR_JWT_EXPIRED',
    'token: ERR_JOSE_ALG_NOT_ALLOWED',
    'token: no-key',
  ])
    expect(reasons).toContain(reason)
  // However many name a key that is not there, the issuer is not asked each time.
  for (let at = 0; at < 20; at++) await ask(gateway, await sign(others, `made-up-${at}`))
  expect(source.asked()).toBe(1)
})

test('a clock that is a little off is forgiven', async () => {
  const keys = await generateKeyPair('ES256')
  const jwks = [await published(keys, 'one')]
  const source = await issuing(() => jwks)
  const gateway = await believing(source.url, (await upstream()).url)
  const seconds = Math.floor(Date.now() / 1000)
  expect((await ask(gateway, await sign(keys, 'one', { exp: seconds - 5 }))).status).toBe(200)
  expect((await ask(gateway, await sign(keys, 'one', { exp: seconds - 120 }))).status).toBe(401)
})

test('a new key of the issuer is found, and one that it withdrew ends', async () => {
  const [first, second] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('EdDSA')])
  const file = join(folder(), 'jwks.json')
  const publish = async (...keys: readonly JWK[]): Promise<void> =>
    writeFileSync(file, JSON.stringify({ keys }))
  await publish(await published(first, 'one'))
  const gateway = await believing(file, (await upstream()).url)
  expect((await ask(gateway, await sign(first, 'one'))).status).toBe(200)
  await publish(await published(second, 'two'))
  const token = await sign(second, 'two', {}, 'EdDSA')
  await until(
    async () => ((await ask(gateway, token)).status === 200 ? true : undefined),
    () => 'the new key is not found',
  )
  expect((await ask(gateway, await sign(first, 'one', { jti: 'another' }))).status).toBe(401)
})

test('an issuer that is away: keys there were go on; without any, clients are told to come back', async () => {
  const keys = await generateKeyPair('ES256')
  const jwks = [await published(keys, 'one')]
  let away = true
  const source = await issuing(() => (away ? ('nothing' as unknown as JWK[]) : jwks))
  const gateway = await believing(source.url, (await upstream()).url)
  const refused = await ask(gateway, await sign(keys, 'one'))
  expect([refused.status, JSON.parse(refused.body.toString())]).toMatchObject([
    503,
    { error: { code: 'identity_unavailable' } },
  ])
  await gateway.logged('The keys of the issuer')
  away = false
  await until(
    async () => ((await ask(gateway, await sign(keys, 'one'))).status === 200 ? true : undefined),
    () => 'never believed again',
  )
  source.close()
  expect((await ask(gateway, await sign(keys, 'one', { jti: 'fresh' }))).status).toBe(200)
})
