import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { SeenExchange } from '../record/index.ts'
import { readAsked } from '../wire/asked.ts'
import { written } from './adapters/adapter.ts'
import { routeNamed } from './advice.ts'
import type { Shared } from './server.ts'

/** Makes the record of an exchange that somebody else passed on, or says what is wrong with what came. */
export type ReadShipped = (value: unknown, outputCharsMax: number) => SeenExchange | string

/** What became of what was shipped. */
export type Shipped = {
  readonly kept: number
  readonly refused: number
  readonly no_room: number
  /** The first few; `at` counts from 1. */
  readonly problems: readonly { readonly at: number; readonly message: string }[]
}

const problemsShownMax = 10

/** Clocks of two machines differ by less. A record of the future would hold up the steps that detection closes. */
const aheadSecondsMax = 60
/** What is older is for `stillwatch audit`: here it would only count as late. */
const ageSecondsMax = 86_400

/** Puts shipped exchanges where the gateway's own go. */
export function keepShipped(
  shared: Pick<Shared, 'queue' | 'now' | 'metrics' | 'snapshot'>,
  values: readonly unknown[],
  read: ReadShipped,
): Shipped {
  const { output_chars_max: outputCharsMax } = shared.snapshot().config.limits
  const nowSeconds = shared.now().getTime() / 1000
  let kept = 0
  let noRoom = 0
  const problems: { at: number; message: string }[] = []
  for (const [at, value] of values.entries()) {
    const record = read(value, outputCharsMax)
    const problem = typeof record === 'string' ? record : untimely(record, nowSeconds)
    if (typeof record === 'string' || problem !== null) {
      problems.push({ at: at + 1, message: problem ?? '' })
      continue
    }
    const bytes = Buffer.byteLength(JSON.stringify(record))
    const room = shared.queue?.reserve(bytes) ?? null
    room?.fill(record, bytes)
    if (room === null) noRoom += 1
    else kept += 1
  }
  shared.metrics.shipped('kept', kept)
  shared.metrics.shipped('refused', problems.length)
  shared.metrics.shipped('no-room', noRoom)
  const shown = problems.slice(0, problemsShownMax)
  return { kept, refused: problems.length, no_room: noRoom, problems: shown }
}

function untimely({ time }: SeenExchange, nowSeconds: number): string | null {
  const ahead = Date.parse(time) / 1000 - nowSeconds
  if (ahead > aheadSecondsMax) return `time is more than ${aheadSecondsMax} s in the future.`
  return ahead < -ageSecondsMax ? 'time is more than a day ago; stillwatch audit reads logs.' : null
}

/** JSON: an object, a list of them, or one a line. null where it is neither. */
export function valuesIn(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : [value]
  } catch {
    try {
      const lines = text.split('\n').filter((line) => line.trim() !== '')
      return lines.length < 2 ? null : lines.map((line) => JSON.parse(line) as unknown)
    } catch {
      return null
    }
  }
}

const validate = ((): ReturnType<Ajv2020['compile']> => {
  const file = new URL('../record/exchange.schema.json', import.meta.url)
  const schema = JSON.parse(readFileSync(file, 'utf8')) as { properties: object }
  // Of the request what is understood is read, in any dialect; of all else a record is what its schema says.
  const properties = { ...schema.properties, request: { type: ['object', 'null'] } }
  return new Ajv2020({ allowUnionTypes: true, validateFormats: false }).compile({
    ...schema,
    properties,
  })
})()

/** Reads the native record. */
export const readNative: ReadShipped = (value, outputCharsMax) => {
  if (!validate(value)) {
    const [first] = validate.errors ?? []
    const field = first?.instancePath.slice(1).replaceAll('/', '.') ?? ''
    return `${field === '' ? 'The record' : field} ${first?.message ?? 'is none'}.`
  }
  // The schema has just said so, but for null, which it allows where a field is not needed.
  const given = value as Loose
  const time = Date.parse(given.time)
  if (Number.isNaN(time)) return 'time is no moment (RFC 3339).'
  if (looksLikeKey(given.key) || looksLikeKey(given.account))
    return 'key or account looks like an API key in the clear: send its id, or a hash of it.'
  return recordOf(given, time, outputCharsMax)
}

type Loose = { readonly [K in keyof SeenExchange]: SeenExchange[K] | null } & {
  readonly id: string
  readonly time: string
  readonly account: string
  readonly status: number
}

const textCharsMax = 2048

function recordOf(given: Loose, time: number, outputCharsMax: number): SeenExchange {
  const { request, usage, status } = given
  const short = (text: string): string => text.slice(0, textCharsMax)
  const kind = routeNamed(given.path ?? '/v1/chat/completions').kind
  return {
    id: short(given.id),
    time: new Date(time).toISOString(),
    account: short(given.account),
    ...ifSaid('key', given.key, short),
    ...ifSaid('org', given.org, short),
    ...ifSaid('ip', given.ip, short),
    ...ifSaid('country', given.country, short),
    ...ifSaid('user_agent', given.user_agent, short),
    ...ifSaid('account_created', given.account_created, short),
    ...ifSaid('path', given.path, (path) => short(path.split('?', 1)[0] ?? '')),
    request: request === null ? null : readAsked(kind, written(request)),
    ...ifSaid('rewritten', given.rewritten, (fields) => fields),
    status,
    ...(usage === null || usage === undefined ? {} : { usage }),
    ...ifSaid('finish_reason', given.finish_reason, short),
    ...ifSaid('output', given.output, (text) => text.slice(0, outputCharsMax)),
    ...ifSaid('latency_ms', given.latency_ms, (ms) => ms),
  }
}

function ifSaid<K extends string, T>(
  name: K,
  value: T | null | undefined,
  shortened: (value: T) => T,
): { readonly [N in K]?: T } {
  if (value === null || value === undefined) return {}
  return { [name]: shortened(value) } as { readonly [N in K]?: T }
}

/** As the keys of OpenAI, Anthropic, OpenRouter and most others begin. */
export function looksLikeKey(text: string | null | undefined): boolean {
  return /^(?:sk|rk|pk)-\S{8}/.test(text ?? '')
}
