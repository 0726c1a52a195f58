import { type ChildProcess, fork } from 'node:child_process'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { secretOf } from '../engine/data-directory.ts'
import { defaultLimits } from '../engine/store.ts'
import type { Config, VersionedConfig } from '../gateway/config.ts'
import type { Detection } from '../gateway/detection.ts'
import { linkEngine } from '../gateway/engine-link.ts'
import { type Gateway, startGateway } from '../gateway/gateway.ts'
import { keyHasher } from '../gateway/key-hash.ts'
import { openKeyStore } from '../gateway/key-store.ts'
import type { Log } from '../gateway/log.ts'
import { recordFile } from '../gateway/record-file.ts'
import { openSpool } from '../gateway/spool.ts'
import { type Clock, clockOf } from './clock.ts'
import type { EngineGiven } from './engine-process.ts'

/** A gateway with what belongs to it: a secret, detection where the settings want it, a file of records where one is named. */
export async function openGateway(made: {
  readonly start: VersionedConfig
  readonly data: string
  readonly record: string | undefined
  readonly log: Log
  readonly clock: Clock
}): Promise<Gateway> {
  const { start, data, record, log, clock } = made
  const secret = secretOf(data)
  const hash = keyHasher(secret)
  const now = clockOf(clock)
  const keys = openKeyStore({ path: join(data, 'keys.json'), hash, now })
  const gateway = await startGateway({
    start,
    secret,
    hash,
    keys,
    sink: record === undefined ? null : recordFile(record),
    detection: start.config.detection.enabled
      ? startDetection(data, start.config, log, clock)
      : null,
    directory: data,
    log,
    now,
  })
  tellKeys(log, start.config, keys.list().length)
  const stopKeys = keys.watch((cause) => {
    const message = cause instanceof Error ? cause.message : String(cause)
    log('error', `Changed keys were not taken, the old ones stay: ${message}`)
  })
  return {
    ...gateway,
    close: async () => {
      stopKeys()
      await gateway.close()
    },
  }
}

/** Under `virtual` a gateway without keys refuses everybody, and an upstream without one may refuse the gateway. */
function tellKeys(log: Log, { keys, upstreams }: Config, count: number): void {
  if (keys.mode !== 'virtual') return
  const more = keys.jwt === undefined ? '' : `, or tokens of ${keys.jwt.issuer}`
  log('info', `Callers show keys issued here (${count} at present)${more}.`)
  const bare = upstreams.filter(({ key }) => key === undefined).map(({ url }) => url)
  if (bare.length > 0)
    log('warn', `No key is sent to ${bare.join(', ')}: upstreams[].key is not set.`)
}

/** So often the process that detects looks for records. */
const lookEveryMs = 500
/** How long it may take to judge the rest when the gateway ends. */
const engineCloseMs = 60_000

/** Starts detection beside the gateway; both share a folder of the data directory in which records wait. */
function startDetection(data: string, { detection }: Config, log: Log, clock: Clock): Detection {
  const spool = join(resolve(data), 'spool')
  const { memoryBytesMax, threadsMax } = defaultLimits()
  const given: EngineGiven = {
    data: resolve(data),
    spool,
    // One core is for requests.
    limits: { memoryBytesMax, threadsMax: Math.max(1, threadsMax - 1) },
    settings: {
      stepSeconds: detection.step_seconds,
      closeDelaySeconds: detection.close_delay_seconds,
      falseShareMax: detection.false_accusations,
      vouches: detection.vouches,
      reviews: detection.reviews,
    },
    everyMs: lookEveryMs,
    clock,
  }
  const opened = openSpool(spool, detection.spool_bytes_max, clockOf(clock))
  const start = (): ChildProcess => {
    const file = fileURLToPath(new URL('engine-process.js', import.meta.url))
    // Detached: Ctrl-C at a terminal is for the gateway, which then lets this one finish.
    return fork(file, [JSON.stringify(given)], { detached: true })
  }
  const engine = linkEngine({ start, log, closeMillisecondsMax: engineCloseMs })
  return { spool: opened, engine }
}
