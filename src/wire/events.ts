/** One event of an event stream (WHATWG HTML, section 9.2). */
export type ServerEvent = { readonly event: string; readonly data: string }

export type EventReader = {
  readonly push: (chunk: Buffer) => void
  /** Reads what is left; an event without its blank line counts. */
  readonly end: () => void
}

/** So much is put together before it is read: one decoding for hundreds of events costs less than one each. */
const batchBytes = 64 * 1024
/** A line longer than this is no event of a model's; reading stops there, passing on does not. */
const lineBytesMax = 4 * 1024 * 1024

/** Reads events from chunks that may be cut anywhere, also inside a character. */
export function eventReader(hear: (event: ServerEvent) => void): EventReader {
  let pending: Buffer[] = []
  let pendingBytes = 0
  let begun = false
  let broken = false
  let event = ''
  let data: string | null = null

  const line = (text: string): void => {
    if (text === '') {
      if (data !== null) hear({ event, data })
      event = ''
      data = null
      return
    }
    const colon = text.indexOf(':')
    const name = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'data') data = data === null ? value : `${data}\n${value}`
    else if (name === 'event') event = value
  }

  const read = (whole: boolean): void => {
    const all = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending)
    // Cut behind a line feed: there no character and no pair of CR and LF is in two parts.
    const cut = whole ? all.length : all.lastIndexOf(10) + 1
    const rest = all.subarray(cut)
    pending = rest.length === 0 ? [] : [rest]
    pendingBytes = rest.length
    if (pendingBytes > lineBytesMax) broken = true
    if (cut === 0) return
    let text = all.toString('utf8', 0, cut)
    if (!begun && text.startsWith('\u{feff}')) text = text.slice(1)
    begun = true
    const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n')
    const last = lines.pop() ?? ''
    for (const each of lines) line(each)
    if (last !== '') line(last)
  }

  return {
    push: (chunk) => {
      if (broken) return
      pending.push(chunk)
      pendingBytes += chunk.length
      if (pendingBytes >= batchBytes) read(false)
    },
    end: () => {
      if (broken) return
      read(true)
      line('')
      broken = true
    },
  }
}

/**
 * Follows only whether the bytes so far end between two events, which is where another event may be
 * added. Keeps four bytes.
 */
export function boundaryWatch(): {
  readonly push: (chunk: Buffer) => void
  readonly between: () => boolean
} {
  let tail: Buffer = Buffer.alloc(0)
  let any = false
  return {
    push: (chunk) => {
      if (chunk.length === 0) return
      any = true
      tail = chunk.length >= 4 ? chunk.subarray(-4) : Buffer.concat([tail, chunk]).subarray(-4)
    },
    between: () => {
      const text = tail.toString('latin1')
      return !any || text.endsWith('\n\n') || text.endsWith('\r\n\r\n') || text.endsWith('\r\r')
    },
  }
}
