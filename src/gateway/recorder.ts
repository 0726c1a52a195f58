import type { IncomingMessage } from 'node:http'
import type { SeenExchange } from '../record/index.ts'
import { type Answer, nothingSaid } from '../wire/answer.ts'
import { readAsked } from '../wire/asked.ts'
import { header } from '../wire/headers.ts'
import { isRecorded, type Route } from '../wire/route.ts'
import type { ByteBudget } from './body.ts'
import type { Limits } from './config.ts'
import type { Identity } from './identity.ts'
import type { End } from './pass.ts'
import type { Shared, Snapshot } from './server.ts'
import { bodyText, type Hold, isPacked } from './tap.ts'

type Asked = {
  readonly id: string
  readonly route: Route
  readonly caller: { readonly who: Identity }
  readonly request: IncomingMessage
  readonly rewritten: readonly string[]
  readonly time: Date
}

const userAgentCharsMax = 1024
const pathCharsMax = 2048

/**
 * Makes the record of an exchange that is over, unless it was nobody’s; fulfilled when the body is no longer needed.
 */
export type Recorder = (end: End, latencyMs: number, isAccount: boolean) => Promise<void>

/**
 * What is to be done at the end of an exchange so that it is recorded; null where it is not, `no-room` where it
 * should be and cannot. What was asked is read when it is over.
 */
export function recorder(
  shared: Shared,
  { config }: Snapshot,
  asked: Asked,
  body: Buffer | null,
): Recorder | 'no-room' | null {
  const { queue } = shared
  const { request, route } = asked
  if (queue === null || !isRecorded(route.kind, request.method ?? '')) return null
  const { limits } = config
  const refusing = config.on_engine_loss === 'refuse'
  // Under `refuse` nothing goes upstream for whose record there might be no room in the end.
  const reserved = refusing ? queue.reserve(bytesAtMost(request, body, limits)) : null
  if (refusing && reserved === null) return 'no-room'
  const hold = answerHold(shared.budget, limits)
  return async (end, latencyMs, isAccount) => {
    if (!isAccount) {
      end.tap?.drop()
      return reserved?.give()
    }
    // Before anything is parsed: a full queue must cost nothing.
    const room = reserved ?? queue.reserve((body?.length ?? 0) + recordBytes)
    if (room === null) {
      end.tap?.drop()
      return queue.lose()
    }
    try {
      const text =
        body === null ? '' : await bodyText(body, request.rawHeaders, limits.body_bytes_max, hold)
      const heard = await end.tap?.end()
      if (heard?.unread) shared.metrics.answerUnread(heard.unread)
      const answer = heard?.answer ?? nothingSaid
      const record = recordOf(asked, end, { text, answer, latencyMs })
      room.fill(
        record,
        Math.max(body?.length ?? 0, text.length) + answer.output.length + recordBytes,
      )
    } catch {
      room.lose()
    }
  }
}

/** Answers may be held in half of what bodies may take, so that reading them turns no request away. */
export function answerHold(budget: ByteBudget, limits: Limits): Hold {
  return {
    take: (bytes) => budget.take(bytes, limits.bodies_bytes_max / 2),
    give: budget.give,
  }
}

/** What a record of this request may come to; that of a packed body, to anything a body may be. */
function bytesAtMost(request: IncomingMessage, body: Buffer | null, limits: Limits): number {
  const text = isPacked(request.rawHeaders) ? limits.body_bytes_max : (body?.length ?? 0)
  return text + limits.output_chars_max + recordBytes
}

function recordOf(
  asked: Asked,
  end: End,
  read: { readonly text: string; readonly answer: Answer; readonly latencyMs: number },
): SeenExchange {
  const { request, route } = asked
  const agent = header(request.rawHeaders, 'user-agent')?.slice(0, userAgentCharsMax)
  return {
    id: asked.id,
    time: asked.time.toISOString(),
    ...asked.caller.who,
    ...(agent === undefined ? {} : { user_agent: agent }),
    path: route.path === '' ? otherPath(request) : route.path,
    request: readAsked(route.kind, read.text),
    ...(asked.rewritten.length === 0 ? {} : { rewritten: asked.rewritten }),
    status: end.status,
    ...(end.status >= 400 ? {} : said(read.answer)),
    latency_ms: read.latencyMs,
  }
}

/** What a record takes beside its texts, roughly. */
const recordBytes = 512

/** Of a path that is not known: without its query, which may hold anything. */
function otherPath(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0]?.slice(0, pathCharsMax) ?? ''
}

function said(answer: Answer): Pick<SeenExchange, 'usage' | 'finish_reason' | 'output'> {
  const { output, finishReason, promptTokens, completionTokens } = answer
  const usage = {
    ...(promptTokens === null ? {} : { prompt_tokens: promptTokens }),
    ...(completionTokens === null ? {} : { completion_tokens: completionTokens }),
  }
  return {
    ...(Object.keys(usage).length === 0 ? {} : { usage }),
    ...(finishReason === null ? {} : { finish_reason: finishReason }),
    ...(output === '' ? {} : { output }),
  }
}
