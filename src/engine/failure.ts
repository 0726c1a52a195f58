import { StillwatchError } from '../core/error.ts'

/**
 * Turns the engine's exception into an end a person can act on. The engine's text is cut where it
 * begins to quote: it may quote the query, which may carry a secret, or a line of the log.
 */
export function engineFailure(cause: unknown): StillwatchError {
  const text = cause instanceof Error ? cause.message : String(cause)
  const code = codeOf(cause, text)
  // ClickHouse src/Common/ErrorCodes.cpp: 241 MEMORY_LIMIT_EXCEEDED, 173 CANNOT_ALLOCATE_MEMORY.
  if (code === 241 || code === 173)
    return new StillwatchError('out-of-memory', 'The engine reached its memory limit.', {
      fix: 'Give it more with --memory, or audit fewer files at a time with --since-last.',
      cause,
    })
  // 243 NOT_ENOUGH_SPACE; errno 28 comes inside other codes.
  if (code === 243 || /No space left on device|errno: 28/.test(text))
    return new StillwatchError('disk-full', 'The disk with the data directory is full.', {
      fix: 'Free space, or put the data elsewhere with --data. What was committed is kept.',
      cause,
    })
  // 107 FILE_DOESNT_EXIST, 76 CANNOT_OPEN_FILE.
  if (code === 107 || code === 76)
    return new StillwatchError('source-not-found', 'The engine could not open a source.', {
      fix: 'Check the path and that this user may read it.',
      cause,
    })
  // 516 AUTHENTICATION_FAILED.
  if (code === 516)
    return new StillwatchError('engine-unavailable', 'The ClickHouse server does not let us in.', {
      fix: 'Check the user and the password in the address given with --engine.',
      cause,
    })
  if (/ECONNREFUSED|ENOTFOUND|ECONNRESET|EHOSTUNREACH|ETIMEDOUT/.test(text))
    return new StillwatchError('engine-unavailable', 'The ClickHouse server cannot be reached.', {
      fix: 'Check the address given with --engine, and that the server is up.',
      cause,
    })
  return new StillwatchError('engine-query', `The engine refused a query: ${firstLine(text)}`, {
    cause,
  })
}

/** chDB writes the code into the text; @clickhouse/client takes it out and puts it beside. */
function codeOf(cause: unknown, text: string): number {
  const beside = cause instanceof Error && 'code' in cause ? Number(cause.code) : Number.NaN
  return Number.isNaN(beside) ? Number(/Code: (\d+)/.exec(text)?.[1] ?? 0) : beside
}

function firstLine(text: string): string {
  // From "In scope" on the engine repeats the query with its parameters filled in.
  const line =
    (text.split('\n', 1)[0] ?? '').split(/:? (?:In scope|While (?:processing|executing))/, 1)[0] ??
    ''
  const name = /\(([A-Z_]{4,})\)/.exec(text)?.[1] ?? ''
  const [said = ''] = line.split(/['"`]/, 1)
  return `${said.trim().slice(0, 200)} ${name}`.trim()
}
