import type { IncomingMessage } from 'node:http'
import type { Limits } from './config.ts'

/** Bytes that all requests in progress hold together. */
export type ByteBudget = {
  /** False where there is no room for more. */
  readonly take: (bytes: number, max: number) => boolean
  readonly give: (bytes: number) => void
  readonly taken: () => number
}

export function byteBudget(): ByteBudget {
  let taken = 0
  return {
    take: (bytes, max) => {
      if (taken + bytes > max) return false
      taken += bytes
      return true
    },
    give: (bytes) => {
      taken -= bytes
    },
    taken: () => taken,
  }
}

export type Body =
  | { readonly is: 'whole'; readonly bytes: Buffer }
  | { readonly is: 'too-large' }
  | { readonly is: 'no-room' }
  | { readonly is: 'late' }
  | { readonly is: 'left' }

export type BodyBounds = {
  readonly budget: ByteBudget
  readonly bytesMax: number
  readonly budgetMax: number
  readonly millisecondsMax: number
}

/** What the settings allow a body. */
export function bodyBounds(budget: ByteBudget, limits: Limits): BodyBounds {
  return {
    budget,
    bytesMax: limits.body_bytes_max,
    budgetMax: limits.bodies_bytes_max,
    millisecondsMax: limits.request_seconds_max * 1000,
  }
}

/**
 * Reads a body whole and tells `done` once. What it took of the budget is the caller's to give back when
 * the body is whole, and given back otherwise. Bytes are counted as they come: a client may say any length.
 */
export function readBody(
  request: IncomingMessage,
  made: BodyBounds,
  done: (body: Body) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  let settled = false
  const settle = (body: Body): void => {
    if (settled) return
    settled = true
    clearTimeout(late)
    if (body.is !== 'whole') {
      made.budget.give(bytes)
      request.off('data', take)
      chunks.length = 0
      // Reads on to nowhere, so that an answer can be heard; the connection is closed after it.
      request.resume()
    }
    done(body)
  }
  const take = (chunk: Buffer): void => {
    if (bytes + chunk.length > made.bytesMax) return settle({ is: 'too-large' })
    if (!made.budget.take(chunk.length, made.budgetMax)) return settle({ is: 'no-room' })
    bytes += chunk.length
    chunks.push(chunk)
  }
  const late = setTimeout(() => settle({ is: 'late' }), made.millisecondsMax)
  if (declaredBytes(request) > made.bytesMax) return settle({ is: 'too-large' })
  request.on('data', take)
  request.on('end', () => {
    const [only] = chunks
    settle({ is: 'whole', bytes: chunks.length === 1 && only ? only : Buffer.concat(chunks) })
  })
  request.on('error', () => settle({ is: 'left' }))
  request.on('close', () => settle({ is: 'left' }))
}

/** What the client says; Node has refused what is no number. */
export function declaredBytes(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0)
}

const smallBodyMsMax = 10_000

/** The text of a small body that is meant for the gateway itself; null where it is larger, or never came whole. */
export function smallBody(request: IncomingMessage, bytesMax: number): Promise<string | null> {
  const bounds = {
    budget: byteBudget(),
    bytesMax,
    budgetMax: bytesMax,
    millisecondsMax: smallBodyMsMax,
  }
  return new Promise((settle) =>
    readBody(request, bounds, (body) =>
      settle(body.is === 'whole' ? body.bytes.toString('utf8') : null),
    ),
  )
}
