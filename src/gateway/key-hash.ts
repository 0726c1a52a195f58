import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** A key by its hash. */
export type KeyHash = {
  /** As records and logs name it. */
  readonly id: string
  /** 256 bits in hexadecimal. */
  readonly hash: string
}

export type HashKey = (key: string) => KeyHash

/** Hashes are shown in records and logs; 96 bits keep them apart and short. */
const idHexChars = 24
/** Keys whose hashes are remembered: an HMAC takes longer than all else that names a caller. */
const keysMax = 10_000
/** A longer one is hashed each time, so that what is remembered is bounded in bytes, too. */
const keyCharsMax = 512

/**
 * Hashes keys with HMAC-SHA-256 under a key derived from the deployment's secret (HKDF, RFC 5869). A slow
 * hash would add nothing: it makes up for passwords that can be guessed, and nobody guesses 256 random bits.
 */
export function keyHasher(secret: Uint8Array): HashKey {
  const hashKey = Buffer.from(
    hkdfSync('sha256', secret, new Uint8Array(0), 'stillwatch gateway key v1', 32),
  )
  const known = new Map<string, KeyHash>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const hash = createHmac('sha256', hashKey).update(key).digest('hex')
    const made = { id: `key_${hash.slice(0, idHexChars)}`, hash }
    if (key.length > keyCharsMax) return made
    // Whoever sends new keys all the time makes it forget, and no more.
    if (known.size >= keysMax) known.clear()
    known.set(key, made)
    return made
  }
}

const noHash = '0'.repeat(64)

/** Compares hashes in a time that tells nothing; without one to compare with it takes as long, and is false. */
export function sameHash(given: string, stored: string | undefined): boolean {
  const against = Buffer.from(stored ?? noHash, 'hex')
  return timingSafeEqual(Buffer.from(given, 'hex'), against) && stored !== undefined
}
