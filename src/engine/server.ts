import { Readable } from 'node:stream'
import { StillwatchError } from '../core/error.ts'
import type { Columns, Engine, EngineLimits } from './engine.ts'
import { engineFailure } from './failure.ts'
import { engineSettings } from './settings.ts'

/** Where a ClickHouse server is, from `clickhouse://user:password@host:8123/database`. */
export type ServerAddress = {
  readonly url: string
  readonly username: string
  readonly password: string
  readonly database: string
}

/** Reads `clickhouse://` (plain HTTP) or `clickhouses://` (TLS). Throws `usage`. */
export function serverAddress(text: string): ServerAddress {
  const match = /^clickhouse(s?):\/\//.exec(text)
  if (!match || !URL.canParse(text))
    throw new StillwatchError('usage', `"${hidePassword(text)}" is not an engine address.`, {
      fix: 'Write it as clickhouse://user:password@host:8123/database (clickhouses:// for TLS).',
    })
  const url = new URL(text)
  const secure = match[1] === 's'
  return {
    url: `${secure ? 'https' : 'http'}://${url.hostname}:${url.port || (secure ? '8443' : '8123')}`,
    username: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1) || 'stillwatch',
  }
}

/** A ClickHouse server through its official client; `cluster` names one to replicate over. */
export async function openServer(address: ServerAddress, limits: EngineLimits): Promise<Engine> {
  const { createClient } = await import('@clickhouse/client')
  const client = createClient({
    url: address.url,
    username: address.username,
    password: address.password,
    database: address.database,
    clickhouse_settings: engineSettings(limits),
    request_timeout: 3_600_000,
  })
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      throw engineFailure(cause)
    }
  }
  return {
    kind: 'clickhouse',
    dialect: { mergeTree: 'MergeTree', readsLocalFiles: false },
    command: (query, parameters = {}) =>
      guard(async () => {
        await client.command({ query, query_params: { ...parameters } })
      }),
    rows: <Row>(query: string, parameters = {}) =>
      guard(async () => {
        const result = await client.query({
          query,
          format: 'JSONEachRow',
          query_params: { ...parameters },
        })
        return await result.json<Row>()
      }),
    columns: (query, parameters = {}) =>
      guard(async () => {
        // JSONColumns is not among the client's own formats; `exec` returns it as it comes.
        const result = await client.exec({
          query: `${query} FORMAT JSONColumns`,
          query_params: { ...parameters },
        })
        const text = await readText(result.stream)
        return text === '' ? {} : (JSON.parse(text) as Columns)
      }),
    insertLines: (table, lines) =>
      guard(async () => {
        await client.exec({
          query: `INSERT INTO ${table} FORMAT LineAsString`,
          values: Readable.from([lines], { objectMode: false }),
        })
      }),
    close: () => client.close(),
  }
}

async function readText(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString('utf8')
}

function hidePassword(text: string): string {
  return text.replace(/:[^:@/]*@/, ':…@')
}
