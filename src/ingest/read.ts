import type { Engine } from '../engine/engine.ts'
import { fill, readSql } from '../engine/sql.ts'
import { fingerprintParameters, fingerprintQuery } from '../fingerprint/fingerprint.ts'
import type { LogFormat } from './formats.ts'
import type { Identities } from './identity.ts'
import { wholeBody } from './send.ts'
import { type Links, linesRelation, type Numbered } from './lines.ts'

const canonicalSql = readSql(new URL('canonical.sql', import.meta.url))
const readQuery = readSql(new URL('read.sql', import.meta.url))

/** A clock may be wrong by a day either way, and a log may be written in local time. */
const latestAheadMs = 2 * 24 * 3600 * 1000

export type ReadOptions = {
  readonly secret: Uint8Array
  readonly now: Date
  readonly links: Links
  readonly identities: Identities
}

/**
 * Reads a group of sources of one kind, container, compression and format through to `exchange` and
 * the tables beside it, in one statement. Numbers within the group must be consecutive.
 */
export async function readGroup(
  engine: Engine,
  group: readonly Numbered[],
  format: LogFormat,
  options: ReadOptions,
): Promise<void> {
  const lines = linesRelation(group, options.links)
  const query = fill(readQuery, {
    fingerprint: fingerprintQuery(canonicalQuery(format, lines, options.identities)),
  })
  const parameters = {
    ...fingerprintParameters(options.secret),
    file_no: 0,
    first_no: group[0]?.no ?? 0,
    latest: latestTime(options.now),
  }
  const first = group[0]?.source
  if (!first?.isSent || engine.send === null) return await engine.command(query, parameters)
  const { body, format: inputFormat } = wholeBody(first)
  await engine.send(`${query}\nFORMAT ${inputFormat}`, parameters, body)
}

/** The canonical rows of `lines`, with the problems that every format shares. */
export function canonicalQuery(format: LogFormat, lines: string, identities: Identities): string {
  const { replace: identity } = identities
  return fill(canonicalSql, { format: fill(format.select, { lines }), identity })
}

/** As ClickHouse takes a DateTime64 parameter. */
export function latestTime(now: Date): string {
  return new Date(now.getTime() + latestAheadMs).toISOString().slice(0, 23).replace('T', ' ')
}
