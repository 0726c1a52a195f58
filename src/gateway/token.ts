import { errors, type JWTPayload, jwtVerify, type LocalJWKSet } from 'jose'
import { isName } from '../access/key-record.ts'
import { isTier, type Tier } from '../access/tier.ts'
import type { JwtConfig } from './config.ts'
import type { HashKey } from './key-hash.ts'
import { keySet } from './jwks.ts'

/** What a token said of its holder. */
export type TokenReading =
  | {
      readonly is: 'holder'
      readonly account: string
      readonly org: string | null
      readonly tier: Tier
    }
  /** For the log; never the token. */
  | { readonly is: 'bad'; readonly reason: string }
  | { readonly is: 'unknowable' }

export type ReadToken = (token: string) => TokenReading | Promise<TokenReading>

type Holder = Extract<TokenReading, { is: 'holder' }>

/** Tokens whose holders are remembered: a signature takes a hundred times as long as all else here. */
const tokensMax = 10_000
/** And for how long: a key that the issuer withdraws is believed no longer than this and what `keySet` adds. */
const rememberedMs = 60_000
const tokenCharsMax = 16_384

/** Whether a key has the form of a signed token (RFC 7515, section 3.1). */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(text)
}

/**
 * Reads bearer tokens of one issuer (RFC 7519): signature by a key of its set with an algorithm of the
 * list, issuer, audience, times. The token's own header chooses a key of that set, and nothing else.
 */
export function tokenReader(
  config: JwtConfig,
  made: {
    readonly hash: HashKey
    readonly now: () => Date
    readonly failed: (cause: unknown) => void
  },
): ReadToken {
  const set = keySet(config.jwks, made.failed)
  const known = new Map<string, { readonly holder: Holder; readonly untilMs: number }>()
  const remember = (name: string, holder: Holder, exp: number | undefined, nowMs: number): void => {
    if (known.size >= tokensMax) known.clear()
    known.set(name, { holder, untilMs: Math.min(nowMs + rememberedMs, (exp ?? 0) * 1000) })
  }
  const verify = async (token: string, name: string, nowMs: number): Promise<TokenReading> => {
    const keys = await set.keys(nowMs)
    if (keys === null) return { is: 'unknowable' }
    let payload = await verified(token, keys, config, made.now())
    // The issuer may sign with a key that is newer than those we have.
    if (payload === 'no-key' && (await set.refresh(nowMs)))
      payload = await verified(token, (await set.keys(nowMs)) ?? keys, config, made.now())
    if (typeof payload === 'string') return { is: 'bad', reason: `token: ${payload}` }
    const holder = holderIn(payload, config)
    if (holder.is === 'holder') remember(name, holder, payload.exp, nowMs)
    return holder
  }
  return (token) => {
    if (token.length > tokenCharsMax) return { is: 'bad', reason: 'token: too long' }
    const nowMs = made.now().getTime()
    const { hash: name } = made.hash(token)
    const before = known.get(name)
    if (before !== undefined && nowMs < before.untilMs) return before.holder
    return verify(token, name, nowMs)
  }
}

/** The claims, or why there are none to be believed. */
async function verified(
  token: string,
  keys: LocalJWKSet,
  config: JwtConfig,
  now: Date,
): Promise<JWTPayload | string> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [...config.algorithms],
      issuer: config.issuer,
      audience: config.audience,
      clockTolerance: config.clock_skew_seconds_max,
      currentDate: now,
      requiredClaims: ['exp', config.claims.account],
    })
    return payload
  } catch (cause) {
    if (cause instanceof errors.JWKSNoMatchingKey) return 'no-key'
    // A code of a closed list; messages may quote claims.
    return cause instanceof errors.JOSEError ? cause.code : 'unreadable'
  }
}

function holderIn(payload: JWTPayload, { claims, tier }: JwtConfig): TokenReading {
  const claim = (name: string | undefined): unknown =>
    name === undefined ? undefined : payload[name]
  const account = claim(claims.account)
  if (!isName(account) || account === 'anonymous')
    return { is: 'bad', reason: `token: ${claims.account} names no account` }
  const org = claim(claims.org)
  const said = claim(claims.tier)
  return {
    is: 'holder',
    account,
    org: isName(org) ? org : null,
    tier: typeof said === 'string' && isTier(said) ? said : tier,
  }
}
