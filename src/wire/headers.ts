/** Headers that concern one connection and not the exchange (RFC 9110, section 7.6.1). */
const hop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What the gateway's own HTTP client writes anew, and `expect`, which the gateway has answered. */
const request = new Set(['host', 'content-length', 'expect'])

const own = 'x-stillwatch-'

/**
 * The headers of a request that go upstream: all, in their order and spelling, but those of the hop and
 * what a proxy told Stillwatch alone. Names and values in turn, as Node gives them.
 */
export function headersUpstream(raw: readonly string[], keepLength: boolean): string[] {
  const named = namedByConnection(raw)
  const kept: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]]
    const lower = name.toLowerCase()
    const ours = request.has(lower) && !(keepLength && lower === 'content-length')
    if (hop.has(lower) || ours || lower.startsWith(own) || named?.has(lower)) continue
    kept.push(name, value)
  }
  return kept
}

/** The headers of an answer that go to the client. */
export function headersDown(raw: readonly string[]): string[] {
  const named = namedByConnection(raw)
  const kept: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]]
    const lower = name.toLowerCase()
    if (!hop.has(lower) && !named?.has(lower)) kept.push(name, value)
  }
  return kept
}

/** The value of a header among raw ones; the first of several. */
export function header(raw: readonly string[], wanted: string): string | undefined {
  for (let at = 0; at + 1 < raw.length; at += 2)
    if (raw[at]?.length === wanted.length && raw[at]?.toLowerCase() === wanted) return raw[at + 1]
  return undefined
}

/**
 * Whether another server might read a request's frame otherwise than the parser here did: another version, more than
 * one host, or a transfer coding beside chunks, which would be lost on the way (RFC 9112, sections 2.3, 3.2 and 6.1).
 */
export function isAmbiguous(version: string, raw: readonly string[]): boolean {
  let hosts = 0
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]]
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
    if (name.length !== 17 || name.toLowerCase() !== 'transfer-encoding') continue
    if (version !== '1.1' || value.trim().toLowerCase() !== 'chunked') return true
  }
  return hosts > 1 || (version !== '1.1' && version !== '1.0')
}

/** Headers that `Connection` declares to be of this hop; never those that both ends need. */
function namedByConnection(raw: readonly string[]): ReadonlySet<string> | null {
  const value = header(raw, 'connection')
  if (value === undefined || /^\s*(keep-alive|close)\s*$/i.test(value)) return null
  const names = value.split(',').map((name) => name.trim().toLowerCase())
  // A client that could name `authorization` here would have it removed on the way (CVE-2022-31813 was this).
  return new Set(names.filter((name) => !endToEnd.has(name)))
}

const endToEnd = new Set([
  'authorization',
  'x-api-key',
  'content-type',
  'content-length',
  'content-encoding',
  'x-forwarded-for',
])

/** The value of the last header of a name: what a proxy added to what the client had sent, if it kept that. */
export function lastHeader(raw: readonly string[], wanted: string): string | undefined {
  for (let at = raw.length - 2; at >= 0; at -= 2)
    if (raw[at]?.toLowerCase() === wanted) return raw[at + 1]
  return undefined
}
