import { StillwatchError } from '../core/error.ts'
import { isTier, type Tier, tiers } from './tier.ts'

/** What is kept of a key; never the key. Times are RFC 3339. */
export type KeyRecord = {
  /** The name it has in records and logs: `key_` and the first 96 bits of its hash. */
  readonly id: string
  /** Issued here, or a provider's key of which somebody said whose it is. */
  readonly kind: 'virtual' | 'provider'
  /** HMAC-SHA-256 of the key in hexadecimal; empty for a provider's, which the provider checks. */
  readonly hash: string
  readonly account: string
  readonly org: string | null
  readonly tier: Tier
  /** What people call it. */
  readonly name: string | null
  /** The models it may ask, each a name or the beginning of names and `*`; null for any. */
  readonly models: readonly string[] | null
  readonly created: string
  readonly expires: string | null
  readonly revoked: string | null
  /** The key it was made in place of. */
  readonly replaces: string | null
}

export type KeyState = 'valid' | 'expired' | 'revoked'

export function keyState({ revoked, expires }: KeyRecord, now: Date): KeyState {
  if (revoked !== null) return 'revoked'
  return expires !== null && Date.parse(expires) <= now.getTime() ? 'expired' : 'valid'
}

/** What somebody wants a key to be. */
export type KeyWish = {
  readonly account: string
  readonly org?: string | undefined
  readonly tier?: Tier | undefined
  readonly name?: string | undefined
  readonly models?: readonly string[] | undefined
  readonly expiresDays?: number | undefined
}

const dayMs = 86_400_000
const hourMs = 3_600_000

/** The record of a new key. Throws `usage` where the wish is none that can be kept. */
export function newRecord(
  wish: KeyWish,
  made: Pick<KeyRecord, 'id' | 'kind' | 'hash'>,
  now: Date,
): KeyRecord {
  const days = wish.expiresDays
  return checked({
    ...made,
    account: wish.account,
    org: wish.org ?? null,
    tier: wish.tier ?? 'paid',
    name: wish.name ?? null,
    models: wish.models ?? null,
    created: now.toISOString(),
    expires: days === undefined ? null : new Date(now.getTime() + days * dayMs).toISOString(),
    revoked: null,
    replaces: null,
  })
}

/** A fresh key in place of `old`, and `old` as it is from now on: good for some hours more, or for none. */
export function rotate(
  old: KeyRecord,
  made: Pick<KeyRecord, 'id' | 'hash'>,
  graceHours: number,
  now: Date,
): { readonly fresh: KeyRecord; readonly old: KeyRecord } {
  const until = now.getTime() + graceHours * hourMs
  const ends = old.expires === null ? until : Math.min(until, Date.parse(old.expires))
  return {
    fresh: { ...old, ...made, created: now.toISOString(), replaces: old.id },
    old: { ...old, expires: new Date(ends).toISOString() },
  }
}

export function revoke(record: KeyRecord, now: Date): KeyRecord {
  return { ...record, revoked: record.revoked ?? now.toISOString() }
}

export const keysMax = 100_000

export function writeKeys(keys: readonly KeyRecord[]): string {
  const lines = keys.map((each) => `  ${JSON.stringify(each)}`).join(',\n')
  return `{"version":1,"keys":[\n${lines}\n]}\n`
}

/** Reads a file of keys; null where it is none, or not of this version. */
export function readKeys(text: string): readonly KeyRecord[] | null {
  try {
    const file = JSON.parse(text) as { readonly version?: unknown; readonly keys?: unknown }
    if (file.version !== 1 || !Array.isArray(file.keys) || file.keys.length > keysMax) return null
    // Each is checked before it is believed.
    return (file.keys as KeyRecord[]).map(checked)
  } catch {
    return null
  }
}

const namesCharsMax = 256
const modelsMax = 100

/** Throws `usage` with what is wrong. */
function checked(record: KeyRecord): KeyRecord {
  const wrong = troubleWith(record)
  if (wrong === null) return record
  throw new StillwatchError('usage', wrong, { fix: 'docs/keys.md says what a key may have.' })
}

function troubleWith(record: KeyRecord): string | null {
  const { id, kind, hash, account, org, name, tier, models } = record
  if (!/^key_[0-9a-f]{24}$/.test(id)) return 'A key is named key_ and 24 hexadecimal digits.'
  if (kind !== 'virtual' && kind !== 'provider') return 'A key is virtual or a provider’s.'
  if (kind === 'virtual' && !/^[0-9a-f]{64}$/.test(hash)) return 'A virtual key needs its hash.'
  if (!isName(account)) return `An account is named by 1 to ${namesCharsMax} characters.`
  // All who show no key share this name.
  if (account === 'anonymous') return 'No account can be called anonymous.'
  if (org !== null && !isName(org)) return `An org is named by 1 to ${namesCharsMax} characters.`
  if (name !== null && !isName(name)) return `A name has 1 to ${namesCharsMax} characters.`
  if (typeof tier !== 'string' || !isTier(tier)) return `A tier is one of ${tiers.join(', ')}.`
  if (models !== null && !areModels(models)) return `models is a list of 1 to ${modelsMax} names.`
  return areTimes(record) ? null : 'A time is no time.'
}

function areModels(models: unknown): boolean {
  return (
    Array.isArray(models) &&
    models.length >= 1 &&
    models.length <= modelsMax &&
    models.every(isName)
  )
}

function areTimes({ created, expires, revoked }: KeyRecord): boolean {
  return [created, expires, revoked].every(
    (time) => time === null || (typeof time === 'string' && !Number.isNaN(Date.parse(time))),
  )
}

/** No control characters: names are shown in terminals and sent in headers. */
export function isName(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text.trim() === text &&
    text.length >= 1 &&
    text.length <= namesCharsMax &&
    !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)
  )
}

/** Whether a model is among those allowed. */
export function allows(models: readonly string[] | null, model: string): boolean {
  return models === null || models.some((each) => fits(each, model))
}

/** Whether a name is the one given, or begins like it where that ends in `*`. */
export function fits(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
