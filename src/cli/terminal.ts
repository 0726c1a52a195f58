import type { WriteStream } from 'node:tty'

const widthWithoutTerminal = 100

/** Whether to write colours to `stream`: the flag, then NO_COLOR, then FORCE_COLOR, then the terminal. */
export function wantsColor(stream: WriteStream, noColor: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  if (noColor || (NO_COLOR !== undefined && NO_COLOR !== '')) return false
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  // `isTTY` is absent, not false, on a pipe; and absent would leave the choice to the colour library.
  return stream.isTTY ? TERM !== 'dumb' : false
}

/** Columns to fill: the terminal's, or as many as a page of text has. */
export function widthOf(stream: WriteStream): number {
  return stream.isTTY ? stream.columns : widthWithoutTerminal
}
