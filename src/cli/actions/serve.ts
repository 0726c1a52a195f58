import { appendFileSync } from 'node:fs'
import { StillwatchError } from '../../core/error.ts'
import { type Config, configOf, type VersionedConfig } from '../../gateway/config.ts'
import { loadConfig, stampOf, watchConfig } from '../../gateway/config-file.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { type Log, makeLog } from '../../gateway/log.ts'
import { machineClock } from '../clock.ts'
import type { serveOptions } from '../commands/serve.ts'
import { exitCodes } from '../exit.ts'
import { openGateway } from '../gateway.ts'
import type { Given } from '../option.ts'
import { checkTarget, writeOut } from '../output.ts'

type ServeGiven = Given<typeof serveOptions>

/** Serves until a signal ends it. */
export async function serveAction(given: ServeGiven): Promise<number> {
  // Before the file is read: a change between the two is then seen.
  const stamp = given.config === undefined ? '' : stampOf(given.config)
  const start = settingsFrom(given)
  const { record } = given
  if (record !== undefined) checkRecord(record)
  let level = start.config.log_level
  const log = makeLog({
    write: (line) => process.stderr.write(line),
    level: () => level,
    now: () => new Date(),
    plain: process.stderr.isTTY,
  })
  const gateway = await openGateway({ start, data: given.data, record, log, clock: machineClock })
  tellStart(log, gateway, start.config, given)
  const stopWatching =
    given.config === undefined
      ? () => undefined
      : keepUp({ path: given.config, stamp }, gateway, log, (config) => (level = config.log_level))
  await ending(log)
  stopWatching()
  await gateway.close()
  log('info', 'Ended.')
  return exitCodes.nothingFlagged
}

/** Says whether a settings file can be used, without starting anything. */
export async function configCheckAction(file: string): Promise<number> {
  const { config, version } = loadConfig(file, process.env)
  const count = config.upstreams.length
  await writeOut([
    `${file} is right: version ${version}, ${count} upstream${count === 1 ? '' : 's'}, unknown routes ${
      config.routes.unknown === 'pass' ? 'pass' : 'are refused'
    }, on_engine_loss ${config.on_engine_loss}.\n`,
  ])
  return exitCodes.nothingFlagged
}

function settingsFrom(given: ServeGiven): VersionedConfig {
  const { upstream, config, host, port, adminPort, dialect } = given
  if ((upstream === undefined) === (config === undefined))
    throw new StillwatchError('usage', 'serve needs either --upstream or --config.', {
      fix: 'For example: stillwatch serve --upstream https://api.openai.com.',
    })
  if (config !== undefined) {
    const alone = {
      '--dialect': dialect,
      '--host': host,
      '--port': port,
      '--admin-port': adminPort,
      '--no-detection': given.noDetection || undefined,
    }
    const [both] = Object.entries(alone).find(([, value]) => value !== undefined) ?? []
    if (both !== undefined)
      throw new StillwatchError('usage', `${both} goes with --upstream; --config has its own.`, {
        fix: `Set it in ${config}.`,
      })
    return loadConfig(config, process.env)
  }
  const url = upstream ?? ''
  const token = process.env['STILLWATCH_ADMIN_TOKEN']
  return configOf({
    upstream: { url, dialect: dialect ?? dialectOf(url) },
    listen: { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) },
    ...(adminPort === undefined ? {} : { adminPort }),
    ...(token === undefined || token === '' ? {} : { token }),
    detect: !given.noDetection,
  })
}

/** A record that cannot be written is known before the first request, not after. */
function checkRecord(path: string): void {
  if (path === '-')
    throw new StillwatchError('usage', '--record was given "-"; it takes a file.', {
      fix: 'For example: --record exchanges.jsonl.',
    })
  checkTarget(path, '--record')
  try {
    appendFileSync(path, '', { mode: 0o600 })
  } catch (cause) {
    throw new StillwatchError('usage', `Cannot write ${path}.`, {
      fix: 'Check that this user may write there.',
      cause,
    })
  }
}

function dialectOf(url: string): 'openai' | 'anthropic' | 'both' {
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  if (host === 'api.openai.com') return 'openai'
  return host === 'api.anthropic.com' ? 'anthropic' : 'both'
}

function tellStart(log: Log, gateway: Gateway, config: Config, given: ServeGiven): void {
  const to = config.upstreams.map(({ url, dialect }) => `${url} (${dialect})`).join(', ')
  log('info', `Serving on ${gateway.url}, passing to ${to || 'nobody'}.`, {
    url: gateway.url,
    admin_url: gateway.adminUrl,
    config_version: gateway.version(),
  })
  if (gateway.decideUrl !== null)
    log('info', `Other gateways may ask at ${gateway.decideUrl} (docs/decide.md).`, {
      decide_url: gateway.decideUrl,
      ...(gateway.decideGrpc === null ? {} : { decide_grpc: gateway.decideGrpc }),
    })
  if (config.detection.enabled) log('info', `What detection knows is in ${given.data}.`)
  else if (given.record === undefined)
    log('info', 'Nothing is detected or recorded: --record <file> keeps the log that audit reads.')
  if (given.record !== undefined)
    log('info', `Recording every exchange, prompts and answers included, to ${given.record}.`)
  const loss =
    config.on_engine_loss === 'allow'
      ? 'requests pass all the same and what is lost is counted (on_engine_loss: allow)'
      : 'requests are refused (on_engine_loss: refuse)'
  log('info', policyWords(config))
  log('info', `While records cannot be kept, ${loss}.`)
}

function policyWords({ policy }: Config): string {
  if (policy.kill_switch) return 'The policy is not enforced (policy.kill_switch: true).'
  return policy.enforce
    ? `The policy is enforced, by ${policy.rules.length} rules (docs/policy.md).`
    : 'The policy is not enforced: what it would do is counted (policy.enforce: false).'
}

/** Follows the settings file: on SIGHUP and when it changes. What is wrong with it is told, and changes nothing. */
function keepUp(
  { path, stamp }: { readonly path: string; readonly stamp: string },
  gateway: Gateway,
  log: Log,
  applied: (config: Config) => void,
): () => void {
  const reload = (): void => {
    try {
      const next = loadConfig(path, process.env)
      if (next.version === gateway.version()) return
      gateway.apply(next)
      applied(next.config)
      log('info', `New settings from ${path} are in force.`, { config_version: next.version })
    } catch (cause) {
      gateway.rejected()
      const message = cause instanceof Error ? cause.message : String(cause)
      log('error', `New settings were not taken, the old ones stay: ${message}`, {
        config_version: gateway.version(),
      })
    }
  }
  const stop = watchConfig(path, stamp, reload)
  process.on('SIGHUP', reload)
  return () => {
    stop()
    process.off('SIGHUP', reload)
  }
}

/** GNU timeout, and shells for a whole group, send a signal twice in a moment: that is one wish to end. */
const sameSignalMs = 500

/** Resolves at the first SIGTERM or SIGINT; another one later ends the process at once. */
function ending(log: Log): Promise<void> {
  return new Promise((settle) => {
    const stop = (): void => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        const ignore = (): void => undefined
        process.on(signal, ignore)
        process.off(signal, stop)
        setTimeout(() => process.off(signal, ignore), sameSignalMs).unref()
      }
      log('info', 'Ending: no new requests; those in progress may end.')
      settle()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}
