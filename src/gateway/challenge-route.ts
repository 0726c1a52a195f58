import type { IncomingMessage, ServerResponse } from 'node:http'
import { smallBody } from './body.ts'
import { passName } from './enforce.ts'
import type { Enforcer } from './enforcer.ts'
import type { Caller } from './identity.ts'

const path = '/stillwatch/challenge'
const answerBytesMax = 16 * 1024

/** Whether a request is for the gateway's own page, where challenges are fetched and answered. */
export function isChallenge(url: string): boolean {
  return url.split('?', 1)[0] === path
}

/**
 * GET gives a puzzle for this caller, as the ALTCHA widget and its libraries take it; POST takes its answer
 * (`{"altcha": "…"}`) and lets the caller pass for a while.
 */
export function answerChallenge(made: {
  readonly enforcer: Enforcer
  readonly caller: Caller
  readonly passMinutes: number
  readonly nowMs: number
  readonly request: IncomingMessage
  readonly response: ServerResponse
}): void {
  const { request, response } = made
  const failed = (): void => tellJson(response, 500, { error: 'The challenge failed.' })
  if (request.method === 'GET') void make(made).catch(failed)
  else if (request.method === 'POST') void solve(made).catch(failed)
  else {
    response.setHeader('allow', 'GET, POST')
    request.resume()
    tellJson(response, 405, { error: 'GET gives a challenge, POST takes its answer.' })
  }
}

type Made = Parameters<typeof answerChallenge>[0]

async function make({ enforcer, caller, nowMs, request, response }: Made): Promise<void> {
  request.resume()
  const who = whoIs(enforcer, caller)
  tellJson(response, 200, await enforcer.puzzles.make(who, nowMs))
}

async function solve(made: Made): Promise<void> {
  const { enforcer, caller, passMinutes, nowMs, request, response } = made
  const text = await smallBody(request, answerBytesMax)
  if (text === null) {
    response.setHeader('connection', 'close')
    return tellJson(response, 413, { error: 'An answer is smaller.' })
  }
  const who = whoIs(enforcer, caller)
  if (!(await enforcer.puzzles.solved(who, answerIn(text))))
    return tellJson(response, 403, {
      error: 'This answers no challenge given to you, or one too late or twice. Fetch another.',
    })
  const untilMs = nowMs + passMinutes * 60_000
  enforcer.passes.grant(who, untilMs)
  tellJson(response, 200, { passed_until: new Date(untilMs).toISOString() })
}

function whoIs(enforcer: Enforcer, caller: Caller): string {
  return passName(enforcer.nameOf(caller.who.account), caller)
}

function answerIn(text: string): string {
  try {
    const value = JSON.parse(text) as { altcha?: unknown } | null
    return typeof value?.altcha === 'string' ? value.altcha : ''
  } catch {
    return ''
  }
}

function tellJson(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}
