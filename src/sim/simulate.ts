import type { Exchange } from '../record/index.ts'
import type { WorldConfig } from './config.ts'
import { merge } from './merge.ts'
import { nativeLine } from './native.ts'
import { blocksOf, planOf } from './plan.ts'
import type { Block } from './plan.ts'
import type { Answer, Draft } from './source.ts'
import { tokens } from './talk.ts'
import { worldOf } from './world.ts'
import type { World } from './world.ts'

/**
 * The log of a world, in time order, made as it is read. Memory grows with the accounts and the
 * conversations under way, not with the exchanges. Equal configs give equal logs.
 */
export function* simulate(config: WorldConfig, blockAccountsMax?: number): Generator<Exchange> {
  const world = worldOf(config)
  const threads = blocksOf(config, blockAccountsMax).map((block) => ({
    start: world.span.start,
    open: () => draftsOf(world, block),
  }))
  let number = 0
  for (const draft of merge(threads)) yield exchangeOf(draft, number++, config.outputCharacters)
}

function* draftsOf(world: World, block: Block): Generator<Draft> {
  for (const draft of merge(planOf(world, block))) if (draft.at < world.span.end) yield draft
}

/** A line of one block's log, which has no number yet: its time, and the exchange as number 0. */
export type Run = { readonly at: number; readonly line: string }

/** The log of one block. Blocks merged by `at`, the first first where it is equal, are the world's log. */
export function* runsOf(config: WorldConfig, block: Block): Generator<Run> {
  const world = worldOf(config)
  for (const draft of draftsOf(world, block))
    yield { at: draft.at, line: nativeLine(exchangeOf(draft, 0, config.outputCharacters)) }
}

const unnumbered = `{"id":"${idOf(0)}"`
const latency = '"latency_ms":'

/** The line as the exchange with this number has it in the world's log. */
export function numbered(line: string, number: number): string {
  const from = line.lastIndexOf(latency) + latency.length
  const base = Number.parseInt(line.slice(from), 10)
  const shown = base + jitterOf(number, base < answeredMs)
  const rest = line.slice(from + String(base).length)
  return `{"id":"${idOf(number)}"${line.slice(unnumbered.length, from)}${shown}${rest}`
}

/** Milliseconds that any answer takes; refusals take less. */
const answeredMs = 240

function jitterOf(number: number, refused: boolean): number {
  return number % (refused ? 37 : 211)
}

// Written as one literal: spreads cost a sixth of the whole run (measured, 85,000 exchanges).
function exchangeOf(draft: Draft, number: number, outputCharacters: number): Exchange {
  const { account, client, request, answer } = draft
  const most = request.max_tokens ?? Infinity
  const completion = Math.min(answer?.completionTokens ?? 0, most)
  const cut = (answer?.completionTokens ?? 0) > most
  const exchange: Exchange = {
    id: idOf(number),
    time: new Date(draft.at).toISOString(),
    account: account.id,
    key: account.key,
    ip: client.ip,
    country: client.country,
    user_agent: client.userAgent,
    account_created: account.created,
    path: '/v1/chat/completions',
    request,
    status: 200,
    usage: {
      prompt_tokens: promptTokens(request),
      completion_tokens: completion,
    },
    finish_reason: cut ? 'length' : (answer?.finish ?? ''),
    output: answer ? outputOf(answer, outputCharacters) : '',
    latency_ms: answeredMs + completion * 11 + jitterOf(number, false),
  }
  const billed = account.org === undefined ? exchange : { ...exchange, org: account.org }
  return answer === null ? refusal(billed, number, draft.status ?? 429) : billed
}

/** Characters of an answer that are written in any case. */
export const beginningCharacters = 260

/** The answer as far as the log keeps it; what was not written yet is written now. */
function outputOf({ text, rest }: Answer, charactersMax: number): string {
  const whole = rest && charactersMax > beginningCharacters ? text + rest() : text
  return whole.slice(0, charactersMax)
}

/** A refused request has no usage and no output. */
function refusal(exchange: Exchange, number: number, status: number): Exchange {
  const { usage: _usage, finish_reason: _finish, output: _output, ...rest } = exchange
  return { ...rest, status, latency_ms: 20 + jitterOf(number, true) }
}

// Multiplying by an odd number permutes the numbers below 2^32, so no two exchanges share an id.
function idOf(number: number): string {
  const low = Math.imul(number | 0, 0x9e3779b1) >>> 0
  return `x${Math.floor(number / 4294967296).toString(36)}-${low.toString(36).padStart(7, '0')}`
}

function promptTokens({ messages, tools }: Draft['request']): number {
  let sum = (tools?.length ?? 0) * 40
  for (const { content } of messages) if (typeof content === 'string') sum += 3 + tokens(content)
  return sum
}
