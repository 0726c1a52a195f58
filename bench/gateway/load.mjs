// Asks a proxy, over sockets of its own, and tells its parent what came of it:
//   fork('load.mjs', [JSON.stringify({ port, mock, bytes, connections, seconds, warm, rate?, headers? })])
// Without `rate` each connection asks again as soon as it is answered; with it, requests are sent at fixed times,
// however many are under way.
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'

const made = JSON.parse(process.argv[2])
const warmUntil = performance.now() + made.warm * 1000
const endAt = warmUntil + made.seconds * 1000
const latencies = []
const firsts = []
const chunks = []
let done = 0
let failed = 0
let begun = false
let reading = null

const filler = 'How does the tide at Roscoff follow the moon, and by how much is it late? '
const content = filler.repeat(Math.ceil(made.bytes / filler.length)).slice(0, made.bytes - 140)
const body = JSON.stringify({
  model: 'm',
  messages: [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content },
  ],
  stream: made.mock !== 'json',
  max_tokens: 200,
})
const asked = Buffer.from(
  [
    'POST /v1/chat/completions HTTP/1.1',
    `host: 127.0.0.1:${made.port}`,
    'accept: application/json',
    'accept-language: *',
    'sec-fetch-mode: cors',
    'user-agent: OpenAI/JS 6.0.0',
    'authorization: Bearer sk-bench-0123456789abcdef0123456789abcdef',
    'content-type: application/json',
    'x-stainless-lang: js',
    'x-stainless-os: Linux',
    'x-stainless-runtime: node',
    ...(made.mock === 'json' ? [] : [`x-mock: ${made.mock}`]),
    ...(made.headers ?? []),
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n'),
)
const last = Buffer.from('0\r\n\r\n')

function client(onEnd) {
  let socket = null
  let due = 0
  let seen = 0
  let left = -1
  let chunked = false
  let tail = Buffer.alloc(0)
  let firstDue = true
  const open = () => {
    socket = connect({ port: made.port, host: '127.0.0.1', noDelay: true })
    socket.on('error', () => undefined)
    socket.on('data', data)
    socket.on('close', () => {
      if (left === -1 && seen === 0) return
      failed += 1
      finish()
    })
  }
  const finish = () => {
    const now = performance.now()
    seen = 0
    left = -1
    if (now > warmUntil && now < endAt) {
      done += 1
      if (made.rate || made.mock !== 'json' || done % 16 === 0) latencies.push(now - due)
    }
    onEnd()
  }
  const data = (chunk) => {
    let rest = chunk
    if (seen === 0) {
      const text = chunk.latin1Slice(0, Math.min(chunk.length, 2048))
      if (!text.startsWith('HTTP/1.1 200')) {
        failed += 1
        if (failed === 1) process.send({ is: 'fault', text: text.slice(0, 300) })
        socket.destroy()
        return
      }
      const end = text.indexOf('\r\n\r\n')
      const length = /\r\ncontent-length: *(\d+)/i.exec(text)
      chunked = length === null
      left = chunked ? 1 : Number(length[1])
      rest = chunk.subarray(end + 4)
      tail = Buffer.alloc(0)
      if (made.mock !== 'json' && rest.length > 0) first()
    } else if (firstDue && chunk.length > 0) first()
    seen += chunk.length
    if (made.mock === 'paced') times(rest)
    if (chunked) {
      // Of the body: a header may end like the last chunk.
      tail = rest.length >= 5 ? rest.subarray(-5) : Buffer.concat([tail, rest]).subarray(-5)
      if (tail.equals(last)) finish()
      return
    }
    left -= rest.length
    if (left <= 0) finish()
  }
  const first = () => {
    firstDue = false
    const now = performance.now()
    if (now > warmUntil) firsts.push(now - due)
  }
  const times = (bytes) => {
    const now = process.hrtime.bigint()
    for (const [, at] of bytes.latin1Slice().matchAll(/t=(\d+)=/g))
      if (performance.now() > warmUntil) chunks.push(Number(now - BigInt(at)) / 1e6)
  }
  return {
    ask: (at) => {
      if (socket === null || socket.destroyed) open()
      due = at
      firstDue = true
      left = 0
      socket.write(asked)
    },
  }
}

function closed() {
  for (let at = 0; at < made.connections; at++) {
    const one = client(() => {
      if (performance.now() < endAt) one.ask(performance.now())
    })
    // Streams begin one after the other, or all their events would come at once.
    setTimeout(() => one.ask(performance.now()), made.mock === 'paced' ? at * 3 : 0)
  }
}

function openLoop() {
  const free = []
  const add = () => {
    const one = client(() => free.push(one))
    return one
  }
  const start = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const now = performance.now()
    if (now > endAt) return clearInterval(timer)
    while (start + (sent * 1000) / made.rate <= now) {
      sent += 1
      // From when it is sent: that a timer of ours was late is no proxy's fault, and no proxy can make it late.
      ;(free.pop() ?? add()).ask(performance.now())
    }
  }, 1)
}

if (made.rate) openLoop()
else closed()
setTimeout(() => {
  begun = true
  reading = process.cpuUsage()
  process.send({ is: 'begin' })
}, made.warm * 1000)
setTimeout(
  () => {
    const quantile = (of, share) => {
      const sorted = of.toSorted((a, b) => a - b)
      return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
    }
    const both = (of) => ({ p50: quantile(of, 0.5), p99: quantile(of, 0.99), max: quantile(of, 1) })
    const used = process.cpuUsage(reading)
    const result = {
      done,
      failed,
      perSecond: done / made.seconds,
      latency: both(latencies),
      first: both(firsts),
      chunk: both(chunks),
      own: (used.user + used.system) / 1e6 / made.seconds,
    }
    process.send({ is: 'end', begun, result }, () => process.exit())
  },
  (made.warm + made.seconds) * 1000,
)
