import { createHmac, hkdfSync } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { isTier, type Tier } from '../access/tier.ts'
import { credentialOf } from '../wire/credential.ts'
import { lastHeader } from '../wire/headers.ts'
import type { RefusalCode } from '../wire/refusal.ts'
import { addNetwork } from './config.ts'

export type { Tier } from '../access/tier.ts'

/** Who made a request, as far as the gateway can tell. */
export type Identity = {
  readonly account: string
  readonly key?: string
  readonly org?: string
  readonly ip?: string
}

/** Who asks, and what that is worth. */
export type Caller = {
  readonly who: Identity
  readonly tier: Tier
  /** Whether the account is one whatever the upstream says; one that is named by a key may be made up. */
  readonly vouched: boolean
}

export type Admission =
  | { readonly is: 'caller'; readonly caller: Caller }
  | { readonly is: 'refused'; readonly code: RefusalCode; readonly message: string }

export type Identify = (raw: readonly string[], peer: string | undefined) => Admission

/** Key hashes are shown in records and logs; 96 bits keep them apart and short. */
const keyHashHexChars = 24
const accountCharsMax = 256
/** Keys whose hashes are remembered: an HMAC takes longer than the rest of this file. */
const keysMax = 10_000
/** A longer one is hashed each time, so that what is remembered is bounded in bytes, too. */
const keyCharsMax = 512

const conflict: Admission = {
  is: 'refused',
  code: 'credentials_conflict',
  message:
    'The request carries two different API keys, for example in Authorization and in x-api-key. Send one.',
}

/**
 * Makes the function that names callers. An API key is known by a hash under a key derived from the
 * deployment's secret (HKDF-SHA-256, RFC 5869), so a leaked record opens no account. Addresses, and what
 * headers claim of account, organisation and tier, count only where a trusted proxy sent them.
 */
export function identifier(secret: Uint8Array, trusted: readonly string[]): Identify {
  const nameOf = keyNames(secret)
  const isTrusted = trust(trusted)
  return (raw, peer) => {
    const from = plainAddress(peer ?? '')
    const behind = isTrusted(from)
    const credential = credentialOf(raw)
    if (credential.is === 'conflict') return conflict
    const key = credential.is === 'none' ? null : nameOf(credential.key)
    const claims = behind ? claimsIn(raw) : noClaims
    const ip = behind ? (forwardedFor(raw, isTrusted) ?? from) : from
    const account = claims.account || (key ?? 'anonymous')
    const who = {
      account,
      ...(key === null ? {} : { key }),
      ...(claims.org === '' ? {} : { org: claims.org }),
      ...(ip === '' ? {} : { ip }),
    }
    const tier = claims.tier ?? (account === 'anonymous' ? 'anonymous' : 'paid')
    return { is: 'caller', caller: { who, tier, vouched: claims.account !== '' || key === null } }
  }
}

/** Names keys by their hashes: `key_` and 24 hexadecimal digits. */
function keyNames(secret: Uint8Array): (key: string) => string {
  const hashKey = Buffer.from(
    hkdfSync('sha256', secret, new Uint8Array(0), 'stillwatch gateway key v1', 32),
  )
  const names = new Map<string, string>()
  return (key) => {
    const known = names.get(key)
    if (known !== undefined) return known
    const hash = createHmac('sha256', hashKey).update(key).digest('hex')
    const name = `key_${hash.slice(0, keyHashHexChars)}`
    if (key.length > keyCharsMax) return name
    // Whoever sends new keys all the time makes it forget, and no more.
    if (names.size >= keysMax) names.clear()
    names.set(key, name)
    return name
  }
}

function trust(networks: readonly string[]): (address: string) => boolean {
  const proxies = new BlockList()
  for (const network of networks) addNetwork(proxies, network)
  return (address) => {
    if (networks.length === 0) return false
    const family = isIP(address)
    return family !== 0 && proxies.check(address, family === 4 ? 'ipv4' : 'ipv6')
  }
}

type Claims = { readonly account: string; readonly org: string; readonly tier: Tier | null }

const noClaims: Claims = { account: '', org: '', tier: null }

/** What a trusted proxy says of a caller; the last of each header, for the first may be the caller's own. */
function claimsIn(raw: readonly string[]): Claims {
  const said = (name: string): string =>
    lastHeader(raw, `x-stillwatch-${name}`)?.trim().slice(0, accountCharsMax) ?? ''
  const tier = said('tier')
  return { account: said('account'), org: said('org'), tier: isTier(tier) ? tier : null }
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
