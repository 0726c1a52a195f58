/** Every way a run can end early. `docs/errors.md` lists each with its cause and fix; a test compares. */
export type ErrorCode =
  | 'usage'
  | 'source-not-found'
  | 'source-is-empty'
  | 'source-unreadable'
  | 'format-unknown'
  | 'too-many-rejected'
  | 'identity-file'
  | 'vouch-file'
  | 'review-file'
  | 'ruling-file'
  | 'data-directory-locked'
  | 'data-directory-newer'
  | 'data-directory-unusable'
  | 'secret-unusable'
  | 'disk-full'
  | 'out-of-memory'
  | 'engine-unavailable'
  | 'engine-query'
  | 'not-in-report'
  | 'truth-unusable'
  | 'config-unusable'
  | 'address-unusable'
  | 'spool-full'
  | 'keys-unusable'
  | 'key-unknown'

/** An end that a person can act on: what happened, and what to do about it, in plain English. */
export class StillwatchError extends Error {
  readonly code: ErrorCode
  /** What the reader can do now; empty where there is nothing. */
  readonly fix: string

  constructor(code: ErrorCode, message: string, options: { fix?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'StillwatchError'
    this.code = code
    this.fix = options.fix ?? ''
  }
}

/** Makes a switch over a union exhaustive: a new member does not compile until it is handled. */
export function never(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`)
}
