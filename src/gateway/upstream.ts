import { Pool } from 'undici'
import type { Dialect } from '../wire/route.ts'
import type { Limits, UpstreamConfig } from './config.ts'
import { type Gate, gate } from './gate.ts'

/** An API behind the gateway, with its connections. */
export type Upstream = {
  readonly config: UpstreamConfig
  /** What stands between the address and the path of a request: empty, or `/base`. */
  readonly basePath: string
  readonly pool: Pool
  readonly gate: Gate
  /** Equal for upstreams that may share their connections. */
  readonly signature: string
}

const headersBytesMax = 64 * 1024

/** Makes upstreams, taking over from `before` each that has not changed, with its open connections. */
export function makeUpstreams(
  configs: readonly UpstreamConfig[],
  limits: Limits,
  before: readonly Upstream[] = [],
): readonly Upstream[] {
  return configs.map((config) => {
    const signature = JSON.stringify([config, poolOptions(limits)])
    const same = before.find((each) => each.signature === signature)
    return same ?? makeUpstream(config, limits, signature)
  })
}

function makeUpstream(config: UpstreamConfig, limits: Limits, signature: string): Upstream {
  const url = new URL(config.url)
  // OPENAI_BASE_URL ends in /v1 by custom, ANTHROPIC_BASE_URL does not; requests have it in their path.
  const basePath = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')
  const pool = new Pool(url.origin, poolOptions(limits))
  return { config, basePath, pool, gate: gate(), signature }
}

function poolOptions(limits: Limits): Pool.Options {
  return {
    // The gate lets no more in than this, so nothing ever waits inside the pool.
    connections: limits.upstream_connections_max,
    pipelining: 1,
    connect: { timeout: limits.upstream_connect_seconds_max * 1000 },
    headersTimeout: limits.upstream_answer_seconds_max * 1000,
    bodyTimeout: limits.upstream_idle_seconds_max * 1000,
    maxHeaderSize: headersBytesMax,
  }
}

/** The first upstream that speaks a dialect. */
export function upstreamFor(
  upstreams: readonly Upstream[],
  dialect: Dialect,
): Upstream | undefined {
  return upstreams.find(({ config }) => config.dialect === 'both' || config.dialect === dialect)
}
