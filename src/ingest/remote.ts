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

/** A table of a ClickHouse server, over its native protocol: `clickhouse://user:pw@host:9000/db/table`. */
function tableFunction(path: string): string {
  const url = new URL(path)
  const [database, table] = url.pathname.slice(1).split('/')
  if (!database || !table)
    throw new StillwatchError('usage', 'A ClickHouse source needs a database and a table.', {
      fix: 'Write it as clickhouse://user:password@host:9000/database/table.',
    })
  const secure = url.protocol === 'clickhouses:'
  const host = `${url.hostname}:${url.port || (secure ? '9440' : '9000')}`
  const user = decodeURIComponent(url.username) || 'default'
  const parts = [host, database, table, user, decodeURIComponent(url.password)].map(literal)
  return `${secure ? 'remoteSecure' : 'remote'}(${parts.join(', ')})`
}
