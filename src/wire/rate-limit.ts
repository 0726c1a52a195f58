import type { Dialect } from './route.ts'

/** A limit that was met, for the headers by which clients slow down. */
export type MetLimit = {
  readonly counts: 'requests' | 'tokens'
  readonly max: number
  readonly remaining: number
  readonly waitMs: number
}

/**
 * The headers of a 429 as the providers write them: OpenAI's `x-ratelimit-*`, whose reset is a duration
 * (https://platform.openai.com/docs/guides/rate-limits), and Anthropic's `anthropic-ratelimit-*`, whose
 * reset is a time (https://docs.anthropic.com/en/api/rate-limits). Names and values in turn.
 */
export function rateLimitHeaders(
  dialect: Dialect,
  { counts, max, remaining, waitMs }: MetLimit,
  now: Date,
): readonly string[] {
  const left = String(remaining)
  if (dialect === 'openai') {
    const of = (what: string): string => `x-ratelimit-${what}-${counts}`
    return [of('limit'), String(max), of('remaining'), left, of('reset'), duration(waitMs)]
  }
  const of = (what: string): string => `anthropic-ratelimit-${counts}-${what}`
  const reset = new Date(now.getTime() + waitMs).toISOString()
  return [of('limit'), String(max), of('remaining'), left, of('reset'), reset]
}

/** As Go writes durations, which OpenAI does: `250ms`, `7.5s`, `6m0s`, `23h59m0s`. */
function duration(ms: number): string {
  if (ms < 1000) return `${ms}ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds}s`
  const whole = Math.ceil(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return `${hours === 0 ? '' : `${hours}h`}${minutes}m${whole % 60}s`
}
