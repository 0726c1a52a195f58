import { createHash, randomBytes } from 'node:crypto'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { header } from '../../src/wire/headers.ts'
import { ask, line, send } from '../support/raw.ts'
import { serving, until } from '../support/serving.ts'
import { text, upstream, words } from '../support/upstream.ts'

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

test('any bytes arrive as they were sent, both ways, on known routes and others', async () => {
  let back: Uint8Array = Buffer.alloc(0)
  const api = await upstream((_, response) => {
    response.setHeader('content-type', 'application/json')
    // In pieces, so that its length is not known beforehand.
    response.write(back.subarray(0, back.length / 2))
    response.end(back.subarray(back.length / 2))
  })
  const gateway = await serving(api.url)
  const bytes = fc.uint8Array({ maxLength: 200_000, size: 'max' })
  const path = fc.constantFrom('/v1/chat/completions', '/v1/messages', '/v1/files?purpose=x%20y')
  await fc.assert(
    fc.asyncProperty(bytes, bytes, path, async (there, answer, where) => {
      back = answer
      const got = await send(`${gateway.url}${where}`, { body: there })
      expect(sha(got.body)).toBe(sha(answer))
      const seen = api.received.at(-1)
      expect([seen?.url, sha(seen?.body ?? Buffer.alloc(0))]).toEqual([where, sha(there)])
    }),
    { numRuns: 60 },
  )
  expect(await gateway.metric('stillwatch_records_lost_total')).toBe(0)
})

test('headers keep their order, case, number and bytes; those of the hop and of Stillwatch stay', async () => {
  const answered = [
    'Set-Cookie',
    'a=1',
    'X-Odd',
    'caf\u00e9',
    'set-cookie',
    'b=2',
    'Retry-After',
    '3',
  ]
  const api = await upstream((_, response) => {
    response.sendDate = false
    response.writeHead(200, 'Quite Fine', [
      ...answered,
      'Content-Length',
      '2',
      'Keep-Alive',
      'timeout=9',
    ])
    response.end(Buffer.from('ok'))
  })
  const gateway = await serving(api.url)
  const kept = ['Anthropic-Beta', 'b,a', 'X-Twice', '1', 'x-twice', '2', 'X-Latin', 'na\u00efve']
  const dropped = [
    'X-Stillwatch-Account',
    'me',
    'TE',
    'trailers',
    'X-Mine',
    '1',
    'Connection',
    'x-mine',
  ]
  const got = await send(`${gateway.url}/v1/messages`, {
    headers: [...kept, ...dropped],
    body: '{}',
  })
  const { raw = [] } = api.received[0] ?? {}
  const names = raw.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
  expect(raw.join('\n')).toContain(kept.join('\n'))
  for (const name of ['x-stillwatch-account', 'te', 'x-mine']) expect(names).not.toContain(name)
  expect(header(raw, 'host')).toBe(new URL(api.url).host)
  expect(got.headers.slice(0, 10)).toEqual([...answered, 'Content-Length', '2'])
  expect(got.headers.join()).not.toContain('timeout=9')
})

test('a client cannot have its key removed on the way by naming it in Connection', async () => {
  const api = await upstream()
  const gateway = await serving(api.url)
  await send(`${gateway.url}/v1/messages`, {
    headers: ['X-Api-Key', 'k', 'Connection', 'close, x-api-key'],
    body: '{"model":"m"}',
  })
  expect(api.received[0]?.headers['x-api-key']).toBe('k')
})

test('a stream torn at every byte arrives as it was, and is read the same', async () => {
  const whole = Buffer.from(
    [
      ': hello\r\n\r\n',
      ...words.map(
        (content) =>
          `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\r\n\r\n`,
      ),
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    ].join(''),
  )
  let cut = 0
  const api = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(whole.subarray(0, cut))
    setImmediate(() => response.end(whole.subarray(cut)))
  })
  const gateway = await serving(api.url)
  for (cut = 1; cut < whole.length; cut++) {
    const { body } = await ask(gateway.url, { stream: true })
    expect(body.equals(whole)).toBe(true)
  }
  const records = await gateway.records(whole.length - 1)
  expect(new Set(records.map(({ output }) => output))).toEqual(new Set([text]))
})

test('bytes that are no UTF-8 pass as they are, and are mended only in the record', async () => {
  const answer = Buffer.concat([
    Buffer.from('{"choices":[{"message":{"content":"a'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('b"}}]}'),
  ])
  const api = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(answer)
  })
  const gateway = await serving(api.url)
  const body = Buffer.concat([
    Buffer.from('{"model":"m","messages":[{"role":"user","content":"x'),
    Buffer.from([0xc3]),
    Buffer.from('"}]}'),
  ])
  const got = await send(`${gateway.url}/v1/chat/completions`, { body })
  expect(got.body.equals(answer)).toBe(true)
  expect(api.received[0]?.body.equals(body)).toBe(true)
  const [record] = await gateway.records(1)
  expect(record?.request?.messages[0]?.content).toBe('x\u{fffd}')
  expect(record?.output).toBe('a\u{fffd}\u{fffd}b')
})

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
])('what is packed with %s passes packed, and is read', async (encoding, pack) => {
  const said = Buffer.from(
    words
      .map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
      .join(''),
  )
  const api = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': encoding })
    response.end(pack(said))
  })
  const gateway = await serving(api.url)
  const asked = Buffer.from('{"model":"m","messages":[{"role":"user","content":"packed"}]}')
  const { body } = await send(`${gateway.url}/v1/chat/completions`, {
    headers: ['content-encoding', encoding],
    body: pack(asked),
  })
  expect(sha(body)).toBe(sha(pack(said)))
  expect(sha(api.received[0]?.body ?? Buffer.alloc(0))).toBe(sha(pack(asked)))
  const [record] = await gateway.records(1)
  expect(record).toMatchObject({ output: text, request: { messages: [{ content: 'packed' }] } })
})

test('no chunk is held back: each arrives before the next is sent', async () => {
  let next: () => void = () => undefined
  const api = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let at = 0
    next = () => {
      if (at === 5) response.end()
      else response.write(`data: {"n":${at++}}\n\n`)
    }
    next()
  })
  const gateway = await serving(api.url)
  const wire = line(
    gateway.url,
    'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}',
  )
  for (let at = 0; at < 5; at++) {
    await until(
      () => (wire.text().includes(`{"n":${at}}`) ? true : undefined),
      () => `event ${at} was held back: ${wire.text()}`,
    )
    expect(wire.text()).not.toContain(`{"n":${at + 1}}`)
    next()
  }
})

test('a file on a route that is not known passes as it comes, larger than bodies may be', async () => {
  const api = await upstream((received, response) => {
    response.end(Buffer.from(sha(received.body)))
  })
  const gateway = await serving({
    upstreams: [{ url: api.url, dialect: 'both' }],
    limits: { body_bytes_max: 1024 },
  })
  const file = randomBytes(20_000_000)
  const { body } = await send(`${gateway.url}/v1/files`, { body: file })
  expect(body.toString()).toBe(sha(file))
  expect(await gateway.metric('stillwatch_body_bytes')).toBe(0)
})

test('a slow reader slows the provider down and fills no memory; in the end every byte is there', async () => {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const chunks = 3200
  let written = 0
  const api = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' })
    const write = (): void => {
      while (written < chunks) {
        written += 1
        if (!response.write(chunk)) return void response.once('drain', write)
      }
      response.end()
    }
    write()
  })
  const gateway = await serving(api.url)
  const before = await gateway.metric('process_resident_memory_bytes')
  const wire = line(gateway.url)
  let received = 0
  wire.socket.removeAllListeners('data')
  wire.socket.pause()
  wire.socket.write('GET /v1/big HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  // Until the provider has been stopped for a while.
  let last = -1
  await until(
    async () => {
      if (written === last && written > 0) return true
      last = written
      await new Promise((done) => setTimeout(done, 300))
      return undefined
    },
    () => 'the provider was never slowed down',
  )
  expect(written).toBeLessThan(chunks / 2)
  const held = (await gateway.metric('process_resident_memory_bytes')) - before
  expect(held).toBeLessThan(64 * 1024 * 1024)
  wire.socket.on('data', (part: Buffer) => (received += part.length))
  wire.socket.resume()
  await wire.closed
  expect(written).toBe(chunks)
  expect(received).toBeGreaterThan(chunk.length * chunks)
})
