// A small HTTP front of chDB that speaks as much of ClickHouse's HTTP interface as @clickhouse/client
// and url() use here: a query in the address or the body, param_* bindings, settings, an INSERT's data
// behind its query, packed bodies, exceptions with their code. docs/scale-out.md says what a test
// against it proves, and what it does not. Runs in a process of its own: chDB is one per process.
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Session } from 'chdb'

const password = process.argv[2] ?? ''
const folder = mkdtempSync(join(tmpdir(), 'stillwatch-front-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const session = new Session(join(folder, 'store'), { connectionArgs: ['--max_threads=2'] })
const requests = []
let bodies = 0

// What belongs to the request and not to the query's settings.
const own = new Set(['query', 'database', 'query_id', 'session_id', 'default_format', 'role'])
// One after the other: settings and parameters are the session's.
let last = Promise.resolve()

const server = createServer({ maxHeaderSize: 2 ** 20 }, (request, response) => {
  last = last.then(() => answer(request, response)).catch((error) => fail(response, error))
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`)
})
process.stdin.on('end', () => process.exit(0)).resume()

async function answer(request, response) {
  const url = new URL(request.url, 'http://front')
  if (url.pathname === '/ping') return response.end('Ok.\n')
  if (url.pathname === '/requests') return response.end(JSON.stringify(requests))
  requests.push({ bytes: request.url.length, encoding: request.headers['content-encoding'] ?? '' })
  const body = join(folder, `body-${++bodies}`)
  await pipeline(request, createWriteStream(body))
  if (!isAllowed(request))
    throw new Error('Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)')
  for (const [name, value] of url.searchParams)
    if (!own.has(name)) await session.queryAsync(`SET ${name} = ${literal(value)}`)
  await session.queryAsync(`USE ${identifier(url.searchParams.get('database') ?? 'default')}`)
  const text = url.searchParams.get('query')
  const packed = packings[request.headers['content-encoding'] ?? ''] ?? 'none'
  const sql = text === null ? await unpackedText(body, packed) : withData(text, body, packed)
  const result = await session.queryAsync(sql, { format: 'TabSeparated' })
  rmSync(body)
  response.setHeader('X-ClickHouse-Summary', '{}')
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  response.end(request.method === 'HEAD' ? '' : result.bytes())
}

const packings = { gzip: 'gz', zstd: 'zst', xz: 'xz', lz4: 'lz4', br: 'br', deflate: 'deflate' }

function isAllowed(request) {
  const basic = /^Basic (.*)$/.exec(request.headers.authorization ?? '')
  const given = basic
    ? Buffer.from(basic[1], 'base64').toString().split(':').slice(1).join(':')
    : request.headers['x-clickhouse-key']
  return (given ?? '') === password
}

async function unpackedText(body, packed) {
  const from = `file(${literal(body)}, RawBLOB, 'text String', '${packed}')`
  return (await session.queryAsync(`SELECT text FROM ${from}`, { format: 'RawBLOB' })).text()
}

/** chDB takes no data behind a query: it reads the body as a file in its place. */
function withData(text, body, packed) {
  const insert = /^([\s\S]*?)\s+FORMAT\s+(\w+)\s*$/.exec(text)
  if (!insert || !/^\s*INSERT/i.test(text)) return text
  const [, statement, format] = insert
  const from = `file(${literal(body)}, ${format}, 'line String', '${packed}')`
  return statement.includes("input('line String')")
    ? statement.replaceAll("input('line String')", from)
    : `${statement} SELECT line FROM ${from}`
}

function fail(response, error) {
  const text = String(error.message)
  response.statusCode = 500
  response.setHeader('X-ClickHouse-Exception-Code', /Code: (\d+)/.exec(text)?.[1] ?? '1002')
  response.end(text)
}

function identifier(name) {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``
}

function literal(text) {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
}
