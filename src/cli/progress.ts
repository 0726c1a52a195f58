import type { WriteStream } from 'node:tty'
import { cut, visible } from '../report/text.ts'

/** Says where a long run stands. */
export type Progress = {
  /** The newest state; shown when it is time to. */
  readonly tell: (line: string) => void
  /** Takes the line away, so that what follows stands alone. */
  readonly end: () => void
}

const silent: Progress = { tell: () => undefined, end: () => undefined }

/** Runs shorter than this show nothing. */
const quietMs = 1_000
const rewriteMs = 250
const plainMs = 5_000

/**
 * Progress on `stream`: on a terminal one line rewritten at most four times a second, elsewhere (a
 * file, CI) a plain line at most every five seconds. `now` is in milliseconds.
 */
export function startProgress(
  stream: WriteStream,
  options: { readonly quiet: boolean; readonly now?: () => number },
): Progress {
  if (options.quiet) return silent
  const now = options.now ?? (() => performance.now())
  const rewrites = stream.isTTY && process.env['TERM'] !== 'dumb'
  const pause = rewrites ? rewriteMs : plainMs
  const started = now()
  let due = started + (rewrites ? quietMs : plainMs)
  let shown = false
  return {
    tell: (line) => {
      const time = now()
      if (time < due) return
      due = time + pause
      const seconds = Math.round((time - started) / 1000)
      const text = `${visible(line)} (${seconds} s)`
      stream.write(rewrites ? `\r\u001b[2K${cut(text, stream.columns - 1)}` : `${text}\n`)
      shown = rewrites
    },
    end: () => {
      if (shown) stream.write('\r\u001b[2K')
      shown = false
    },
  }
}
