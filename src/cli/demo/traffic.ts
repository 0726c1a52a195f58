import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange } from '../../record/index.ts'

/** What became of requests. */
export type Served = {
  readonly answered: number
  readonly refused: number
  /** Neither an answer nor a refusal. */
  readonly failed: number
}

export type Traffic = {
  readonly served: (account: string) => Served
  /** Resolves once every request that was due has been sent and answered, or given up. */
  readonly done: Promise<void>
}

/** Requests at the gateway at a time, and of one account; further ones of it wait for their turn. */
const atOnceMax = 64

const nothing: Served = { answered: 0, refused: 0, failed: 0 }

/**
 * Sends the requests of a world when they are due by `now`. An account sends one after the other, so one that is slowed
 * gets fewer answers; what it has not sent when the world ends, it never sends.
 */
export function sendTraffic(
  log: readonly Exchange[],
  url: string,
  now: () => Date,
  ends: Date,
): Traffic {
  const counts = new Map<string, Served>()
  const agent = new Agent({ keepAlive: true, maxSockets: atOnceMax })
  const lines = new Map<string, Promise<void>>()
  const one = async (exchange: Exchange): Promise<void> => {
    if (now() > ends) return
    const status = await send(exchange, url, agent)
    const before = counts.get(exchange.account) ?? nothing
    const name =
      status === 200 ? 'answered' : status === 403 || status === 429 ? 'refused' : 'failed'
    counts.set(exchange.account, { ...before, [name]: before[name] + 1 })
  }
  const run = async (): Promise<void> => {
    for (const exchange of log) {
      const wait = Date.parse(exchange.time) - now().getTime()
      if (wait > 0) await untilPast(exchange.time, now)
      const { account } = exchange
      lines.set(
        account,
        (lines.get(account) ?? Promise.resolve()).then(() => one(exchange)),
      )
    }
    await Promise.all(lines.values())
    agent.destroy()
  }
  return { served: (account) => counts.get(account) ?? nothing, done: run() }
}

const lookEveryMs = 5

async function untilPast(time: string, now: () => Date): Promise<void> {
  const due = Date.parse(time)
  while (now().getTime() < due) await sleep(lookEveryMs)
}

/** The status of the answer; 0 where there was none. */
function send(exchange: Exchange, url: string, agent: Agent): Promise<number> {
  const { account, ip, org, user_agent: client } = exchange
  const body = Buffer.from(JSON.stringify({ ...exchange.request, stream: false }))
  return new Promise((settle) => {
    const sent = request(`${url}/v1/chat/completions`, {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        authorization: `Bearer sk-${account}`,
        'x-stillwatch-account': account,
        ...(org === undefined ? {} : { 'x-stillwatch-org': org }),
        ...(ip === undefined ? {} : { 'x-forwarded-for': ip }),
        ...(client === undefined ? {} : { 'user-agent': client }),
      },
    })
    sent.on('error', () => settle(0))
    sent.on('response', (response) => {
      response.on('error', () => settle(0))
      response.on('end', () => settle(response.statusCode ?? 0))
      response.resume()
    })
    sent.end(body)
  })
}
