import { BlockList, isIP } from 'node:net'
import { isKey } from '../access/key.ts'
import { type KeyRecord, keyState } from '../access/key-record.ts'
import { isTier, type Tier } from '../access/tier.ts'
import { never } from '../core/error.ts'
import { type Credential, credentialOf } from '../wire/credential.ts'
import { lastHeader } from '../wire/headers.ts'
import type { RefusalCode } from '../wire/refusal.ts'
import { addNetwork, type KeysConfig } from './config.ts'
import { type HashKey, type KeyHash, sameHash } from './key-hash.ts'
import type { Certified, Peer } from './tls.ts'
import { isToken, type ReadToken, type TokenReading } from './token.ts'

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
  /** The models its key may ask; null for any. */
  readonly models: readonly string[] | null
  /** Whether the account is one whatever the upstream says; one that is named by a key may be made up. */
  readonly vouched: boolean
}

export type Admission = { readonly is: 'caller'; readonly caller: Caller } | Refusal

/** Goes on with who asks: at once, unless that has to be looked up. */
export function onceKnown(
  admission: Admission | Promise<Admission>,
  go: (known: Admission) => void,
): void {
  if (admission instanceof Promise) void admission.then(go)
  else go(admission)
}

/** Nobody who may ask. */
export type Refusal = {
  readonly is: 'refused'
  readonly code: RefusalCode
  readonly message: string
  /** For the log: what a caller is not told, and the key by its hash. */
  readonly reason: string
  readonly key?: string
}

/** At once, unless a token has to be checked that is new. Never rejects. */
export type Identify = (raw: readonly string[], peer: Peer) => Admission | Promise<Admission>

/** What callers are named by. */
export type Identifying = {
  readonly mode: KeysConfig['mode']
  readonly hash: HashKey
  readonly find: (id: string) => KeyRecord | undefined
  /** Null where tokens are not believed. */
  readonly readToken: ReadToken | null
  readonly trusted: readonly string[]
  readonly now: () => Date
}

const accountCharsMax = 256

/**
 * Makes the function that names callers. An API key is known by its hash, so a leaked record opens no
 * account. Addresses, and what headers claim of account, organisation and tier, count only where a
 * trusted proxy sent them.
 */
export function identifier(made: Identifying): Identify {
  const isTrusted = trust(made.trusted)
  return (raw, peer) => {
    const from = plainAddress(peer.address ?? '')
    const behind = isTrusted(from)
    const credential = credentialOf(raw)
    if (credential.is === 'conflict') return conflict
    const ip = behind ? (forwardedFor(raw, isTrusted) ?? from) : from
    const claims = behind ? claimsIn(raw) : noClaims
    if (peer.certificate !== null)
      return holderOf(peer.certificate, claims, ip, keyBeside(made, credential))
    if (made.readToken !== null && credential.is === 'key' && isToken(credential.key)) {
      const reading = made.readToken(credential.key)
      const admit = (read: TokenReading): Admission => holderOf(read, claims, ip)
      return reading instanceof Promise ? reading.then(admit) : admit(reading)
    }
    const given = credential.is === 'none' ? null : made.hash(credential.key)
    const holder = given && made.find(given.id)
    const trouble = troubleWith(made, credential, given, holder ?? undefined)
    if (trouble !== null) return badKey(trouble, given?.id)
    return { is: 'caller', caller: callerOf(claims, given?.id ?? null, holder ?? null, ip) }
  }
}

/** Under `pass_through` a key goes on beside a certificate, and the record has it. */
function keyBeside({ mode, hash }: Identifying, credential: Credential): string | null {
  return mode === 'pass_through' && credential.is === 'key' ? hash(credential.key).id : null
}

function holderOf(
  reading: TokenReading | Certified,
  claims: Claims,
  ip: string,
  key: string | null = null,
): Admission {
  switch (reading.is) {
    case 'holder':
      return { is: 'caller', caller: callerOf(claims, key, { ...reading, models: null }, ip) }
    case 'bad':
      return badKey(reading.reason, undefined)
    case 'unknowable':
      return {
        is: 'refused',
        code: 'identity_unavailable',
        message: 'This gateway cannot check tokens at the moment.',
        reason: 'no keys of the issuer',
      }
    default:
      return never(reading)
  }
}

/** What is known of who holds a key or a token. */
type Holder = Pick<KeyRecord, 'account' | 'org' | 'tier' | 'models'>

function callerOf(claims: Claims, key: string | null, holder: Holder | null, ip: string): Caller {
  // Whom a proxy names, it knows better than the key that it may use for all of them.
  const known = claims.account === '' ? holder : null
  const account = claims.account || (known?.account ?? key ?? 'anonymous')
  const org = claims.org || (known?.org ?? '')
  return {
    who: {
      account,
      ...(key === null ? {} : { key }),
      ...(org === '' ? {} : { org }),
      ...(ip === '' ? {} : { ip }),
    },
    tier: claims.tier ?? known?.tier ?? (account === 'anonymous' ? 'anonymous' : 'paid'),
    models: holder?.models ?? null,
    vouched: claims.account !== '' || holder !== null || key === null,
  }
}

/** Why a key opens nothing, for the log; null for one that does. */
function troubleWith(
  { mode, now }: Identifying,
  credential: Credential,
  given: KeyHash | null,
  holder: KeyRecord | undefined,
): string | null {
  if (mode === 'pass_through') {
    // It would be shown to the upstream, to no end.
    if (holder?.kind === 'virtual') return 'issued here, and keys.mode is pass_through'
    const state = holder ? keyState(holder, now()) : 'valid'
    return state === 'valid' ? null : state
  }
  if (given === null) return 'missing'
  const virtual = holder?.kind === 'virtual' ? holder : undefined
  if (!sameHash(given.hash, virtual?.hash) || !virtual)
    return credential.is === 'key' && isKey(credential.key) ? 'unknown' : 'not of a key’s form'
  const state = keyState(virtual, now())
  return state === 'valid' ? null : state
}

const conflict: Admission = {
  is: 'refused',
  code: 'credentials_conflict',
  message:
    'The request carries two different API keys, for example in Authorization and in x-api-key. Send one.',
  reason: 'two keys',
}

/** One answer for every key that opens nothing: which it is would help who tries keys. */
function badKey(reason: string, key: string | undefined): Admission {
  return {
    is: 'refused',
    code: 'invalid_api_key',
    message: 'The API key is missing or not valid.',
    reason,
    ...(key === undefined ? {} : { key }),
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

/** Makes the function that tells where a caller is, by the word of a trusted proxy; null where there is none. */
export function countryReader(
  trusted: readonly string[],
): (raw: readonly string[], peer: string | undefined) => string | null {
  const isTrusted = trust(trusted)
  return (raw, peer) => {
    if (!isTrusted(plainAddress(peer ?? ''))) return null
    const said = lastHeader(raw, 'x-stillwatch-country')?.trim().toUpperCase() ?? ''
    return /^[A-Z]{2}$/.test(said) ? said : null
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
