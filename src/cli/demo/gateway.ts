import { type ChildProcess, fork } from 'node:child_process'
import { openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StillwatchError } from '../../core/error.ts'
import type { Clock } from '../clock.ts'
import type { GatewayGiven, GatewayServes } from '../gateway-process.ts'

/** Of the world's time: a step of detection takes a second then. */
const stepSeconds = 2 * 3600
/** Records are on their way to detection for up to a second, which is two hours here. */
const closeDelaySeconds = 2.5 * 3600

/** As an operator would write them, but for the pace of the clock. */
function settings(upstream: string, token: string): string {
  return `# Settings of the demonstration; docs/gateway.md and docs/policy.md explain them.
listen: {port: 0}
admin: {port: 0, token: ${token}}
upstreams:
  - {url: ${upstream}, dialect: openai}
# What a load balancer of the provider says of accounts counts.
trusted_proxies: [127.0.0.1]
on_engine_loss: allow
detection: {step_seconds: ${stepSeconds}, close_delay_seconds: ${closeDelaySeconds}}
policy:
  enforce: true
  reasons_url: https://provider.example/cases/{case}
  rules:
    - {when: {verdict: flagged}, action: slow, bucket_min: 3, expires_hours: 72}
    - {when: {verdict: flagged}, action: refuse, bucket_min: 4, expires_hours: 168}
  slow: {delay_ms_first: 100, delay_ms_max: 2000}
`
}

/** A gateway in a process of its own. */
export type DemoGateway = {
  readonly url: string
  /** What its admin port tells. */
  readonly told: (path: string) => Promise<string>
  readonly stop: () => Promise<void>
}

export type GatewayFiles = {
  readonly folder: string
  readonly log: string
  readonly record: string
  readonly data: string
}

/** Starts it in front of `upstream`, with settings written to `folder`. Throws `config-unusable` where it does not start. */
export function startGateway(
  made: GatewayFiles & { readonly clock: Clock; readonly token: string; readonly upstream: string },
): Promise<DemoGateway> {
  const { folder, record, data, clock, log, token, upstream } = made
  writeFileSync(join(folder, 'stillwatch.yaml'), settings(upstream, token), { mode: 0o600 })
  const file = fileURLToPath(new URL('../gateway-process.js', import.meta.url))
  const given: GatewayGiven = { folder, record, data, clock }
  const child: ChildProcess = fork(file, [JSON.stringify(given)], {
    stdio: ['ignore', 'ignore', openSync(log, 'w', 0o600), 'ipc'],
  })
  const ended = new Promise<void>((settle) => child.once('exit', () => settle()))
  return new Promise((settle, fail) => {
    child.once('exit', () =>
      fail(
        new StillwatchError('config-unusable', 'The gateway of the demonstration ended.', {
          fix: `${log} says why.`,
        }),
      ),
    )
    child.once('message', (message) => {
      const { url, adminUrl } = message as GatewayServes
      settle({
        url,
        told: async (path) => {
          const headers = { authorization: `Bearer ${token}` }
          return await (await fetch(`${adminUrl}${path}`, { headers })).text()
        },
        stop: async () => {
          child.send('stop')
          await ended
        },
      })
    })
  })
}
