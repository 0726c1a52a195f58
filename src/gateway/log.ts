import type { LogLevel } from './config.ts'

/** What a line of the log tells beside its sentence: names, counts and codes; never keys or text. */
export type LogFields = Readonly<Record<string, string | number | boolean>>

export type Log = (level: LogLevel, message: string, fields?: LogFields) => void

const order: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 }
/** An upstream that is down would otherwise write a line for each request. */
const linesPerSecondMax = 100

/** A log of JSON lines; for a person at a terminal, of sentences. */
export function makeLog(made: {
  readonly write: (line: string) => void
  readonly level: () => LogLevel
  readonly now: () => Date
  readonly plain: boolean
}): Log {
  let second = 0
  let lines = 0
  let suppressed = 0
  return (level, message, fields = {}) => {
    if (order[level] > order[made.level()]) return
    const time = made.now()
    const now = Math.floor(time.getTime() / 1000)
    if (now !== second) [second, lines] = [now, 0]
    if (lines >= linesPerSecondMax) {
      suppressed += 1
      return
    }
    lines += 1
    const more = suppressed === 0 ? fields : { ...fields, suppressed }
    suppressed = 0
    const line = JSON.stringify({ time: time.toISOString(), level, message, ...more })
    made.write(made.plain ? `${clean(message)}${plain(more)}\n` : `${line}\n`)
  }
}

function plain(fields: LogFields): string {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${clean(String(value))}`)
  return pairs.length === 0 ? '' : ` (${pairs.join(' ')})`
}

/** What came from outside must not move the cursor. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')
}
