import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** An answer as bytes, and whether it came to its end. */
export type RawAnswer = {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: Buffer
  readonly whole: boolean
}

/** Sends a request byte by byte as given, on a connection of its own, and reads the answer as it comes. */
export function send(
  url: string,
  made: {
    readonly method?: string
    readonly headers?: readonly string[]
    readonly body?: string | Uint8Array
  } = {},
): Promise<RawAnswer> {
  const { hostname, port, host, pathname, search } = new URL(url)
  // As bytes: before a text Node would write its headers in the text's encoding.
  const body = Buffer.from(made.body ?? '')
  const length = ['content-length', String(body.length)]
  return new Promise((settle, fail) => {
    const sent = request({
      hostname,
      port,
      path: `${pathname}${search}`,
      method: made.method ?? 'POST',
      headers: ['host', host, ...(made.headers ?? []), ...(body.length > 0 ? length : [])],
      agent: false,
    })
    sent.on('error', fail)
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      const end = (): void =>
        settle({
          status: response.statusCode ?? 0,
          headers: response.rawHeaders,
          body: Buffer.concat(chunks),
          whole: response.complete,
        })
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', end)
      response.on('end', end)
    })
    sent.end(body)
  })
}

/** A chat request, streamed or not. */
export function ask(url: string, more: object = {}): Promise<RawAnswer> {
  return send(`${url}/v1/chat/completions`, {
    headers: ['content-type', 'application/json', 'authorization', 'Bearer sk-test'],
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello?' }], ...more }),
  })
}

export type Line = {
  readonly socket: Socket
  /** Everything received so far. */
  readonly text: () => string
  /** How the connection ended: a reset shows as an error. */
  readonly closed: Promise<'ended' | 'reset'>
}

/** A bare connection on which a test writes what no client would. */
export function line(url: string, text = ''): Line {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  let received = ''
  let reset = false
  socket.on('data', (part: Buffer) => (received += part.toString('latin1')))
  socket.on('error', () => (reset = true))
  const closed = new Promise<'ended' | 'reset'>((settle) =>
    socket.on('close', () => settle(reset ? 'reset' : 'ended')),
  )
  if (text !== '') socket.write(text, 'latin1')
  return { socket, text: () => received, closed }
}
