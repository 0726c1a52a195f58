import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { merge } from './merge.ts'

test('merging gives every item once, in time order, and opens a thread only when its time has come', () => {
  const stream = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 })
  fc.assert(
    fc.property(fc.array(stream, { maxLength: 12 }), (streams) => {
      let now = 0
      const threads = streams
        .map((times, thread) => ({ times: times.toSorted((a, b) => a - b), thread }))
        .map(({ times, thread }) => ({ start: times[0] ?? 0, times, thread }))
        .sort((a, b) => a.start - b.start)
        .map(({ start, times, thread }) => ({
          start,
          open: () => {
            expect(start).toBeGreaterThanOrEqual(now)
            return times.map((at) => ({ at, thread })).values()
          },
        }))
      const merged: number[] = []
      for (const { at } of merge(threads)) {
        now = at
        merged.push(at)
      }
      expect(merged).toEqual(streams.flat().sort((a, b) => a - b))
    }),
  )
})

test('equal times keep the order of their threads', () => {
  const thread = (name: string) => ({
    start: 5,
    open: () =>
      [
        { at: 5, name },
        { at: 6, name },
      ].values(),
  })
  const names = [...merge<{ at: number; name: string }>(['a', 'b', 'c'].map(thread))].map(
    ({ name }) => name,
  )
  expect(names.slice(0, 3)).toEqual(['a', 'b', 'c'])
})
