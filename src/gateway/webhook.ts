import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'

/** Somewhere that wants to hear of something. */
export type Hook = {
  readonly url: string
  readonly token?: string
  readonly timeout_seconds_max: number
}

export type Webhook = {
  /** Never waits: where too many wait already, it is dropped and counted. */
  readonly send: (hook: Hook, body: object) => void
  readonly close: (millisecondsMax: number) => Promise<void>
}

export type Delivery = 'sent' | 'failed' | 'dropped'

const waitingMax = 1000
const triesMax = 3

/**
 * Posts JSON, one after the other, beside the requests. A host that is down is tried again after 1 and 4 seconds.
 * Redirects are not followed: the address is the operator's, and nobody else's answer may change it.
 */
export function webhook(made: {
  readonly onDelivery: (result: Delivery) => void
  readonly retryMs?: number
}): Webhook {
  const { retryMs = 1000 } = made
  const waiting: { readonly hook: Hook; readonly body: object }[] = []
  const stop = new AbortController()
  let working: Promise<void> | null = null
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      made.onDelivery(
        (await deliver(next.hook, next.body, retryMs, stop.signal)) ? 'sent' : 'failed',
      )
    working = null
  }
  return {
    send: (hook, body) => {
      if (waiting.length >= waitingMax || stop.signal.aborted) return made.onDelivery('dropped')
      waiting.push({ hook, body })
      working ??= work()
    },
    close: async (millisecondsMax) => {
      if (working !== null)
        await Promise.race([working, sleep(millisecondsMax, undefined, { ref: false })])
      stop.abort()
      for (const _ of waiting.splice(0)) made.onDelivery('dropped')
    },
  }
}

async function deliver(
  hook: Hook,
  body: object,
  retryMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (let tried = 0; tried < triesMax && !signal.aborted; tried++) {
    if (tried > 0) await sleep(retryMs * 4 ** (tried - 1), undefined, { signal }).catch(() => null)
    const status = await post(hook, body, signal)
    if (status !== null && status >= 200 && status < 300) return true
    // It was understood and not wanted: to say it again is of no use.
    if (status !== null && status < 500 && status !== 408 && status !== 429) return false
  }
  return false
}

/** The status, or null where none came. */
async function post(hook: Hook, body: object, signal: AbortSignal): Promise<number | null> {
  try {
    const answer = await request(hook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(hook.token === undefined ? {} : { authorization: `Bearer ${hook.token}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(hook.timeout_seconds_max * 1000)]),
    })
    await answer.body.dump()
    return answer.statusCode
  } catch {
    return null
  }
}
