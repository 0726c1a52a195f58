import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { expect, test } from 'vitest'
import { startProgress } from './progress.ts'

/** A stream that keeps what is written, a terminal of 40 columns or none. */
function screen(isTTY: boolean): { readonly stream: WriteStream; readonly written: string[] } {
  const written: string[] = []
  const stream = new Writable({
    write: (part: Buffer, _, done) => {
      written.push(part.toString())
      done()
    },
  })
  return {
    stream: Object.assign(stream, { isTTY, columns: 40 }) as unknown as WriteStream,
    written,
  }
}

/** Tells something every 10 ms of a made-up clock for `seconds`. */
function tellFor(seconds: number, stream: WriteStream, quiet = false): void {
  let time = 0
  const progress = startProgress(stream, { quiet, now: () => time })
  for (; time < seconds * 1000; time += 10) progress.tell('reading a file with a long name: 10 %')
  progress.end()
}

test('a terminal: nothing in the first second, then one line, at most four times a second', () => {
  const { stream, written } = screen(true)
  tellFor(1, stream)
  expect(written).toEqual([])
  tellFor(3, stream)
  expect(written.length).toBeLessThanOrEqual(2 * 4 + 1)
  expect(written[0]).toBe('\r\u001b[2Kreading a file with a long name: 10 % …')
  expect(written.at(-1)).toBe('\r\u001b[2K')
})

test('no terminal: plain lines, at most one every five seconds', () => {
  const { stream, written } = screen(false)
  tellFor(16, stream)
  expect(written).toEqual(
    [5, 10, 15].map((s) => `reading a file with a long name: 10 % (${s} s)\n`),
  )
})

test('quiet: nothing at all', () => {
  const { stream, written } = screen(true)
  tellFor(30, stream, true)
  expect(written).toEqual([])
})

test('a file name cannot move the cursor', () => {
  const { stream, written } = screen(false)
  let time = 0
  const progress = startProgress(stream, { quiet: false, now: () => time })
  time = 6000
  progress.tell('reading \u001b[2J.jsonl')
  expect(written.join('')).not.toContain('\u001b')
})
