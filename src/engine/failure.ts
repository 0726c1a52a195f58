import { StillwatchError } from '../core/error.ts'

/**
 * Turns the engine's exception into an end a person can act on. The engine's text is cut at its
 * first line and stripped of quoted literals: it may quote the query, and a query may carry a secret.
 */
export function engineFailure(cause: unknown): StillwatchError {
  const text = cause instanceof Error ? cause.message : String(cause)
  const code = Number(/Code: (\d+)/.exec(text)?.[1] ?? 0)
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
  return new StillwatchError('engine-query', `The engine refused a query: ${firstLine(text)}`, {
    cause,
  })
}

function firstLine(text: string): string {
  // From "In scope" on the engine repeats the query with its parameters filled in.
  const line =
    (text.split('\n', 1)[0] ?? '').split(/:? (?:In scope|While (?:processing|executing))/, 1)[0] ??
    ''
  return line.replace(/'[^']*'/g, "'…'").slice(0, 300)
}
