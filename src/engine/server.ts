import { Readable } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'
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
  const { ClickHouseLogLevel, createClient } = await import('@clickhouse/client')
  const { database, ...login } = address
  // The client would write queries and their settings to standard error; failures are told by their code.
  const quiet = { ...login, log: { level: ClickHouseLogLevel.OFF } }
  const client = createClient({
    ...quiet,
    database,
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
  await guard(() => makeDatabase(createClient(quiet), database))
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
        const { stream } = await client.exec({
          query: `INSERT INTO ${table} FORMAT LineAsString`,
          values: Readable.from([lines], { objectMode: false }),
        })
        await readText(stream)
      }),
    send: (query, parameters, { bytes, encoding }) =>
      guard(async () => {
        const { stream } = await client.exec({
          query,
          query_params: { ...parameters },
          values: Readable.from(bytes, { objectMode: false }),
          // The server unpacks what it gets (docs: HTTP interface, compression); nothing is packed anew.
          ...(encoding === '' ? {} : { http_headers: { 'Content-Encoding': encoding } }),
        })
        // Unread, the answer would keep its connection from the next query.
        await readText(stream)
      }),
    close: () => client.close(),
  }
}

/** The database asked for may not exist yet, and then nothing can be asked in it. */
async function makeDatabase(client: ClickHouseClient, database: string): Promise<void> {
  try {
    await client.command({
      query: 'CREATE DATABASE IF NOT EXISTS {database:Identifier}',
      query_params: { database },
    })
  } catch (cause) {
    // 497 ACCESS_DENIED: whoever runs the server has made it, or the next query says that it is missing.
    if (!(cause instanceof Error && 'code' in cause && cause.code === '497')) throw cause
  } finally {
    await client.close()
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
