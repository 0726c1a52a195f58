import type { IncomingMessage } from 'node:http'
import type { SeenExchange } from '../record/index.ts'
import { type Answer, nothingSaid } from '../wire/answer.ts'
import { readAsked } from '../wire/asked.ts'
import { header } from '../wire/headers.ts'
import { isRecorded, type Route } from '../wire/route.ts'
import type { Identity } from './identity.ts'
import type { End } from './pass.ts'
import type { Shared, Snapshot } from './server.ts'
import { bodyText } from './tap.ts'

type Asked = {
  readonly id: string
  readonly route: Route
  readonly caller: { readonly who: Identity }
  readonly request: IncomingMessage
  readonly body: Buffer | null
  readonly rewritten: readonly string[]
  readonly time: Date
}

/** The status of an exchange whose client left before there was one; nginx logs the same. */
const clientLeftStatus = 499
const noAnswerStatus = 502
const userAgentCharsMax = 1024
const pathCharsMax = 2048

/**
 * What is to be done at the end of an exchange so that it is recorded; null where it is not. What was asked is read
 * when it is over.
 */
export function recorder(
  { queue }: Shared,
  { config }: Snapshot,
  asked: Asked,
): ((end: End, latencyMs: number) => void) | null {
  const { request, route, body } = asked
  if (queue === null || !isRecorded(route.kind, request.method ?? '')) return null
  const { who } = asked.caller
  const write = async (end: End, latencyMs: number): Promise<void> => {
    const text =
      body === null ? '' : await bodyText(body, request.rawHeaders, config.limits.body_bytes_max)
    const answer = (await end.tap?.end()) ?? nothingSaid
    const agent = header(request.rawHeaders, 'user-agent')?.slice(0, userAgentCharsMax)
    const record: SeenExchange = {
      id: asked.id,
      time: asked.time.toISOString(),
      ...who,
      ...(agent === undefined ? {} : { user_agent: agent }),
      path: route.path === '' ? otherPath(request) : route.path,
      request: readAsked(route.kind, text),
      ...(asked.rewritten.length === 0 ? {} : { rewritten: asked.rewritten }),
      status: statusOf(end),
      ...(end.status >= 400 ? {} : said(answer)),
      latency_ms: latencyMs,
    }
    queue.offer(record, (body?.length ?? 0) + answer.output.length + recordBytes)
  }
  return (end, latencyMs) => {
    // Before anything is parsed: a full queue must cost nothing.
    if (!queue.hasRoom((body?.length ?? 0) + recordBytes)) return queue.lose()
    write(end, latencyMs).catch(() => queue.lose())
  }
}

/** What a record takes beside its texts, roughly. */
const recordBytes = 512

function statusOf({ status, outcome }: End): number {
  if (status !== 0) return status
  return outcome === 'client-left' ? clientLeftStatus : noAnswerStatus
}

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
