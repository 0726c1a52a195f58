import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ask, line, send } from '../support/raw.ts'
import { serving, until } from '../support/serving.ts'
import { speak, upstream } from '../support/upstream.ts'

/** A provider that writes these bytes to whoever asks, and closes. */
async function liar(bytes: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(bytes))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const both = (url: string) => [{ url, dialect: 'both' }]

test('a provider that dies in the middle of an answer leaves it torn, never ended', async () => {
  const api = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"choices":[')
    setTimeout(() => response.destroy(), 30)
  })
  const gateway = await serving(api.url)
  const answer = await ask(gateway.url)
  expect({ ...answer, headers: [] }).toMatchObject({ status: 200, whole: false })
  expect(answer.body.toString()).toBe('{"choices":[')
})

test('a provider that says more bytes than it sends leaves the answer torn', async () => {
  const url = await liar('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":1}')
  const gateway = await serving(url)
  expect((await ask(gateway.url)).whole).toBe(false)
})

test('a provider that sends more bytes than it says ends where it said, and spoils no other answer', async () => {
  const url = await liar(
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\nevil',
  )
  const gateway = await serving(url)
  for (let at = 0; at < 3; at++) expect((await ask(gateway.url)).body.toString()).toBe('{}')
})

test('a provider that answers before it has read a file is heard', async () => {
  const gateway = await serving(await liar('HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno'))
  const wire = line(
    gateway.url,
    'POST /v1/files HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\nabc',
  )
  await until(
    () => (wire.text().endsWith('no') ? true : undefined),
    () => `no answer: ${wire.text()}`,
  )
  expect(wire.text()).toMatch(/^HTTP\/1\.1 413 Too Large\r\n/)
})

test('a provider that speaks no HTTP is told as unreachable', async () => {
  const gateway = await serving(await liar('SSH-2.0-OpenSSH_9\r\n'))
  const answer = await ask(gateway.url)
  expect(answer.status).toBe(502)
  expect(JSON.parse(answer.body.toString())).toMatchObject({
    error: { code: 'upstream_unreachable' },
  })
})

test('inside an event nothing can be added, so the stream is torn there', async () => {
  const api = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {"choi')
    setTimeout(() => response.destroy(), 30)
  })
  const gateway = await serving(api.url)
  const answer = await ask(gateway.url, { stream: true })
  expect(answer).toMatchObject({ whole: false })
  expect(answer.body.toString()).toBe('data: {"choi')
})

test('to a client of HTTP/1.0 a torn answer is a reset, for a close would be its end', async () => {
  const api = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"choices":[')
    setTimeout(() => response.destroy(), 30)
  })
  const gateway = await serving(api.url)
  const wire = line(gateway.url, 'GET /v1/models HTTP/1.0\r\nhost: x\r\n\r\n')
  expect(await wire.closed).toBe('reset')
})

test('a provider that never answers, or falls silent, or never ends, has its time', async () => {
  const silent = await upstream(() => undefined)
  const paused = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {}\n\n')
  })
  const endless = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const timer = setInterval(() => response.write('data: {}\n\n'), 20)
    response.on('close', () => clearInterval(timer))
  })
  const limits = {
    upstream_answer_seconds_max: 1,
    upstream_idle_seconds_max: 1,
    exchange_seconds_max: 3,
  }
  const one = await serving({ upstreams: both(silent.url), limits })
  const late = await ask(one.url)
  expect(late.status).toBe(504)
  expect(JSON.parse(late.body.toString())).toMatchObject({ error: { code: 'upstream_timeout' } })
  for (const api of [paused, endless]) {
    const other = await serving({ upstreams: both(api.url), limits })
    const answer = await ask(other.url, { stream: true })
    expect(answer.body.toString()).toMatch(
      /^(data: \{\}\n\n)+data: \{"error":.*upstream_timeout.*\n\n$/,
    )
    await until(
      () => (api.open() === 0 ? true : undefined),
      () => 'the provider was not told',
    )
  }
})

test('a client that takes an answer and never reads it is cut off; one that reads slowly is not', async () => {
  const size = 50_000_000
  const api = await upstream((_, response) => response.end(Buffer.alloc(size, 'x')))
  const gateway = await serving({ upstreams: both(api.url), limits: { stalled_seconds_max: 1 } })
  const asking = 'GET /v1/big HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
  const never = line(gateway.url, asking)
  never.socket.pause()
  const left = (): Promise<number> =>
    gateway.metric('stillwatch_exchanges_total{route="other",status="2xx",outcome="client-left"}')
  await until(
    async () => ((await left()) === 1 && api.open() === 0 ? true : undefined),
    () => 'the provider still waits for it',
  )
  const slow = line(gateway.url, asking)
  // In pieces of a sixteenth, each after a rest; the whole takes longer than a client may stall.
  let pieces = 0
  slow.socket.on('data', () => {
    if (slow.socket.bytesRead < (size / 16) * (pieces + 1)) return
    pieces += 1
    slow.socket.pause()
    setTimeout(() => slow.socket.resume(), 100)
  })
  await slow.closed
  expect(slow.text().length).toBeGreaterThan(size)
  expect(await left()).toBe(1)
})

test('an answer whose end the client never reads holds its connection no longer than it may', async () => {
  let size = 0
  const api = await upstream((_, response) => response.end(Buffer.alloc(size, 'x')))
  const gateway = await serving({ upstreams: both(api.url), limits: { stalled_seconds_max: 1 } })
  const ended = (outcome: string): Promise<number> =>
    gateway.metric(`stillwatch_exchanges_total{route="other",status="2xx",outcome="${outcome}"}`)
  // Close to what the system takes for a client that does not read: there the provider is done before the client is.
  let [low, high] = [0, 32_000_000]
  while (high - low > 4000) {
    size = Math.round((low + high) / 2)
    const before = (await ended('passed')) + (await ended('client-left'))
    const passed = await ended('passed')
    const wire = line(gateway.url)
    wire.socket.removeAllListeners('data')
    wire.socket.pause()
    wire.socket.write('GET /v1/big HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    await until(
      async () =>
        (await ended('passed')) + (await ended('client-left')) > before ? true : undefined,
      () => 'the exchange does not end',
    )
    if ((await ended('passed')) > passed) low = size
    else high = size
  }
  await new Promise((done) => setTimeout(done, 2500))
  expect(await gateway.metric('stillwatch_exchanges_in_progress')).toBe(0)
})

test('clients that leave while every place is taken hang nobody', async () => {
  let held: (() => void)[] = []
  const api = await upstream((received, response, request) => {
    held.push(() => speak(received, response, request))
  })
  const gateway = await serving({
    upstreams: both(api.url),
    limits: { upstream_connections_max: 4, upstream_waiting_max: 1000 },
  })
  const body = '{"model":"m","messages":[]}'
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`
  for (let round = 0; round < 5; round++) {
    const wires = Array.from({ length: 100 }, () => line(gateway.url, head + body))
    await until(
      async () => ((await gateway.metric('stillwatch_waiting')) >= 90 ? true : undefined),
      () => 'nobody waits',
    )
    for (const { socket } of wires) socket.resetAndDestroy()
    await until(
      async () =>
        (await gateway.metric('stillwatch_exchanges_in_progress')) === 0 ? true : undefined,
      () => 'those who left are still served',
    )
  }
  held = []
  const answers = Array.from({ length: 20 }, () => ask(gateway.url))
  const provider = setInterval(() => held.splice(0).forEach((answer) => answer()), 5)
  onTestFinished(() => clearInterval(provider))
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(
    Array.from({ length: 20 }, () => 200),
  )
})

test('more than may wait are told when to come back', async () => {
  const api = await upstream(() => undefined)
  const gateway = await serving({
    upstreams: both(api.url),
    limits: {
      upstream_connections_max: 1,
      upstream_waiting_max: 1,
      upstream_waiting_seconds_max: 1,
    },
  })
  const first = line(gateway.url, 'GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n')
  await until(
    () => (api.received.length === 1 ? true : undefined),
    () => 'the first did not arrive',
  )
  const second = ask(gateway.url)
  await until(
    async () => ((await gateway.metric('stillwatch_waiting')) === 1 ? true : undefined),
    () => 'the second does not wait',
  )
  for (const { status, headers } of [await ask(gateway.url), await second]) {
    expect(status).toBe(503)
    expect(headers.join('\n')).toMatch(/x-should-retry\ntrue\n(.*\n)*retry-after\n1/)
  }
  expect(first.text()).toBe('')
})

test('10 MB where 1 MB is allowed: refused at once, also by a client that hides the length', async () => {
  const api = await upstream()
  const gateway = await serving({ upstreams: both(api.url), limits: { body_bytes_max: 1_000_000 } })
  const big = Buffer.alloc(10_000_000, 'x')
  const head = 'POST /v1/messages HTTP/1.1\r\nhost: x\r\n'
  const declared = line(gateway.url, `${head}content-length: ${big.length}\r\n\r\n`)
  const hidden = line(gateway.url, `${head}transfer-encoding: chunked\r\n\r\n`)
  for (let at = 0; at < 2; at++)
    hidden.socket.write(`${(900_000).toString(16)}\r\n${'x'.repeat(900_000)}\r\n`)
  for (const wire of [declared, hidden]) {
    await wire.closed
    expect(wire.text()).toMatch(/^HTTP\/1\.1 413 /)
    expect(wire.text()).toContain('"request_too_large"')
    expect(wire.text().toLowerCase()).toContain('connection: close')
  }
  const asked = line(
    gateway.url,
    `${head}expect: 100-continue\r\ncontent-length: ${big.length}\r\n\r\n`,
  )
  await asked.closed
  expect(asked.text()).toMatch(/^HTTP\/1\.1 413 /)
  expect(api.received).toHaveLength(0)
  expect(await gateway.metric('stillwatch_body_bytes')).toBe(0)
})

test('bodies of all requests together have a limit too, and give back what they took', async () => {
  const api = await upstream()
  const gateway = await serving({ upstreams: both(api.url), limits: { bodies_bytes_max: 100_000 } })
  const head = 'POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 90001\r\n\r\n'
  const slow = line(gateway.url, head + 'x'.repeat(90_000))
  await until(
    async () => ((await gateway.metric('stillwatch_body_bytes')) === 90_000 ? true : undefined),
    () => 'the first body is not held',
  )
  expect((await send(`${gateway.url}/v1/messages`, { body: 'y'.repeat(20_000) })).status).toBe(503)
  slow.socket.destroy()
  await until(
    async () => ((await gateway.metric('stillwatch_body_bytes')) === 0 ? true : undefined),
    () => 'what was held is not given back',
  )
  expect((await ask(gateway.url)).status).toBe(200)
})

test('a flood of headers, by size or by number, is refused; many that fit all arrive', async () => {
  const api = await upstream()
  const gateway = await serving(api.url)
  const head = 'GET /v1/models HTTP/1.1\r\nhost: x\r\n'
  for (const flood of [`a: ${'x'.repeat(100_000)}\r\n`, 'a: b\r\n'.repeat(20_000)]) {
    const wire = line(gateway.url, `${head}${flood}\r\n`)
    await wire.closed
    expect(wire.text()).toMatch(/^HTTP\/1\.1 431 [^]*"code":"headers_too_large"/)
  }
  const many = Array.from({ length: 1500 }, (_, at) => [`x-${at}`, 'y']).flat()
  await send(`${gateway.url}/v1/models`, { method: 'GET', headers: many })
  expect(api.received[0]?.headers['x-1499']).toBe('y')
})

test('an upload may take longer than a request may, if it goes on; one that pauses is cut off', async () => {
  const api = await upstream((received, response) => response.end(String(received.body.length)))
  const gateway = await serving({
    upstreams: both(api.url),
    limits: { request_seconds_max: 1 },
  })
  const head =
    'POST /v1/files HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 10\r\n\r\n'
  const slow = line(gateway.url, head)
  let sent = 0
  const sending = setInterval(() => {
    slow.socket.write('x')
    if (++sent === 10) clearInterval(sending)
  }, 300)
  onTestFinished(() => clearInterval(sending))
  const pausing = line(gateway.url, `${head}xxx`)
  await Promise.all([slow.closed, pausing.closed])
  expect(slow.text()).toMatch(/^HTTP\/1\.1 200 [^]*10$/)
  expect(pausing.text()).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request_timeout"/)
  await until(
    () => (api.open() === 0 ? true : undefined),
    () => 'the provider still waits for the rest',
  )
})

test('a client that sends slower than it may is told and cut off', async () => {
  const gateway = await serving({
    upstreams: both((await upstream()).url),
    limits: { request_seconds_max: 1 },
  })
  const wires = [
    line(gateway.url, 'POST /v1/messages HTTP/1.1\r\nhost: x\r\n'),
    line(gateway.url, 'POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{'),
  ]
  for (const wire of wires) {
    await wire.closed
    expect(wire.text()).toMatch(/^HTTP\/1\.1 408 /)
  }
})

const post = 'POST /v1/messages HTTP/1.1\r\nhost: x\r\n'
const chunked = 'POST /v1/files HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n'
const models = 'GET /v1/models HTTP/1.1\r\nhost: x\r\n'

/** Frames that two servers may read differently, in the manner of Http11Probe. */
const ambiguous: Readonly<Record<string, string>> = {
  'a length and chunks': `${post}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  'chunks and a length': `${post}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n`,
  'two lengths': `${post}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
  'the same length twice': `${post}content-length: 2\r\ncontent-length: 2\r\n\r\n{}`,
  'a list of lengths': `${post}content-length: 2, 2\r\n\r\n{}`,
  'no length in its header': `${post}content-length:\r\n\r\n{}`,
  'a length below nothing': `${post}content-length: -1\r\n\r\n{}`,
  'a length with a sign': `${post}content-length: +2\r\n\r\n{}`,
  'a length in hexadecimal': `${post}content-length: 0x2\r\n\r\n{}`,
  'a length with a space in it': `${post}content-length: 2 2\r\n\r\n{}`,
  'a length beyond counting': `${post}content-length: 99999999999999999999\r\n\r\n{}`,
  'a coding after chunks': `${post}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  'a coding before chunks': `${post}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  'no chunks at all': `${post}transfer-encoding: identity\r\n\r\n0\r\n\r\n`,
  'chunks twice': `${post}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  'almost chunks': `${post}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`,
  'chunks behind a vertical tab': `${post}transfer-encoding: \u000bchunked\r\n\r\n0\r\n\r\n`,
  'chunks in quotes': `${post}transfer-encoding: "chunked"\r\n\r\n0\r\n\r\n`,
  'chunks in HTTP/1.0': `${post.replace('1.1', '1.0')}transfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  'bare line feeds': 'POST /v1/messages HTTP/1.1\nhost: x\ncontent-length: 0\n\n',
  'a bare line feed in a value': `${post}a: b\nx: y\r\n\r\n`,
  'a bare carriage return': `${post}a: b\rc: d\r\n\r\n`,
  'a folded header': `${post}a: b\r\n c\r\n\r\n`,
  'a folded first header': 'POST /v1/messages HTTP/1.1\r\n host: x\r\n\r\n',
  'a space before the colon': `${post}content-length : 2\r\n\r\n{}`,
  'no colon': `${post}abc\r\n\r\n`,
  'no name': `${post}: x\r\n\r\n`,
  'a name that is no token': `${post}a(b: c\r\n\r\n`,
  'a name beyond ASCII': `${post}\u00e9: c\r\n\r\n`,
  'a NUL in a name': `${post}a\u0000b: c\r\n\r\n`,
  'a NUL in a value': `${post}a: b\u0000c\r\n\r\n`,
  'a control character in a value': `${post}a: b\u0001c\r\n\r\n`,
  'HTTP/0.9': 'GET /v1/models\r\n\r\n',
  'HTTP/1.2': 'GET /v1/models HTTP/1.2\r\nhost: x\r\n\r\n',
  'HTTP/2.0': 'GET /v1/models HTTP/2.0\r\nhost: x\r\n\r\n',
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'http in small letters': 'GET /v1/models http/1.1\r\nhost: x\r\n\r\n',
  'tabs for spaces': 'GET\t/v1/models\tHTTP/1.1\r\nhost: x\r\n\r\n',
  'a method nobody knows': 'FOO /v1/models HTTP/1.1\r\nhost: x\r\n\r\n',
  'a control character in the path': 'GET /v1/\u0001 HTTP/1.1\r\nhost: x\r\n\r\n',
  'a fragment': 'GET /v1/models#x HTTP/1.1\r\nhost: x\r\n\r\n',
  'an absolute target': 'GET http://10.0.0.1/v1/models HTTP/1.1\r\nhost: x\r\n\r\n',
  'an asterisk': 'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n',
  'a tunnel': 'CONNECT 10.0.0.1:22 HTTP/1.1\r\nhost: x\r\n\r\n',
  'two hosts': `${models}host: y\r\n\r\n`,
  'a chunk size with 0x': `${chunked}0x2\r\n{}\r\n0\r\n\r\n`,
  'a chunk size with a sign': `${chunked}+2\r\n{}\r\n0\r\n\r\n`,
  'a chunk size below nothing': `${chunked}-2\r\n{}\r\n0\r\n\r\n`,
  'a chunk size behind a space': `${chunked} 2\r\n{}\r\n0\r\n\r\n`,
  'a chunk size before a space': `${chunked}2 \r\n{}\r\n0\r\n\r\n`,
  'a chunk size with a low line': `${chunked}2_0\r\n{}\r\n0\r\n\r\n`,
  'a chunk size beyond counting': `${chunked}fffffffffffffffff2\r\n{}\r\n0\r\n\r\n`,
  'no chunk size': `${chunked}\r\n{}\r\n0\r\n\r\n`,
  'a chunk longer than it says': `${chunked}2\r\n{}}\r\n0\r\n\r\n`,
  'chunks of bare line feeds': `${chunked}2\n{}\n0\n\n`,
  'a line feed in a chunk extension': `${chunked}2;a\nb\r\n{}\r\n0\r\n\r\n`,
  'a chunk extension of 100 kB': `${chunked}2;${'a'.repeat(100_000)}\r\n{}\r\n0\r\n\r\n`,
  'a trailer that says a length': `${chunked}2\r\n{}\r\n0\r\ncontent-length: 5\r\n\r\n`,
  'a trailer that is none': `${chunked}2\r\n{}\r\n0\r\na b: 5\r\n\r\n`,
}

test('a frame that two servers may read differently is refused, and what follows is no request', async () => {
  const api = await upstream()
  const gateway = await serving(api.url)
  const after = 'GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n'
  const told = await Promise.all(
    Object.entries(ambiguous).map(async ([name, text]) => {
      const wire = line(gateway.url, text + after)
      await wire.closed
      const answers = [...wire.text().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)
      const clear =
        wire.text().includes('malformed_request') || wire.text().includes('invalid_request_error')
      return [name, answers.join(), clear]
    }),
  )
  expect(told).toEqual(Object.keys(ambiguous).map((name) => [name, '400', true]))
  expect(api.received).toHaveLength(0)
})

test.each([
  ['a chunk extension', `${chunked}2;a=b\r\n{}\r\n0\r\n\r\n`, '{}'],
  ['a trailer', `${chunked}2\r\n{}\r\n0\r\na: b\r\n\r\n`, '{}'],
  ['empty lines before it', `\r\n\r\n${models}\r\n`, ''],
  ['a body where none is usual', `${models}content-length: 2\r\n\r\n{}`, '{}'],
  ['a length under an odd name', `${models}content_length: 50\r\n\r\n`, ''],
])('%s is read as one request, and the next is the next', async (_, text, body) => {
  const api = await upstream()
  const gateway = await serving(api.url)
  const next = 'GET /next HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
  const wire = line(gateway.url, text + next)
  await wire.closed
  expect(wire.text().match(/HTTP\/1\.1 \d+/g)).toHaveLength(2)
  const bodies = api.received.map((each) => [each.url === '/next', each.body.toString()])
  expect(bodies.sort(([a], [b]) => Number(a) - Number(b))).toEqual([
    [false, body],
    [true, ''],
  ])
})

test('a client that leaves with several requests open on one connection leaves none behind', async () => {
  const api = await upstream(() => undefined)
  const gateway = await serving(api.url)
  const wire = line(gateway.url, `${models}\r\n`.repeat(5))
  await until(
    () => (api.received.length === 5 ? true : undefined),
    () => `${api.received.length} requests arrived`,
  )
  wire.socket.destroy()
  await until(
    async () =>
      api.open() === 0 && (await gateway.metric('stillwatch_exchanges_in_progress')) === 0
        ? true
        : undefined,
    () => `${api.open()} requests are still open at the provider`,
  )
  expect(api.abandoned()).toBe(5)
})

test('a fault behind requests that are still answered is told after their answers, and is no answer to them', async () => {
  const answer: (() => void)[] = []
  const api = await upstream((received, response, request) => {
    answer.push(() => speak(received, response, request))
  })
  const gateway = await serving(api.url)
  const good = 'GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n'
  const wire = line(gateway.url, `${good}${good}GET / HTTP/1.1\r\nbroken header: 1\r\n\r\n${good}`)
  await until(
    () => (answer.length === 2 ? true : undefined),
    () => `${answer.length} requests arrived`,
  )
  await new Promise((done) => setTimeout(done, 50))
  expect(wire.text()).toBe('')
  for (const each of answer) each()
  await wire.closed
  expect([...wire.text().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
    '200',
    '200',
    '400',
  ])
})

test('a request without a host, with an absolute target, or of no HTTP is refused', async () => {
  const api = await upstream()
  const gateway = await serving(api.url)
  const odd = [
    'GET /v1/models HTTP/1.1\r\n\r\n',
    'GET http://10.0.0.1/v1/models HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /v1/../admin HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /v1/%2e%2e/admin HTTP/1.1\r\nhost: x\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  ]
  for (const text of odd) {
    const wire = line(gateway.url, text)
    await until(
      () => (wire.text().startsWith('HTTP/1.1 400 ') ? true : undefined),
      () => `not refused: ${JSON.stringify(text)} ${wire.text()}`,
    )
  }
  expect(api.received).toHaveLength(0)
})

test('a path spelt so that only a lenient provider knows it is known here too', async () => {
  const api = await upstream()
  const gateway = await serving(api.url)
  const body = '{"model":"m","messages":[{"role":"user","content":"Hidden?"}]}'
  for (const path of ['/v1//chat/completions', '/v1/chat/%63ompletions', '/V1/Chat/Completions/'])
    await send(`${gateway.url}${path}`, { body })
  expect(api.received.map(({ url }) => url)[0]).toBe('/v1//chat/completions')
  const records = await gateway.records(3)
  for (const { path, request } of records)
    expect([path, request?.messages[0]?.content]).toEqual(['/v1/chat/completions', 'Hidden?'])
})

test('bodies made to break whoever reads them pass, and the gateway goes on', async () => {
  const api = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('['.repeat(1_000_000))
  })
  const gateway = await serving(api.url)
  const deep = '['.repeat(500_000) + ']'.repeat(500_000)
  const bodies = [
    deep,
    `{"model":"m","messages":[],"tools":${deep}}`,
    '{"model":"m","messages":{"length":1e9}}',
    '{"model":"m","messages":[null,1,{"role":5},{"role":"user","content":[[[]],null,{"text":7}]}]}',
    '{"__proto__":{"model":"m"},"model":"m","messages":[]}',
    '{"model":"m","messages":[',
    '\u0000',
  ]
  for (const body of bodies)
    expect((await send(`${gateway.url}/v1/chat/completions`, { body })).status).toBe(200)
  const records = await gateway.records(bodies.length)
  expect(records.map(({ request }) => request?.model)).toEqual([
    undefined,
    'm',
    'm',
    'm',
    'm',
    undefined,
    undefined,
  ])
})

test('100 MB: refused on a known route before they are read, and passed on another without being held', async () => {
  const size = 100_000_000
  const api = await upstream((received, response) => response.end(String(received.body.length)))
  const gateway = await serving(api.url)
  const before = await gateway.metric('process_resident_memory_bytes')
  const known = line(
    gateway.url,
    `POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: ${size}\r\n\r\n`,
  )
  await known.closed
  expect(known.text()).toMatch(/^HTTP\/1\.1 413 /)
  const file = await send(`${gateway.url}/v1/files`, { body: Buffer.alloc(size) })
  expect(file.body.toString()).toBe(String(size))
  const grown = (await gateway.metric('process_resident_memory_bytes')) - before
  expect(grown).toBeLessThan(size)
})

test('bodies and answers that are not packed as they say pass as they are, and are recorded without text', async () => {
  const answer = Buffer.from('{"choices":[{"message":{"content":"plain"}}]}')
  const api = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    response.end(answer)
  })
  const gateway = await serving(api.url)
  const body = '{"model":"m","messages":[{"role":"user","content":"plain"}]}'
  const headers = ['content-encoding', 'br']
  const got = await send(`${gateway.url}/v1/chat/completions`, { headers, body })
  expect(got.body.equals(answer)).toBe(true)
  expect(api.received[0]?.body.toString()).toBe(body)
  const [record] = await gateway.records(1)
  expect(record).toMatchObject({ status: 200, request: null })
  expect(record).not.toHaveProperty('output')
})

test('a body shorter than it says is never sent on', async () => {
  const api = await upstream()
  const gateway = await serving(api.url)
  const wire = line(
    gateway.url,
    'POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"model":"m"}',
  )
  await new Promise((done) => setTimeout(done, 100))
  wire.socket.end()
  await wire.closed
  expect(api.received).toHaveLength(0)
  expect(await gateway.metric('stillwatch_body_bytes')).toBe(0)
})

test('nor does what was refused, broken or unreachable', async () => {
  const torn = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"secret-answer')
    setTimeout(() => response.destroy(), 20)
  })
  const gateway = await serving({
    upstreams: [
      { url: torn.url, dialect: 'openai' },
      { url: 'http://127.0.0.1:9', dialect: 'anthropic' },
    ],
    log_level: 'debug',
  })
  const secret = ['authorization', 'Bearer sk-secret-key', 'x-odd', 'secret-header']
  const body = '{"model":"m","messages":[{"role":"user","content":"secret-prompt"}]}'
  for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/messages/../secret-path'])
    await send(`${gateway.url}${path}?q=secret-query`, { headers: secret, body })
  for (const broken of ['secret name: 1', 'a: secret\u0000value', 'content-length: secret'])
    await line(gateway.url, `${post}authorization: Bearer sk-secret-key\r\n${broken}\r\n\r\n`)
      .closed
  const { stderr } = await gateway.stop()
  expect(stderr).toContain('malformed_request')
  expect(stderr).toContain('upstream-failed')
  expect(stderr).not.toContain('secret')
})

test('keys, prompts and answers never reach the log, not even at its most talkative', async () => {
  const api = await upstream()
  const gateway = await serving({ upstreams: both(api.url), log_level: 'debug' })
  await ask(gateway.url)
  await send(`${gateway.url}/v1/nowhere?key=sk-in-the-query`, { method: 'GET' })
  await gateway.records(1)
  const { stderr } = await gateway.stop()
  expect(stderr).toContain('"outcome":"passed"')
  expect(stderr).not.toMatch(/sk-test|Hello\?|tide|sk-in-the-query|token-for-the-tests/)
})

test('a connection that only opens costs nothing', async () => {
  const gateway = await serving((await upstream()).url)
  const { hostname, port } = new URL(gateway.url)
  const sockets = Array.from({ length: 200 }, () => connect(Number(port), hostname))
  for (const socket of sockets) socket.on('error', () => undefined)
  await until(
    async () => ((await gateway.metric('stillwatch_connections')) >= 200 ? true : undefined),
    () => 'connections are not counted',
  )
  for (const socket of sockets) socket.destroy()
  expect((await ask(gateway.url)).status).toBe(200)
})
