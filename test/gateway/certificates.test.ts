import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { stillwatch } from '../support/cli.ts'
import { authority, type Authority, type Certificate } from '../support/certificates.ts'
import { folder } from '../support/folder.ts'
import { createKey } from '../support/keys.ts'
import { type Serving, serving, settingsText, until } from '../support/serving.ts'
import { upstream } from '../support/upstream.ts'

const here = { dns: ['localhost'], ip: [127, 0, 0, 1] }

type Made = {
  readonly gateway: Serving
  readonly own: Authority
  readonly clients: Authority
  readonly files: string
}

async function secured(tls: object, more: object = {}): Promise<Made> {
  const [own, clients] = [authority('Own CA'), authority('Clients CA')]
  const { cert, key } = own.issue({ cn: ['gateway'], ...here })
  const files = folder({ 'cert.pem': cert, 'key.pem': key, 'ca.pem': clients.cert })
  const path = (name: string): string => join(files, name)
  const gateway = await serving({
    upstreams: [{ url: (await upstream()).url, dialect: 'both' }],
    listen: {
      port: 0,
      tls: { cert: path('cert.pem'), key: path('key.pem'), client_ca: path('ca.pem'), ...tls },
    },
    ...more,
  })
  return { gateway, own, clients, files }
}

/** The status of an answer, or how the connection failed. */
function ask(
  { gateway, own }: Made,
  shown: Certificate | null,
  headers: Readonly<Record<string, string>> = {},
): Promise<number | string> {
  return new Promise((settle) => {
    const sent = request(
      `${gateway.url}/v1/chat/completions`,
      { method: 'POST', ca: own.cert, agent: false, headers, ...shown },
      (response) => {
        response.resume()
        settle(response.statusCode ?? 0)
      },
    )
    sent.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'failed'))
    sent.end('{"model":"m","messages":[]}')
  })
}

const virtual = { keys: { mode: 'virtual' } }

test('a client is the account its certificate names, of the organisation it names', async () => {
  const made = await secured({ account: 'subject_cn', org: true }, virtual)
  const shown = made.clients.issue({ cn: ['batch-jobs'], o: 'Harbour' })
  expect(made.gateway.url).toMatch(/^https:/)
  expect(await ask(made, shown)).toBe(200)
  const [record] = await made.gateway.records(1)
  expect(record).toMatchObject({ account: 'batch-jobs', org: 'Harbour' })
})

test('or by another name in it, of which there must be one', async () => {
  const made = await secured({ account: 'san_uri' }, virtual)
  const spiffe = 'spiffe://example.com/ns/shop, DNS:else'
  const good = made.clients.issue({ cn: ['x'], uri: [spiffe], dns: ['elsewhere'] })
  const two = made.clients.issue({ uri: ['spiffe://a', 'spiffe://b'] })
  expect(await ask(made, good)).toBe(200)
  expect(await ask(made, two)).toBe(401)
  expect(await ask(made, made.clients.issue({ cn: ['x'] }))).toBe(401)
  const [record] = await made.gateway.records(1)
  expect(record).toMatchObject({ account: spiffe })
})

test('a certificate of another authority, and none, open nothing', async () => {
  const made = await secured({ account: 'subject_cn' }, virtual)
  const forged = authority('Clients CA').issue({ cn: ['batch-jobs'] })
  for (const shown of [null, forged]) expect(typeof (await ask(made, shown))).toBe('string')
  const lenient = await secured({ account: 'subject_cn', client: 'optional' }, virtual)
  for (const shown of [null, forged]) expect(await ask(lenient, shown)).toBe(401)
  const key = await createKey(lenient.gateway.folder, '--account', 'by-key')
  await until(
    async () => ((await ask(lenient, null, { 'x-api-key': key })) === 200 ? true : undefined),
    () => 'the key is not known',
  )
})

test('under pass_through the certificate names the account, and the key goes on', async () => {
  const made = await secured({ account: 'subject_cn' })
  const shown = made.clients.issue({ cn: ['batch-jobs'] })
  expect(await ask(made, shown, { authorization: 'Bearer sk-one' })).toBe(200)
  const [record] = await made.gateway.records(1)
  expect(record).toMatchObject({
    account: 'batch-jobs',
    key: expect.stringMatching(/^key_/) as unknown,
  })
})

test('a renewed certificate is shown without a restart', async () => {
  const made = await secured({ client: 'optional' })
  const next = made.own.issue({ cn: ['renewed'], ...here })
  writeFileSync(join(made.files, 'cert.pem'), next.cert)
  writeFileSync(join(made.files, 'key.pem'), next.key)
  await made.gateway.logged('Changed certificates are in force')
  const shown = await until(
    () => shownBy(made).then((cn) => (cn === 'gateway' ? undefined : cn)),
    () => 'the old one is still shown',
  )
  expect(shown).toBe('renewed')
})

test('a session that is taken up again is the same account’s', async () => {
  const made = await secured({ account: 'subject_cn' }, virtual)
  const shown = made.clients.issue({ cn: ['batch-jobs'] })
  const agent = new Agent({ ca: made.own.cert, ...shown, maxCachedSessions: 9 })
  const resumed: boolean[] = []
  for (let at = 0; at < 3; at++)
    resumed.push(
      await new Promise<boolean>((settle, fail) => {
        const sent = request(
          `${made.gateway.url}/v1/chat/completions`,
          { method: 'POST', agent, headers: { connection: 'close' } },
          (response) => {
            const reused = (response.socket as TLSSocket).isSessionReused()
            response.resume().on('end', () => settle(reused))
          },
        )
        sent.on('error', fail)
        sent.end('{"model":"m","messages":[]}')
      }),
    )
  expect(resumed).toContain(true)
  const records = await made.gateway.records(3)
  expect(records.map(({ account }) => account)).toEqual(Array(3).fill('batch-jobs'))
})

function shownBy({ gateway, own }: Made): Promise<string> {
  const { hostname, port } = new URL(gateway.url)
  return new Promise((settle, fail) => {
    const socket = connect({ host: hostname, port: Number(port), ca: own.cert }, () => {
      settle(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
    socket.on('error', fail)
  })
}

test('what speaks no TLS is cut off, and others are served', async () => {
  const made = await secured({ client: 'optional' })
  const plain = await fetch(made.gateway.url.replace('https', 'http')).catch(() => 'cut off')
  expect(plain).toBe('cut off')
  expect(await ask(made, null)).toBe(200)
})

test.each([
  [{ cert: 'none.pem', key: 'key.pem' }, /Cannot read listen\.tls\.cert, none\.pem/],
  [{ cert: 'key.pem', key: 'key.pem' }, /certificates of listen\.tls cannot be used/],
  [
    { cert: 'key.pem', key: 'key.pem', account: 'subject_cn' },
    /listen\.tls\.account needs client_ca/,
  ],
])('what cannot be used is told: %j', async (tls, said) => {
  const upstreams = [{ url: 'http://127.0.0.1:9', dialect: 'both' }]
  const text = settingsText({ upstreams, listen: { port: 0, tls } })
  const cwd = folder({ 'stillwatch.yaml': text, 'key.pem': authority('x').key })
  const ended = await stillwatch(['serve', '--config', 'stillwatch.yaml'], { cwd })
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(said) as unknown])
})
