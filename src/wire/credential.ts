/** Headers in which APIs of either dialect, and gateways in front of them, look for a key. */
const headers = new Set(['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'])

/** Headers by which the holder of a key chooses who pays; with a key that is not the caller's, not theirs to choose. */
const payers = new Set(['openai-organization', 'openai-project'])

/** The key a request came with. */
export type Credential =
  | { readonly is: 'none' }
  | { readonly is: 'key'; readonly key: string }
  /** Two that differ: whichever were taken for the caller's name, the upstream might read the other. */
  | { readonly is: 'conflict' }

const none: Credential = { is: 'none' }
const conflict: Credential = { is: 'conflict' }

/** Reads every header that may hold a key, each as often as it was sent. */
export function credentialOf(raw: readonly string[]): Credential {
  let found: string | null = null
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? ''
    // Most headers are none of these, and lengths are cheap to tell.
    if (name.length < 7 || name.length > 14 || !headers.has(name.toLowerCase())) continue
    const key = keyIn(raw[at + 1] ?? '')
    if (key === '') continue
    if (found !== null && found !== key) return conflict
    found = key
  }
  return found === null ? none : { is: 'key', key: found }
}

/** A scheme other than Bearer stays a part of the key: `Basic …` is one as a whole. */
function keyIn(value: string): string {
  return value.trim().replace(/^bearer(\s+|$)/i, '')
}

/** What an upstream is sent in place of the caller's key. */
export type UpstreamKey = {
  /** Null for an upstream that asks for none. */
  readonly key: string | null
  readonly dialect: 'openai' | 'anthropic' | 'both'
}

/** The headers of a request with the provider's key in place of the caller's; all others as they are. */
export function withKey(raw: readonly string[], { key, dialect }: UpstreamKey): readonly string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]]
    const lower = name.toLowerCase()
    if (!headers.has(lower) && !payers.has(lower)) kept.push(name, value)
  }
  if (key === null) return kept
  // Servers of both dialects differ in which they read: vLLM only the first, others by the route.
  if (dialect !== 'anthropic') kept.push('authorization', `Bearer ${key}`)
  if (dialect !== 'openai') kept.push('x-api-key', key)
  return kept
}
