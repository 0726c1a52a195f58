import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { readConfig, type VersionedConfig } from '../../src/gateway/config.ts'
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts'
import { keyHasher } from '../../src/gateway/key-hash.ts'
import { openKeyStore } from '../../src/gateway/key-store.ts'
import type { LogFields } from '../../src/gateway/log.ts'
import type { SeenExchange, Standing } from '../../src/record/index.ts'
import { folder } from './folder.ts'
import { adminToken, settingsText, until } from './serving.ts'

/** A gateway whose verdicts the test hands it, in place of those of detection. */
export type Policing = {
  readonly gateway: Gateway
  readonly url: string
  /** Where another gateway asks; empty where the settings have no such place. */
  readonly decideUrl: string
  readonly directory: string
  /** Says how an account stands from now on. */
  readonly stands: (account: string, standing: Standing | null) => void
  /** Other settings under `policy`, put in force at once. */
  readonly policy: (policy: object) => void
  /** Moves the gateway's clock. */
  readonly later: (milliseconds: number) => void
  readonly records: (count: number) => Promise<readonly SeenExchange[]>
  readonly log: readonly { readonly message: string; readonly fields: LogFields }[]
  readonly admin: (method: string, path: string, body?: object) => Promise<Response>
  readonly metric: (line: string) => Promise<number>
}

/** What detection says of an account of a campaign that nobody doubts. */
export const flagged: Standing = {
  verdict: 'flagged',
  bucket: 6,
  kind: 'relay-pool',
  case: 'C3',
  families: 4,
  since: 1_790_000_000,
}

const secret = new Uint8Array(32)
const hash = keyHasher(secret)

/** The account of whoever shows a key, where nobody says whose it is. */
export function nameOfKey(key: string): string {
  return hash(key).id
}

/** Starts a gateway in front of an API, perhaps with other settings; the account is what `x-stillwatch-account` says. */
export async function policing(
  api: string,
  policy: object,
  directory: string = folder(),
  more: object = {},
): Promise<Policing> {
  const standings = new Map<string, Standing | null>()
  const records: SeenExchange[] = []
  const log: { message: string; fields: LogFields }[] = []
  let ahead = 0
  const settings = (under: object): VersionedConfig => versioned(api, under, more)
  const gateway = await startGateway({
    start: settings(policy),
    secret,
    hash,
    keys: openKeyStore({ path: join(directory, 'keys.json'), hash, now: () => new Date() }),
    detection: null,
    sink: async (batch) => void records.push(...batch),
    standing: (account) => standings.get(account) ?? null,
    directory,
    log: (_, message, fields = {}) => void log.push({ message, fields }),
    now: () => new Date(Date.now() + ahead),
  })
  onTestFinished(() => gateway.close())
  const admin = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${gateway.adminUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    gateway,
    url: gateway.url,
    decideUrl: gateway.decideUrl ?? '',
    directory,
    stands: (account, standing) => void standings.set(account, standing),
    policy: (next) => gateway.apply(settings(next)),
    later: (milliseconds) => void (ahead += milliseconds),
    records: (count) =>
      until(
        () => (records.length >= count ? records : undefined),
        () => `fewer than ${count} records`,
      ),
    log,
    admin,
    metric: async (line) => {
      const text = await (await admin('GET', '/metrics')).text()
      const found = text.split('\n').find((each) => each.startsWith(`${line} `))
      return Number(found?.split(' ').at(-1) ?? 0)
    },
  }
}

function versioned(api: string, policy: object, more: object): VersionedConfig {
  const text = settingsText({
    upstreams: [{ url: api, dialect: 'both' }],
    trusted_proxies: ['127.0.0.1'],
    limits: { drain_seconds_max: 0 },
    policy,
    ...more,
  })
  const read = readConfig(text, {})
  if (read.is !== 'config') throw new Error(JSON.stringify(read.problems))
  return { config: read.config, version: read.version }
}
