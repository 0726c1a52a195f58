import type { Server } from 'node:http'
import { Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryBudgets } from '../access/budget.ts'
import { StillwatchError } from '../core/error.ts'
import { accepted } from './accepted.ts'
import type { Standing } from '../record/index.ts'
import { type AdminView, makeAdmin } from './admin.ts'
import { byteBudget } from './body.ts'
import type { Config, VersionedConfig } from './config.ts'
import { makeDecideServer, mayAsk } from './decide-server.ts'
import { type Detection, type Watching, watchingOf } from './detection.ts'
import { type Enforcer, openEnforcer } from './enforcer.ts'
import { countryReader, identifier } from './identity.ts'
import type { HashKey } from './key-hash.ts'
import type { KeyStore } from './key-store.ts'
import type { Log } from './log.ts'
import { type Gauges, makeMetrics, type Metrics } from './metrics.ts'
import { policyAdmin } from './policy-admin.ts'
import { recordQueue, type RecordQueue, type Sink } from './queue.ts'
import { applyLimits, makeServer, type Shared, type Snapshot } from './server.ts'
import { followCertificates } from './tls.ts'
import { tokenReader } from './token.ts'
import { makeUpstreams, type Upstream } from './upstream.ts'

/** A gateway that serves. */
export type Gateway = {
  /** `http://host:port`, as clients reach it. */
  readonly url: string
  readonly adminUrl: string
  /** Where other gateways ask; null where none may. */
  readonly decideUrl: string | null
  /** `host:port` where Envoy asks by gRPC; null where it may not. */
  readonly decideGrpc: string | null
  /** The version of the settings in force. */
  readonly version: () => string
  /**
   * Puts other settings in force, whole or not at all; requests in progress end under the old ones.
   * Throws `config-unusable` where a running gateway cannot take them.
   */
  readonly apply: (next: VersionedConfig) => void
  /** Tells that settings were found wanting; the old ones stay. */
  readonly rejected: () => void
  /** Takes no more requests, lets those in progress end, hands on the records. */
  readonly close: () => Promise<void>
}

export type GatewayOptions = {
  readonly start: VersionedConfig
  /** The deployment's; names accounts in cases. */
  readonly secret: Uint8Array
  /** Names API keys in records. */
  readonly hash: HashKey
  /** The keys that are known here. */
  readonly keys: KeyStore
  /** Takes the records beside detection; null where nobody wants them. */
  readonly sink: Sink | null
  readonly detection: Detection | null
  /** How an account stands, in place of what detection says. */
  readonly standing?: (account: string) => Standing | null
  /** Where cases are kept and reviewers' decisions read; null: in memory, and none. */
  readonly directory?: string | null
  readonly log: Log
  readonly now: () => Date
}

const queueCloseMs = 5000
const adminHost = '127.0.0.1'

/** Starts a gateway. Throws `address-unusable` where it cannot listen, `config-unusable` where settings contradict. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { start, log, now } = options
  const watching = watchingOf(options.detection, now)
  const sink = watching.sink(options.sink)
  checkRecords(start.config, sink)
  let current = snapshotOf(start, options, [])
  let draining = false
  const progress = { inProgress: 0 }
  const budget = byteBudget()
  const sockets = { server: null as Server | null }
  let queue: RecordQueue | null = null
  const metrics = makeMetrics({
    ...upstreamGauges(() => current),
    ...queueGauges(() => queue),
    ...watching.gauges,
    inProgress: () => progress.inProgress,
    connections: () => connectionsOf(sockets.server),
    bodyBytes: budget.taken,
    budgetAccounts: () => shared.budgets.subjects(),
  })
  queue = sink && queueOf(sink, metrics, () => current, log)
  metrics.config(start.version)
  const enforcer = enforcerOf(options, metrics, () => current)
  const shared: Shared = {
    snapshot: () => current,
    metrics,
    budget,
    accepted: accepted(),
    budgets: memoryBudgets(() => current.config.limits.budget_accounts_max),
    queue,
    standing: options.standing ?? watching.standing,
    detects: () => watching.keepsUp(current.config.detection.behind_seconds_max),
    enforcer,
    now,
    draining: () => draining,
    progress,
    log,
  }
  const server = makeServer(shared)
  sockets.server = server
  countConnections(server)
  const admin = makeAdmin(adminView(shared, options, watching))
  const { urls, closeDeciding } = await listenAll(shared, server, admin, start.config)
  follow(server, start.config, log)
  watching.begin(shared)
  return {
    ...urls,
    version: () => current.version,
    rejected: () => metrics.reloaded('rejected'),
    apply: (next) => {
      checkSame(current.config, next.config)
      checkRecords(next.config, sink)
      const before = current.upstreams
      current = snapshotOf(next, options, before)
      applyLimits(server, next.config.limits)
      metrics.config(next.version)
      metrics.reloaded('applied')
      closeUnused(before, current.upstreams).catch(() => undefined)
    },
    close: async () => {
      draining = true
      await drain(server, progress, current.config.limits.drain_seconds_max)
      closeDeciding()
      await queue?.close(queueCloseMs)
      await watching.end()
      await enforcer.close()
      await closeRest(admin, current.upstreams)
    },
  }
}

function upstreamGauges(current: () => Snapshot): Pick<Gauges, 'waiting'> {
  return {
    waiting: () => current().upstreams.reduce((sum, { gate }) => sum + gate.state().waiting, 0),
  }
}

function queueGauges(queue: () => RecordQueue | null): Pick<Gauges, 'queueRecords' | 'queueBytes'> {
  return {
    queueRecords: () => queue()?.state().records ?? 0,
    queueBytes: () => queue()?.state().bytes ?? 0,
  }
}

function follow(server: Server, { listen: { tls } }: Config, log: Log): void {
  if (!tls || !(server instanceof HttpsServer)) return
  const stop = followCertificates(server, tls, (failed) => {
    if (failed === null) return log('info', 'Changed certificates are in force.')
    log('error', 'Changed certificates were not taken, the old ones stay.', {
      code: codeOf(failed),
    })
  })
  server.on('close', stop)
}

function adminView(shared: Shared, { start, keys }: GatewayOptions, watching: Watching): AdminView {
  const { queue, metrics } = shared
  return {
    token: start.config.admin.token ?? null,
    keys,
    ready: () => readiness(shared),
    health: () => ({
      status: shared.draining() ? 'draining' : 'serving',
      config_version: shared.snapshot().version,
      in_progress: shared.progress.inProgress,
      records: queue === null ? 'off' : queue.state().healthy ? 'kept' : 'not kept',
      detection: shared.detects() ? 'keeps up' : 'behind',
    }),
    standings: watching.standings,
    policy: policyAdmin(shared.enforcer, () => shared.snapshot().config.policy, shared.now),
    metrics: async () => ({ text: await metrics.text(), contentType: metrics.contentType }),
  }
}

function snapshotOf(
  { config, version }: VersionedConfig,
  { hash, keys, now, log }: GatewayOptions,
  before: readonly Upstream[],
): Snapshot {
  const failed = (cause: unknown): void => {
    const reason = cause instanceof Error ? cause.name : 'unknown'
    log('error', 'The keys of the issuer of tokens cannot be had; those there were stay.', {
      reason,
    })
  }
  return {
    config,
    version,
    upstreams: makeUpstreams(config.upstreams, config.limits, before),
    identify: identifier({
      mode: config.keys.mode,
      hash,
      find: keys.find,
      readToken: config.keys.jwt ? tokenReader(config.keys.jwt, { hash, now, failed }) : null,
      trusted: config.trusted_proxies,
      now,
    }),
    countryOf: countryReader(config.trusted_proxies),
  }
}

function queueOf(sink: Sink, metrics: Metrics, current: () => Snapshot, log: Log): RecordQueue {
  return recordQueue({
    sink,
    limits: () => {
      const { queue_records_max, queue_bytes_max } = current().config.limits
      return { recordsMax: queue_records_max, bytesMax: queue_bytes_max }
    },
    onKept: metrics.recordKept,
    onLoss: metrics.recordLost,
    onFailure: (cause) => {
      log('error', 'Records cannot be kept; they wait, and are lost when the queue is full.', {
        code: codeOf(cause),
      })
    },
  })
}

/** What a log may tell of an error; its message may name what a log must not. */
function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
}

function enforcerOf(
  { directory = null, secret, log }: GatewayOptions,
  metrics: Metrics,
  current: () => Snapshot,
): Enforcer {
  return openEnforcer({ directory, secret, policy: () => current().config.policy, metrics, log })
}

/** Refusing while nobody takes records would be refusing always. */
function checkRecords(config: Config, sink: Sink | null): void {
  if (config.on_engine_loss === 'allow' || sink !== null) return
  throw new StillwatchError(
    'config-unusable',
    'on_engine_loss is "refuse", but nothing takes records, so every request would be refused.',
    { fix: 'Set detection.enabled, give --record <file>, or set on_engine_loss: allow.' },
  )
}

/** Settings that a running gateway cannot change, so that what is in force is always one file as a whole. */
function checkSame(before: Config, next: Config): void {
  const fixed = (config: Config): readonly (readonly [string, unknown])[] => [
    ['listen.host', config.listen.host],
    ['listen.port', config.listen.port],
    ['listen.tls', JSON.stringify(config.listen.tls)],
    ['admin.port', config.admin.port],
    ['admin.token', config.admin.token],
    ['detection', JSON.stringify(config.detection)],
    ['decide', JSON.stringify(config.decide)],
    ['limits.header_bytes_max', config.limits.header_bytes_max],
  ]
  const after = new Map(fixed(next))
  const changed = fixed(before).filter(([name, value]) => after.get(name) !== value)
  if (changed.length === 0) return
  const names = changed.map(([name]) => name).join(', ')
  throw new StillwatchError('config-unusable', `${names} cannot change while the gateway runs.`, {
    fix: 'Restart it, or put the old value back.',
  })
}

function readiness(shared: Shared): { readonly ready: boolean; readonly reason: string } {
  if (shared.draining()) return { ready: false, reason: 'draining' }
  if (shared.snapshot().config.on_engine_loss === 'allow') return { ready: true, reason: '' }
  if (shared.queue?.state().healthy !== true)
    return { ready: false, reason: 'records cannot be kept' }
  return shared.detects()
    ? { ready: true, reason: '' }
    : { ready: false, reason: 'detection is behind' }
}

/** An upstream that is no longer named ends with the last request on it, also one that still waits. */
async function closeUnused(before: readonly Upstream[], now: readonly Upstream[]): Promise<void> {
  for (const { pool, gate } of before.filter((each) => !now.includes(each))) {
    while (gate.state().running + gate.state().waiting > 0)
      await sleep(lookEveryMs, undefined, { ref: false })
    await pool.close()
  }
}

const counts = new WeakMap<Server, { connections: number }>()

function countConnections(server: Server): void {
  const count = { connections: 0 }
  counts.set(server, count)
  server.on('connection', (socket) => {
    count.connections += 1
    socket.on('close', () => (count.connections -= 1))
  })
}

function connectionsOf(server: Server | null): number {
  return server === null ? 0 : (counts.get(server)?.connections ?? 0)
}

type Listening = {
  readonly urls: Pick<Gateway, 'url' | 'adminUrl' | 'decideUrl' | 'decideGrpc'>
  readonly closeDeciding: () => void
}

async function listenAll(
  shared: Shared,
  server: Server,
  admin: Server,
  { listen: at, admin: adminAt, decide }: Config,
): Promise<Listening> {
  const deciding = decide ? makeDecideServer(shared, decide) : null
  let closeEnvoy = (): void => undefined
  const closeDeciding = (): void => {
    deciding?.close()
    deciding?.closeAllConnections()
    closeEnvoy()
  }
  try {
    const url = await listen(server, at.host, at.port, 'listen')
    const adminUrl = await listen(admin, adminHost, adminAt.port, 'admin')
    const decideUrl =
      deciding && decide ? await listen(deciding, decide.host, decide.port, 'decide') : null
    if (decide?.grpc_port === undefined)
      return { urls: { url, adminUrl, decideUrl, decideGrpc: null }, closeDeciding }
    // Nobody else waits for gRPC to be loaded.
    const { openEnvoy } = await import('./adapters/envoy.ts')
    const envoy = await openEnvoy(shared, decide, decide.grpc_port, mayAsk)
    closeEnvoy = envoy.close
    return { urls: { url, adminUrl, decideUrl, decideGrpc: envoy.address }, closeDeciding }
  } catch (cause) {
    server.close()
    admin.close()
    closeDeciding()
    throw cause
  }
}

function listen(server: Server, host: string, port: number, what: string): Promise<string> {
  return new Promise((settle, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      fail(
        new StillwatchError(
          'address-unusable',
          `Cannot listen on ${host}:${port} (${cause.code ?? 'unknown'}).`,
          { fix: `Choose another address or port (${what}.port), or end what uses it.`, cause },
        ),
      ),
    )
    server.listen(port, host, () => {
      const { address, port: given, family } = server.address() as AddressInfo
      const scheme = server instanceof HttpsServer ? 'https' : 'http'
      settle(`${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${given}`)
    })
  })
}

async function closeRest(admin: Server, upstreams: readonly Upstream[]): Promise<void> {
  admin.close()
  admin.closeAllConnections()
  await Promise.all(upstreams.map(({ pool }) => pool.destroy()))
}

const lookEveryMs = 20

/** Waits for exchanges in progress, then cuts those that are left. */
async function drain(
  server: Server,
  progress: { readonly inProgress: number },
  secondsMax: number,
): Promise<void> {
  server.close()
  server.closeIdleConnections()
  const until = performance.now() + secondsMax * 1000
  while (progress.inProgress > 0 && performance.now() < until) await sleep(lookEveryMs)
  server.closeAllConnections()
  // Those that were cut have records too, which begin when their connection has closed.
  await sleep(lookEveryMs)
}
