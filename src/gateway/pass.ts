import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import type { Dispatcher } from 'undici'
import { type UpstreamKey, withKey } from '../wire/credential.ts'
import { boundaryWatch } from '../wire/events.ts'
import { header, headersDown, headersUpstream } from '../wire/headers.ts'
import { errorEvent, type RefusalCode } from '../wire/refusal.ts'
import type { Route } from '../wire/route.ts'
import type { Limits } from './config.ts'
import type { GateLimits, Place } from './gate.ts'
import type { Outcome } from './metrics.ts'
import { type Hold, isEventStream, type Tap, tapOf } from './tap.ts'
import type { Upstream } from './upstream.ts'

/** A request on its way, and the answer it is owed. */
export type Passing = {
  readonly id: string
  readonly route: Route
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The body, where it was read; null for one that is passed on as it comes. */
  readonly body: Buffer | null
  readonly upstream: Upstream
  /** Sent in place of the caller's; null where the caller's goes on. */
  readonly key: UpstreamKey | null
  readonly limits: Limits
  /** Where bytes of the answer are counted while they wait to be read; null where nobody wants to know what was said. */
  readonly hold: Hold | null
  /** The gateway closes: the client is told not to use the connection again. */
  readonly draining: () => boolean
  /** Answers in the gateway's own name; only before an answer has begun. */
  readonly refuse: (code: RefusalCode, message: string) => void
  /** Called once, when all is over. */
  readonly ended: (end: End) => void
}

/** How an exchange ended. */
export type End = {
  readonly outcome: Outcome
  /** What the client was told, by the upstream or else by the gateway; 499 where it left before. */
  readonly status: number
  /** Milliseconds of `performance.now()`; null where nothing of an answer came. */
  readonly firstAt: number | null
  readonly tap: Tap | null
  readonly answerBytes: number
  /** What went wrong, for the log: a code, never text of the exchange. */
  readonly fault: string | null
}

/** nginx logs the same where a client leaves before it is answered. */
const clientLeftStatus = 499

type Fault = { readonly code: RefusalCode; readonly message: string; readonly fault: string }

/** Passes a request on and its answer back, bytes as they are, each end no faster than the other reads. */
export function pass(passing: Passing): void {
  const { response, upstream, limits, route } = passing
  const down = downstream(passing)
  let controller: Dispatcher.DispatchController | null = null
  let place: Place | null = null
  let over = false

  const end = (outcome: Outcome, fault: string | null): void => {
    if (over) return
    over = true
    clearTimeout(whole)
    clearTimeout(wait)
    place?.leave()
    const told = response.headersSent ? response.statusCode : clientLeftStatus
    passing.ended({ outcome, status: told, fault, ...down.end() })
  }
  const fail = ({ code, message, fault }: Fault): void => {
    if (over) return
    if (response.headersSent) down.breakOff(code, message)
    else passing.refuse(code, message)
    end(code === 'request_timeout' ? 'refused' : 'upstream-failed', fault)
    controller?.abort(new Error(fault))
  }
  const whole = setTimeout(() => fail(tooLong), limits.exchange_seconds_max * 1000)
  let wait: NodeJS.Timeout | undefined

  response.on('close', () => {
    if (response.writableFinished) return
    end('client-left', null)
    controller?.abort(new Error('client-left'))
  })
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: (started) => {
      controller = started
      // The client may have left while this waited. Never to be paused then: nothing would resume it.
      if (over) started.abort(new Error('client-left'))
    },
    onResponseStart: (_, code, _headers, words) => {
      // 1xx is the hop's business.
      if (over || code < 200 || !controller) return
      down.begin(controller, code, words ?? '')
    },
    onResponseData: (_, chunk) => {
      if (!over) down.data(chunk)
    },
    onResponseEnd: () => {
      if (over) return
      down.finish()
      end('passed', null)
    },
    onResponseError: (_, error) => fail(faultOf(error, response.headersSent)),
  }
  const start = (): void => {
    clearTimeout(wait)
    upstream.pool.dispatch(outgoing(passing, fail), handler)
  }
  let started = false
  place = upstream.gate.enter(roomAt(limits), () => {
    started = true
    start()
  })
  if (place === null) {
    passing.refuse('overloaded', `Too many requests wait for the ${route.dialect} API.`)
    return end('refused', 'too-many-waiting')
  }
  // A request that the HTTP client will not send fails before there is a place to leave.
  if (over) return place.leave()
  if (started) return
  wait = setTimeout(() => {
    passing.refuse('overloaded', 'No connection to the API became free in time.')
    end('refused', 'waited-too-long')
  }, limits.upstream_waiting_seconds_max * 1000)
}

function outgoing(passing: Passing, fail: (fault: Fault) => void): Dispatcher.DispatchOptions {
  const { request, upstream, body, key } = passing
  const sent = key === null ? request.rawHeaders : withKey(request.rawHeaders, key)
  return {
    method: request.method ?? 'GET',
    path: `${upstream.basePath}${request.url ?? '/'}`,
    headers: headersUpstream(sent, body === null),
    body: bodyOf(passing, fail),
  }
}

function roomAt(limits: Limits): GateLimits {
  return {
    runningMax: limits.upstream_connections_max,
    waitingMax: limits.upstream_waiting_max,
  }
}

const tooLong: Fault = {
  code: 'upstream_timeout',
  message: 'The exchange took longer than this gateway allows.',
  fault: 'exchange-too-long',
}

const uploadPaused: Fault = {
  code: 'request_timeout',
  message: 'The client paused for too long while it sent its request.',
  fault: 'upload-paused',
}

type Downstream = {
  readonly begin: (from: Dispatcher.DispatchController, status: number, words: string) => void
  readonly data: (chunk: Buffer) => void
  readonly finish: () => void
  /** Tells a client whose answer has begun that it will not be finished. */
  readonly breakOff: (code: RefusalCode, message: string) => void
  readonly end: () => Pick<End, 'firstAt' | 'tap' | 'answerBytes'>
}

/** The client's side of an exchange. */
function downstream({ request, response, limits, route, id, ...passing }: Passing): Downstream {
  let from: Dispatcher.DispatchController | null = null
  let boundary: ReturnType<typeof boundaryWatch> | null = null
  let tap: Tap | null = null
  let firstAt: number | null = null
  let answerBytes = 0
  let stalled: NodeJS.Timeout | undefined
  /** What came in this turn of the event loop: a stream that comes in a rush is written in one go, and waits for nothing. */
  let fresh: Buffer[] = []

  const taken = (): Buffer | null => {
    const [only = null] = fresh
    const all = fresh.length > 1 ? Buffer.concat(fresh) : only
    fresh = []
    return all
  }
  const awaitReader = (): void => {
    clearTimeout(stalled)
    stalled = setTimeout(() => response.destroy(), limits.stalled_seconds_max * 1000)
  }
  const flush = (): void => {
    const chunk = taken()
    if (chunk === null || response.destroyed || response.write(chunk) || response.destroyed) return
    from?.pause()
    awaitReader()
  }
  response.on('drain', () => {
    clearTimeout(stalled)
    from?.resume()
  })
  response.on('close', () => clearTimeout(stalled))
  return {
    begin: (controller, status, words) => {
      from = controller
      const raw = latin1(controller.rawHeaders)
      const headers = headersDown(raw)
      if (passing.draining()) headers.push('connection', 'close')
      response.sendDate = false
      response.writeHead(status, words, headers)
      if (passing.hold !== null) tap = tapOf(raw, limits.output_chars_max, passing.hold)
      if (!isEventStream(raw)) return
      // Nothing can be added to what is packed, or to what has a length.
      if (!header(raw, 'content-encoding') && !header(raw, 'content-length'))
        boundary = boundaryWatch()
      response.flushHeaders()
    },
    data: (chunk) => {
      firstAt ??= performance.now()
      answerBytes += chunk.length
      tap?.push(chunk)
      boundary?.push(chunk)
      if (fresh.push(chunk) === 1) process.nextTick(flush)
    },
    finish: () => {
      response.end(taken())
    },
    breakOff: (code, message) => {
      flush()
      if (boundary?.between() === true && !response.destroyed)
        response.end(errorEvent(code, message, { dialect: route.dialect, kind: route.kind, id }))
      // To a client of HTTP/1.0 a closed connection is the end of an answer; a reset one is not.
      else if (request.httpVersionMinor === 0 && request.httpVersionMajor === 1)
        response.socket?.resetAndDestroy()
      else response.destroy()
    },
    end: () => {
      clearTimeout(stalled)
      // The upstream is done, and the client may still leave unread what is left for it.
      if (response.writableLength > 0 && !response.destroyed) awaitReader()
      return { firstAt, tap, answerBytes }
    },
  }
}

/** Node and undici both give header bytes as latin1 characters, so that every byte survives. */
function latin1(raw: unknown): readonly string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((each) => (Buffer.isBuffer(each) ? each.toString('latin1') : String(each)))
}

function bodyOf(
  { request, response, body, limits }: Passing,
  fail: (fault: Fault) => void,
): Buffer | PassThrough | null {
  if (body !== null) return body.length === 0 ? null : body
  if (!request.headers['content-length'] && !request.headers['transfer-encoding']) return null
  // Between the two, for the HTTP client destroys a body it no longer wants, and with it the connection
  // on which the client still waits for its answer.
  const between = new PassThrough()
  between.on('error', () => undefined)
  // It may take as long as it takes, while it goes on. One that waits for the upstream is not to blame.
  const paused = setTimeout(() => {
    if (between.writableNeedDrain) paused.refresh()
    else fail(uploadPaused)
  }, limits.request_seconds_max * 1000)
  request.on('data', () => paused.refresh())
  request.on('end', () => clearTimeout(paused))
  request.pipe(between)
  response.on('close', () => {
    clearTimeout(paused)
    between.destroy()
  })
  return between
}

/** What an error of the HTTP client means to the caller. Its message may name addresses and stays in the log. */
function faultOf(error: Error, begun: boolean): Fault {
  const fault = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  switch (fault) {
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return {
        code: 'upstream_timeout',
        message: 'The API behind this gateway took too long.',
        fault,
      }
    case 'UND_ERR_INVALID_ARG':
    case 'UND_ERR_NOT_SUPPORTED':
      return {
        code: 'malformed_request',
        message: 'A header of the request cannot be sent on.',
        fault,
      }
    default:
      return begun
        ? {
            code: 'upstream_broken',
            message: 'The API behind this gateway broke off its answer.',
            fault,
          }
        : {
            code: 'upstream_unreachable',
            message: 'The API behind this gateway cannot be reached.',
            fault,
          }
  }
}
