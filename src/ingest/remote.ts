import { StillwatchError } from '../core/error.ts'
import { literal } from '../engine/sql.ts'
import type { Source } from './sources.ts'

/** The engine's own reader for a source that is not on this machine. */
export function remoteFunction(source: Source, format: string): string {
  const { path } = source
  if (source.kind === 'url') return `url(${literal(path)}, ${format}, 'auto')`
  if (source.kind === 's3') return s3Function(path, format)
  return tableFunction(path)
}

/** Credentials come from the environment, as for other S3 tools; without them the bucket is public. */
function s3Function(path: string, format: string): string {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = process.env
  const token = process.env['AWS_SESSION_TOKEN']
  const sign =
    id && secret ? [id, secret, ...(token ? [token] : [])].map(literal).join(', ') : 'NOSIGN'
  return `s3(${literal(s3Url(path))}, ${sign}, ${format}, 'auto')`
}

/** `AWS_ENDPOINT_URL` names another S3 than Amazon's, in path style. */
function s3Url(path: string): string {
  const endpoint = process.env['AWS_ENDPOINT_URL']
  return endpoint ? `${endpoint.replace(/\/$/, '')}/${path.slice('s3://'.length)}` : path
}

/**
 * A table of a ClickHouse server over its HTTP interface, like `--engine`:
 * `clickhouse://user:password@host:8123/database/table`. Each row comes as one line of JSON.
 */
function tableFunction(path: string): string {
  const url = new URL(path)
  const [database = '', table = ''] = url.pathname.slice(1).split('/').map(decodeURIComponent)
  if (database === '' || table === '')
    throw new StillwatchError('usage', 'A ClickHouse source needs a database and a table.', {
      fix: 'Write it as clickhouse://user:password@host:8123/database/table.',
    })
  const isSecure = url.protocol === 'clickhouses:'
  const query = `SELECT * FROM ${identifier(database)}.${identifier(table)} FORMAT JSONEachRow`
  const ask = new URLSearchParams({ query, output_format_json_quote_64bit_integers: '0' })
  const host = `${url.hostname}:${url.port || (isSecure ? '8443' : '8123')}`
  const address = `${isSecure ? 'https' : 'http'}://${host}/?${ask.toString()}`
  // In headers, for an address may stand in a message.
  const headers = [
    ['X-ClickHouse-User', decodeURIComponent(url.username) || 'default'],
    ['X-ClickHouse-Key', decodeURIComponent(url.password)],
  ].map(([name = '', value = '']) => `${literal(name)} = ${literal(value)}`)
  return `url(${literal(address)}, LineAsString, 'line String', 'none', headers(${headers.join(', ')}))`
}

function identifier(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``
}
