// The API behind the proxies, as fast as Node can be: a socket, no HTTP library. `/v1/chat/completions` answers
// 1.1 kB of JSON; with `x-mock: flat` 200 events at once; with `x-mock: paced` events in a rhythm, each with its time;
// with `x-mock: held` one event, and then nothing until the client leaves.
import { createServer } from 'node:net'
import { eventsPerStream } from './events.mjs'

const pacedEvents = 50
const pacedEveryMs = 20

const head = [
  'HTTP/1.1 200 OK',
  'date: Sat, 21 Nov 2026 12:00:00 GMT',
  'server: mock',
  'x-request-id: req_0123456789abcdef',
  'openai-processing-ms: 12',
  'openai-version: 2020-10-01',
  'x-ratelimit-limit-requests: 10000',
  'x-ratelimit-remaining-requests: 9999',
  'x-ratelimit-limit-tokens: 1000000',
  'x-ratelimit-remaining-tokens: 999000',
  'strict-transport-security: max-age=31536000',
].join('\r\n')

const body = JSON.stringify({
  id: 'chatcmpl-0123456789',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'The tide is low at 14:20. '.repeat(34) },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 900, completion_tokens: 200, total_tokens: 1100 },
})
const json = `${head}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
const streamHead = `${head}\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n`

function event(content) {
  const chunk = {
    id: 'chatcmpl-0123456789',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    system_fingerprint: 'fp_0123456789',
    choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
  }
  return `data: ${JSON.stringify(chunk)}\n\n`
}

function framed(text) {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

const flat = Buffer.from(
  `${streamHead}${framed(event('The tide is low at fourteen twenty. ')).repeat(eventsPerStream - 1)}${framed('data: [DONE]\n\n')}0\r\n\r\n`,
)
const whole = Buffer.from(json)

function paced(socket) {
  socket.write(streamHead)
  let sent = 0
  const timer = setInterval(() => {
    if (socket.destroyed) return clearInterval(timer)
    socket.write(framed(event(`t=${process.hrtime.bigint()}=`)))
    if (++sent < pacedEvents) return
    clearInterval(timer)
    socket.write('0\r\n\r\n')
  }, pacedEveryMs)
}

function serve(socket) {
  let pending = null
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    pending = pending === null ? chunk : Buffer.concat([pending, chunk])
    while (pending !== null) {
      const end = pending.indexOf('\r\n\r\n')
      if (end < 0) return
      const lines = pending.latin1Slice(0, end)
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(lines)?.[1] ?? 0)
      const next = end + 4 + length
      if (pending.length < next) return
      pending = pending.length === next ? null : pending.subarray(next)
      const how = /\r\nx-mock: *(\w+)/i.exec(lines)?.[1]
      if (how === 'flat') socket.write(flat)
      else if (how === 'paced') paced(socket)
      else if (how === 'held') socket.write(streamHead + framed(event('x')))
      else socket.write(whole)
    }
  })
}

const server = createServer(serve)
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', 8192, () =>
  process.send?.({ port: server.address().port }),
)
process.on('disconnect', () => process.exit())
