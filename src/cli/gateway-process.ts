import { join } from 'node:path'
import { loadConfig } from '../gateway/config-file.ts'
import { makeLog } from '../gateway/log.ts'
import type { Clock } from './clock.ts'
import { openGateway } from './gateway.ts'

// A gateway whose clock runs as it is told, for the demonstration: days in a minute. It knows its settings and nothing
// of who sends requests. A message `stop`, or the end of the process that started it, ends it.

/** What the process is started with, as one JSON argument. */
export type GatewayGiven = {
  /** Holds `stillwatch.yaml`; the log and the data go there. */
  readonly folder: string
  readonly record: string
  readonly data: string
  readonly clock: Clock
}

/** What it tells once it serves. */
export type GatewayServes = { readonly url: string; readonly adminUrl: string }

const { folder, record, data, clock } = JSON.parse(process.argv[2] ?? '') as GatewayGiven
const start = loadConfig(join(folder, 'stillwatch.yaml'), process.env)
const log = makeLog({
  write: (line) => process.stderr.write(line),
  level: () => start.config.log_level,
  now: () => new Date(),
  plain: false,
})
const gateway = await openGateway({ start, data, record, log, clock })
const serves: GatewayServes = { url: gateway.url, adminUrl: gateway.adminUrl }
process.send?.(serves)
let ending = false
const end = (): void => {
  if (ending) return
  ending = true
  // Whatever fails now has been logged.
  void gateway.close().finally(() => process.exit())
}
process.on('message', end)
process.on('disconnect', end)
