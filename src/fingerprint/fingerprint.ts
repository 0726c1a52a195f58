import { hkdfSync } from 'node:crypto'
import type { Parameters } from '../engine/engine.ts'
import { fill, readSql } from '../engine/sql.ts'
import { asksBitsSql, asksFoundSql, readAsks } from './asks.ts'

const fingerprintSql = readSql(new URL('fingerprint.sql', import.meta.url))
const asks = readAsks(new URL('asks.tsv', import.meta.url))
const marksSql = fill(readSql(new URL('marks.sql', import.meta.url)), { asks: asksBitsSql(asks) })
const asksFound = asksFoundSql(asks)

/**
 * The query that turns a canonical relation (docs/formats/README.md) into rows of the table
 * `incoming`, in its column order. Bind `fingerprintParameters` and `file_no`.
 */
export function fingerprintQuery(canonical: string): string {
  return fill(fingerprintSql, { canonical, marks: marksSql, asks_found: asksFound })
}

/** The keys the query needs, derived from the deployment's secret (HKDF-SHA-256, RFC 5869). */
export function fingerprintParameters(secret: Uint8Array): Parameters {
  const keys = derive(secret, 'stillwatch fingerprint v1', 16)
  return {
    k0: keys.readBigUInt64LE(0),
    k1: keys.readBigUInt64LE(8),
    // 32 characters, as `encrypt` takes its key as a string of bytes.
    seal: sealKey(secret),
  }
}

/** The key that seals account names, as `encrypt` and `decrypt` of AES-256-GCM take it. */
export function sealKey(secret: Uint8Array): string {
  return derive(secret, 'stillwatch seal v1', 16).toString('hex')
}

function derive(secret: Uint8Array, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), purpose, bytes))
}
