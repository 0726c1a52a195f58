import { createHmac, hkdfSync } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { header, lastHeader } from '../wire/headers.ts'
import { addNetwork } from './config.ts'

/** Who made a request, as far as the gateway can tell. */
export type Identity = {
  readonly account: string
  readonly key?: string
  readonly ip?: string
}

/** How far a provider knows a customer. */
export type Tier = 'anonymous' | 'paid' | 'verified' | 'contract'

/** Who asks, and what that is worth. */
export type Caller = { readonly who: Identity; readonly tier: Tier }

export type Identify = (raw: readonly string[], peer: string | undefined) => Caller

/** Key hashes are shown in records and logs; 96 bits keep them apart and short. */
const keyHashHexChars = 24
const accountCharsMax = 256
/** Keys whose hashes are remembered: an HMAC takes longer than the rest of this file. */
const keysMax = 10_000

/**
 * Makes the function that names callers. An API key is known by a hash under a key derived from the
 * deployment's secret (HKDF-SHA-256, RFC 5869), so a leaked record opens no account. Addresses and
 * account names that a header claims count only where a trusted proxy sent it.
 */
export function identifier(secret: Uint8Array, trusted: readonly string[]): Identify {
  const hashKey = Buffer.from(
    hkdfSync('sha256', secret, new Uint8Array(0), 'stillwatch gateway key v1', 32),
  )
  const isTrusted = membership(trusted)
  const names = new Map<string, string>()
  const nameOf = (key: string): string => {
    const known = names.get(key)
    if (known !== undefined) return known
    const hash = createHmac('sha256', hashKey).update(key).digest('hex')
    const name = `key_${hash.slice(0, keyHashHexChars)}`
    // Whoever sends new keys all the time makes it forget, and no more.
    if (names.size >= keysMax) names.clear()
    names.set(key, name)
    return name
  }
  return (raw, peer) => {
    const from = plainAddress(peer ?? '')
    const behind = isTrusted(from)
    const sent = apiKey(raw)
    const key = sent === null ? null : nameOf(sent)
    const named = behind
      ? lastHeader(raw, 'x-stillwatch-account')?.trim().slice(0, accountCharsMax)
      : ''
    const ip = behind ? (forwardedFor(raw, isTrusted) ?? from) : from
    const account = named || (key ?? 'anonymous')
    const who = { account, ...(key === null ? {} : { key }), ...(ip === '' ? {} : { ip }) }
    return { who, tier: account === 'anonymous' ? 'anonymous' : 'paid' }
  }
}

/** Whether an address is in one of these networks. */
function membership(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) addNetwork(list, network)
  return (address) => {
    if (networks.length === 0) return false
    const family = isIP(address)
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
  }
}

/** Makes the function that tells where a caller is, by the word of a trusted proxy; null where there is none. */
export function countryReader(
  trusted: readonly string[],
): (raw: readonly string[], peer: string | undefined) => string | null {
  const isTrusted = membership(trusted)
  return (raw, peer) => {
    if (!isTrusted(plainAddress(peer ?? ''))) return null
    const said = lastHeader(raw, 'x-stillwatch-country')?.trim().toUpperCase() ?? ''
    return /^[A-Z]{2}$/.test(said) ? said : null
  }
}

/** The key, in either of the headers that clients of both dialects use. */
function apiKey(raw: readonly string[]): string | null {
  const bearer = /^bearer\s+(\S+)\s*$/i.exec(header(raw, 'authorization') ?? '')?.[1]
  const found = bearer ?? header(raw, 'x-api-key')?.trim()
  return found === undefined || found === '' ? null : found
}

/** The rightmost address that is no proxy of ours: what stands left of it, the client may have written. */
function forwardedFor(
  raw: readonly string[],
  isTrusted: (address: string) => boolean,
): string | null {
  const values: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2)
    if (raw[at]?.toLowerCase() === 'x-forwarded-for') values.push(raw[at + 1] ?? '')
  const hops = values.join(',').split(',').map(plainAddress)
  const first = hops.findLast((hop) => !isTrusted(hop))
  return first !== undefined && isIP(first) !== 0 ? first : null
}

/** `::ffff:192.0.2.1` is 192.0.2.1 on a socket of both families. */
function plainAddress(text: string): string {
  return text.trim().replace(/^::ffff:(?=\d+\.)/i, '')
}
