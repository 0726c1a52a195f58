import { randomBytes } from 'node:crypto'
import { createChallenge, type Payload, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'

/** Who has shown lately that it is worth an answer. */
export type Passes = {
  readonly grant: (who: string, untilMs: number) => void
  readonly has: (who: string, nowMs: number) => boolean
}

const passesMax = 100_000

/** Where there is no room the oldest pass goes; its holder is asked again. */
export function passes(): Passes {
  const until = new Map<string, number>()
  return {
    grant: (who, untilMs) => {
      until.delete(who)
      until.set(who, untilMs)
      const [oldest] = until.keys()
      if (until.size > passesMax && oldest !== undefined) until.delete(oldest)
    },
    has: (who, nowMs) => (until.get(who) ?? 0) > nowMs,
  }
}

/** Work that costs a caller and proves nothing else: who it is, and whether it is right, stays open. */
export type Puzzles = {
  readonly make: (who: string, nowMs: number) => Promise<object>
  /** Whether this is the answer to a puzzle made for `who`, given for the first time. */
  readonly solved: (who: string, answer: string) => Promise<boolean>
}

const algorithm = 'PBKDF2/SHA-256'
/** One derived key in 256 begins so. */
const keyPrefix = '00'
const puzzleMs = 10 * 60 * 1000
const usedMax = 100_000

/** Puzzles of this process, for its requests alone; they are signed, so none needs to be remembered. */
export function puzzles(iterations: () => number): Puzzles {
  const hmacSignatureSecret = randomBytes(32).toString('hex')
  const used = new Set<string>()
  return {
    make: (who, nowMs) =>
      createChallenge({
        algorithm,
        cost: iterations(),
        keyPrefix,
        deriveKey,
        hmacSignatureSecret,
        expiresAt: new Date(nowMs + puzzleMs),
        data: { who },
      }),
    solved: async (who, answer) => {
      const payload = payloadOf(answer)
      const signature = payload?.challenge.signature
      if (!payload || signature === undefined || used.has(signature)) return false
      if (payload.challenge.parameters.data?.['who'] !== who) return false
      const { verified, invalidSignature } = await verifySolution({
        challenge: payload.challenge,
        solution: payload.solution,
        deriveKey,
        hmacSignatureSecret,
      }).catch(() => unsigned)
      // One answer a puzzle, right or wrong: to guess costs as much as to work.
      if (invalidSignature !== false || used.has(signature)) return false
      used.add(signature)
      const [oldest] = used
      if (used.size > usedMax && oldest !== undefined) used.delete(oldest)
      return verified
    },
  }
}

const unsigned = { verified: false, invalidSignature: true }

/** What the ALTCHA widget posts: JSON in base64. */
function payloadOf(answer: string): Payload | null {
  try {
    const value = JSON.parse(Buffer.from(answer, 'base64').toString('utf8')) as Partial<Payload>
    const whole =
      typeof value.challenge?.parameters === 'object' && typeof value.solution === 'object'
    return whole ? (value as Payload) : null
  } catch {
    return null
  }
}
