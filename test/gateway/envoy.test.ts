import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { authorization } from '../../src/gateway/adapters/envoy.ts'
import { decideToken, type Deciding, deciding } from '../support/deciding.ts'
import { flagged, nameOfKey } from '../support/policing.ts'

// What Envoy's ext_authz filter is answered over gRPC, asked by a client of Envoy's published protocol.

type Denied = {
  readonly status: { readonly code: number }
  readonly headers: readonly { readonly header: { readonly key: string; readonly value: string } }[]
  readonly body: string
}

type Checked = {
  readonly status: { readonly code: number }
  readonly deniedResponse?: Denied
}

type Asked = {
  readonly http?: object
  readonly extensions?: object
  readonly token?: string
}

type Call = { readonly answer: Promise<Checked>; readonly cancel: () => void }

/** The method that the protocol gives a client. */
type Check = (
  request: object,
  metadata: Metadata,
  done: (cause: ServiceError | null, checked: Checked) => void,
) => { readonly cancel: () => void }

/** A filter of Envoy's that asks a gateway. */
function envoy(here: Deciding): (asked: Asked) => Call {
  const Client = authorization()
  const client = new Client(here.gateway.decideGrpc ?? '', credentials.createInsecure())
  onTestFinished(() => client.close())
  return ({ http = {}, extensions = {}, token = decideToken }) => {
    const metadata = new Metadata()
    metadata.set('authorization', `Bearer ${token}`)
    const request = {
      attributes: {
        source: { address: { socketAddress: { address: '192.0.2.7', portValue: 4711 } } },
        request: { http: { method: 'POST', path: '/v1/chat/completions', ...http } },
        contextExtensions: extensions,
      },
    }
    let cancel = (): void => undefined
    const answer = new Promise<Checked>((settle, fail) => {
      const check = client['Check']?.bind(client) as unknown as Check
      const call = check(request, metadata, (cause, checked) =>
        cause === null ? settle(checked) : fail(cause),
      )
      cancel = () => call.cancel()
    })
    return { answer, cancel }
  }
}

const rule = (action: string, more: object = {}): object => ({
  when: { verdict: 'flagged', ...more },
  action,
  expires_hours: 24,
})
const refusing = { enforce: true, rules: [rule('refuse')], refuse_without_review: ['paid'] }
const decide = { decide: { port: 0, grpc_port: 0, token: decideToken } }

test('an honest key passes; a flagged one is denied in the dialect of its path, with its case', async () => {
  const here = await deciding(refusing, decide)
  here.stands(nameOfKey('sk-rook'), flagged)
  const ask = envoy(here)
  const honest = await ask({ http: { headers: { authorization: 'Bearer sk-heron' } } }).answer
  expect([honest.status.code, honest.deniedResponse]).toEqual([status.OK, undefined])
  const rook = { headers: { 'x-api-key': 'sk-rook' }, path: '/v1/messages' }
  const { status: code, deniedResponse: denied } = await ask({ http: rook }).answer
  expect(code.code).toBe(status.PERMISSION_DENIED)
  expect(denied?.status.code).toBe(403)
  expect(JSON.parse(denied?.body ?? '')).toMatchObject({
    type: 'error',
    error: { type: 'permission_error' },
  })
  const headers = Object.fromEntries(denied?.headers.map(({ header: h }) => [h.key, h.value]) ?? [])
  expect(headers['x-stillwatch-case']).toMatch(/^S-[0-9a-f]{16}$/)
  expect(headers['x-should-retry']).toBe('false')
})

test('an account is what the header says that the operator named, and no other', async () => {
  const here = await deciding(refusing, decide)
  here.stands('rook', flagged)
  const ask = envoy(here)
  const code = async (headers: object, extensions: object): Promise<number> =>
    (await ask({ http: { headers }, extensions }).answer).status.code
  const named = { account_header: 'x-account' }
  expect(await code({ 'x-account': 'rook' }, named)).toBe(status.PERMISSION_DENIED)
  expect(await code({ 'x-account': 'rook' }, {})).toBe(status.OK)
  expect(await code({ 'x-stillwatch-account': 'rook' }, {})).toBe(status.OK)
  expect(await code({ 'x-account': 'heron', 'x-stillwatch-account': 'rook' }, named)).toBe(
    status.OK,
  )
})

test('a body that Envoy sends along tells the model; without one it may be any', async () => {
  const rules = [rule('refuse', { models: ['gpt-5*'] })]
  const here = await deciding({ ...refusing, rules }, decide)
  here.stands('rook', flagged)
  const ask = envoy(here)
  const code = async (body: string): Promise<number> => {
    const http = { headers: { 'x-account': 'rook' }, body }
    return (await ask({ http, extensions: { account_header: 'x-account' } }).answer).status.code
  }
  expect(await code('{"model":"gpt-4"}')).toBe(status.OK)
  expect(await code('{"model":"gpt-5-mini"}')).toBe(status.PERMISSION_DENIED)
  expect(await code('')).toBe(status.PERMISSION_DENIED)
})

test('a request that is to be slowed waits, and gives its place back when Envoy gives up', async () => {
  const slow = { delay_ms_first: 30_000, delay_ms_max: 30_000, concurrency_max: 1 }
  const here = await deciding({ enforce: true, rules: [rule('slow')], slow }, decide)
  here.stands('rook', flagged)
  const ask = envoy(here)
  const rook = { http: { headers: { a: 'rook' } }, extensions: { account_header: 'a' } }
  const first = ask(rook)
  const given = first.answer.catch((cause: unknown) => cause)
  await new Promise((done) => setTimeout(done, 200))
  const second = await ask(rook).answer
  expect(second.deniedResponse?.status.code).toBe(429)
  first.cancel()
  expect(await given).toMatchObject({ code: status.CANCELLED })
  await new Promise((done) => setTimeout(done, 200))
  const third = ask(rook)
  const waits = Symbol('waits')
  const soon = new Promise((done) => setTimeout(() => done(waits), 300))
  expect(await Promise.race([third.answer, soon])).toBe(waits)
  const left = third.answer.catch((cause: unknown) => cause)
  third.cancel()
  expect(await left).toMatchObject({ code: status.CANCELLED })
})

test('nobody asks without the token', async () => {
  const here = await deciding(refusing, decide)
  const { answer } = envoy(here)({ token: 'another token of mine' })
  await expect(answer).rejects.toMatchObject({ code: status.UNAUTHENTICATED })
})
