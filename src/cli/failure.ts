import { StillwatchError } from '../core/error.ts'
import { exitCodes } from './exit.ts'

/** The end of a run that failed, as lines for standard error and an exit code. */
export type Failure = { readonly text: string; readonly exitCode: number }

/** Says what happened and what to do, never with a stack unless STILLWATCH_DEBUG=1 asks for it. */
export function describeFailure(cause: unknown, debug: boolean): Failure {
  const trace = debug ? `${stacks(cause)}\n` : ''
  if (cause instanceof StillwatchError)
    return {
      text: `${oneLine(`error: ${cause.message}`)}${cause.fix === '' ? '' : oneLine(`fix: ${cause.fix}`)}${trace}`,
      exitCode: cause.code === 'usage' ? exitCodes.usage : exitCodes.failed,
    }
  const message = cause instanceof Error ? cause.message : String(cause)
  return {
    text:
      oneLine(`error: Stillwatch met a bug of its own: ${message.split('\n', 1)[0] ?? ''}`) +
      'fix: Run again with STILLWATCH_DEBUG=1 and report what it prints (CONTRIBUTING.md says how); it may hold file names, never log text.\n' +
      trace,
    exitCode: exitCodes.failed,
  }
}

/** Messages quote file names, and a file name may hold anything: it must not move the cursor. */
function oneLine(text: string): string {
  return `${text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')}\n`
}

function stacks(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const own = cause.stack ?? cause.message
  return cause.cause === undefined ? own : `${own}\ncaused by: ${stacks(cause.cause)}`
}
