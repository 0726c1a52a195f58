import type { Exchange } from '../record/index.ts'

/** One line of a log in the native format, with its line end. */
export function nativeLine(exchange: Exchange): string {
  return `${JSON.stringify(exchange)}\n`
}
