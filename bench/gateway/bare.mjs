// What a proxy on Node costs that does nothing: node:http in front, undici behind, headers and bodies as they come.
//   node bench/gateway/bare.mjs UPSTREAM PORT
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

// Its types, taken in by an import, would change what the linter makes of every script beside this one.
const { Pool } = createRequire(import.meta.url)('undici')
const [, , upstream, port] = process.argv
const pool = new Pool(upstream, { connections: 1024, pipelining: 1 })
const ours = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'])

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
    const { method, url: path } = request
    pool.dispatch(
      { method, path, headers: kept(request.rawHeaders), body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (controller, status) =>
          response.writeHead(status, kept(controller.rawHeaders.map(String), 'content-length')),
        onResponseData: (controller, chunk) => {
          if (response.write(chunk)) return
          controller.pause()
          response.once('drain', () => controller.resume())
        },
        onResponseEnd: () => response.end(),
        onResponseError: () => response.destroy(),
      },
    )
  })
})
server.listen(Number(port), '127.0.0.1')

function kept(raw, but) {
  const found = []
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at].toLowerCase()
    if (!ours.has(name) || name === but) found.push(raw[at], raw[at + 1])
  }
  return found
}
