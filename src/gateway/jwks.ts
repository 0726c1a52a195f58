import { readFileSync } from 'node:fs'
import { createLocalJWKSet, type JSONWebKeySet, type LocalJWKSet } from 'jose'

/** The keys by which an issuer signs, as of now. */
export type KeySet = {
  /** Null while there are none: they were never to be had, or not for too long. */
  readonly keys: (nowMs: number) => Promise<LocalJWKSet | null>
  /** Asks for newer ones, if it is time to; true where there are. */
  readonly refresh: (nowMs: number) => Promise<boolean>
}

/** How old keys may be before newer ones are asked for, at an address and in a file. */
const freshMs = { address: 600_000, file: 1_000 }
/** Between two tries that went well, and after one that did not: a token can name any key, and anybody can send one. */
const cooldownMs = { address: 30_000, file: 1_000 }
const retryMs = 5_000
/** For so long they serve while the issuer cannot be reached; a key that it withdrew meanwhile is believed. */
const staleMsMax = 86_400_000
const fetchMsMax = 5_000
const bytesMax = 1024 * 1024

/** Keys from an address, or from a file. Errors are told by `failed`, once a try. */
export function keySet(from: string, failed: (cause: unknown) => void): KeySet {
  const source = /^https?:/.test(from) ? 'address' : 'file'
  let set: LocalJWKSet | null = null
  let gotMs = -Infinity
  let nextMs = -Infinity
  let running: Promise<boolean> | null = null
  const load = async (nowMs: number): Promise<boolean> => {
    try {
      const text = source === 'address' ? await fetched(from) : readFileSync(from, 'utf8')
      set = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet)
      gotMs = nowMs
      nextMs = nowMs + cooldownMs[source]
      return true
    } catch (cause) {
      nextMs = nowMs + retryMs
      failed(cause)
      return false
    }
  }
  const refresh = (nowMs: number): Promise<boolean> => {
    if (running !== null) return running
    if (nowMs < nextMs) return Promise.resolve(false)
    running = load(nowMs).finally(() => (running = null))
    return running
  }
  return {
    refresh,
    keys: async (nowMs) => {
      const age = nowMs - gotMs
      if (age < freshMs[source]) return set
      // Those there are serve meanwhile; where there are none, this waits.
      const coming = refresh(nowMs)
      if (set === null || age > staleMsMax) return (await coming) ? set : null
      return set
    },
  }
}

/** A redirect would lead where the settings do not. */
async function fetched(url: string): Promise<string> {
  const answer = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(fetchMsMax),
    headers: { accept: 'application/jwk-set+json, application/json' },
  })
  if (answer.status !== 200 || answer.body === null) throw new Error(`status ${answer.status}`)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > bytesMax) throw new Error('more than 1 MiB of keys')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
