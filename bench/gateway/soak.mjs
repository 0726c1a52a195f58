// Traffic of every kind for a long time: whole answers and streams, clients that leave, reset or read slowly, an API
// that dies. Every answer is compared with what the API said, every request with what the client sent, and the
// gateway's memory has to stay level: what it took in the second quarter of the time, within 10 %, to the end.
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { residentMiB } from './streams.mjs'

const growthMax = 1.1
const workers = 32
const sampleEveryMs = 2000

export async function soak({ minutes, start, metric }) {
  const api = createServer(answer)
  api.on('clientError', (_, socket) => socket.destroy())
  await new Promise((done) => api.listen(0, '127.0.0.1', done))
  const gateway = await start(api.address().port)
  const until = performance.now() + minutes * 60_000
  const counts = { right: 0, wrong: 0, torn: 0, left: 0, reset: 0, slow: 0 }
  const samples = []
  const sampling = setInterval(() => {
    samples.push(residentMiB(gateway.pid))
    // It is opened anew for each batch, and a disk has an end.
    rmSync(gateway.file, { force: true })
  }, sampleEveryMs)
  let seed = 0
  const worker = async () => {
    while (performance.now() < until) await exchange(gateway.port, seed++, counts)
  }
  await Promise.all(Array.from({ length: workers }, worker))
  clearInterval(sampling)
  await sleep(1500)
  const lost = await metric(gateway, 'stillwatch_records_lost_total')
  const open = await metric(gateway, 'stillwatch_exchanges_in_progress')
  const held = await metric(gateway, 'stillwatch_body_bytes')
  const quarter = Math.floor(samples.length / 4)
  const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)].map(median)
  console.error(
    `${minutes} min: ${JSON.stringify(counts)}; records lost ${lost}, in progress at the end ${open}, bytes held ${held}`,
  )
  console.error(
    `resident: ${early} MiB in the second quarter, ${late} MiB in the last (at most ${growthMax} times as much)`,
  )
  console.log(JSON.stringify({ soak: { minutes, ...counts, lost, open, held, early, late } }))
  if (counts.wrong + lost + open + held > 0 || late > early * growthMax) process.exitCode = 1
  api.closeAllConnections()
  api.close()
}

/** What the API says to a seed, and how; both ends work it out by themselves. */
function plan(seed) {
  const stream = seed % 2 === 0
  const size = 200 + ((seed * 7919) % 20_000) + (seed % 97 === 0 ? 3_000_000 : 0)
  const manner = ['usual', 'usual', 'usual', 'usual', 'left', 'reset', 'slow', 'dies'][
    Math.floor(seed / 2) % 8
  ]
  const said = createHash('sha256')
    .update(`answer ${seed}`)
    .digest('hex')
    .repeat(Math.ceil(size / 64))
    .slice(0, size)
  const event = (content) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`
  const parts = stream
    ? [...said.match(/.{1,4000}/g).map(event), 'data: [DONE]\n\n']
    : [JSON.stringify({ choices: [{ message: { content: said } }] })]
  return { stream, manner, parts, whole: parts.join('') }
}

function answer(request, response) {
  const seed = Number(request.headers['x-seed'])
  const hash = createHash('sha256')
  request.on('data', (chunk) => hash.update(chunk))
  request.on('error', () => undefined)
  response.on('error', () => undefined)
  request.on('end', async () => {
    const { stream, manner, parts } = plan(seed)
    response.writeHead(200, {
      'content-type': stream ? 'text/event-stream' : 'application/json',
      'x-asked': hash.digest('hex'),
    })
    for (const [at, part] of parts.entries()) {
      if (manner === 'dies' && at === Math.floor(parts.length / 2)) {
        if (at > 0) await sleep(5)
        return void response.destroy()
      }
      if (response.destroyed) return
      response.write(part)
      if (stream && at % 8 === 0) await sleep(1)
    }
    response.end()
  })
}

function exchange(port, seed, counts) {
  const { manner, whole } = plan(seed)
  const content = createHash('sha256')
    .update(`question ${seed}`)
    .digest('hex')
    .repeat(1 + (seed % 300))
  const body = JSON.stringify({
    model: 'm',
    messages: [{ role: 'user', content }],
    stream: seed % 2 === 0,
  })
  return new Promise((settle) => {
    const asked = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/v1/chat/completions',
      headers: {
        'x-seed': seed,
        authorization: `Bearer sk-${seed % 50}`,
        'content-length': body.length,
      },
    })
    const end = (kind) => {
      counts[kind] += 1
      settle()
    }
    asked.on('error', () => (manner === 'left' || manner === 'reset' ? settle() : end('wrong')))
    asked.on('response', (response) => {
      const hash = createHash('sha256')
      let first = true
      response.on('error', () => undefined)
      response.on('data', (chunk) => {
        hash.update(chunk)
        if (first && manner === 'left') return (end('left'), asked.destroy())
        if (first && manner === 'reset') return (end('reset'), asked.socket.resetAndDestroy())
        if (manner === 'slow' && first) {
          response.pause()
          setTimeout(() => response.resume(), 50)
        }
        first = false
      })
      response.on('close', () => {
        if (manner === 'left' || manner === 'reset') return settle()
        const same = hash.digest('hex') === createHash('sha256').update(whole).digest('hex')
        const heard =
          response.headers['x-asked'] === createHash('sha256').update(body).digest('hex')
        // Cut short by the API, it must not look whole: torn, or with an event that says so.
        if (manner === 'dies')
          return end(!same && (heard || response.statusCode === 502) ? 'torn' : 'wrong')
        if (!same || !heard || !response.complete) return end('wrong')
        end(manner === 'slow' ? 'slow' : 'right')
      })
    })
    asked.end(body)
  })
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
