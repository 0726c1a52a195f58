import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundaryWatch, eventReader, type ServerEvent } from './events.ts'

function read(...chunks: readonly Buffer[]): readonly ServerEvent[] {
  const events: ServerEvent[] = []
  const reader = eventReader((event) => events.push(event))
  for (const chunk of chunks) reader.push(chunk)
  reader.end()
  return events
}

test('reads what the standard’s examples say', () => {
  const stream =
    '\u{feff}: a comment\n\ndata: YHOO\ndata: +2\r\ndata:10\n\nevent: add\rdata: 73857293\r\rdata\n\nid: 1\nevent: none\n\ndata: last'
  expect(read(Buffer.from(stream))).toEqual([
    { event: '', data: 'YHOO\n+2\n10' },
    { event: 'add', data: '73857293' },
    { event: '', data: '' },
    { event: '', data: 'last' },
  ])
})

const piece = fc.oneof(
  fc.constantFrom(
    'data: ',
    'event: x',
    '\n',
    '\r\n',
    '\r',
    '\n\n',
    ':',
    '潮🌊',
    '{"a":1}',
    '\u{feff}',
  ),
  fc.string({ maxLength: 5 }),
)
// Long enough for several batches at times.
const streams = fc
  .tuple(fc.array(piece, { maxLength: 40 }), fc.constantFrom(1, 1, 1, 2000))
  .map(([pieces, times]) => Buffer.from(pieces.join('').repeat(times)))

test('any cutting of a stream gives the same events', () => {
  fc.assert(
    fc.property(streams, fc.array(fc.nat({ max: 200_000 })), (stream, cuts) => {
      const at = [0, ...cuts.filter((cut) => cut < stream.length), stream.length]
      const places = at.sort((a, b) => a - b)
      const chunks = places.slice(1).map((end, index) => stream.subarray(places[index], end))
      expect(read(...chunks)).toEqual(read(stream))
    }),
  )
})

test('an endless line is given up, and takes no memory', () => {
  const chunk = Buffer.alloc(1024 * 1024, 'x')
  const chunks = Array.from({ length: 64 }, () => chunk)
  expect(read(Buffer.from('data: 1\n\n'), ...chunks, Buffer.from('\n\ndata: 2\n\n'))).toEqual([
    { event: '', data: '1' },
  ])
})

test('between two events is where the last line is empty, however the bytes come', () => {
  fc.assert(
    fc.property(streams, fc.nat({ max: 9 }), (stream, size) => {
      const watch = boundaryWatch()
      for (let at = 0; at < stream.length; at += size + 1)
        watch.push(stream.subarray(at, at + size + 1))
      const text = stream.toString('latin1')
      expect(watch.between()).toBe(text === '' || /(\n\n|\r\n\r\n|\r\r)$/.test(text))
    }),
  )
})
