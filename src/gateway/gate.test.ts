import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { gate, type Place } from './gate.ts'

test('never more inside than may be, and nobody waits while there is room, whoever leaves when', () => {
  const moves = fc.array(fc.oneof(fc.constant('enter' as const), fc.nat({ max: 30 })))
  fc.assert(
    fc.property(
      moves,
      fc.integer({ min: 1, max: 4 }),
      fc.nat({ max: 4 }),
      (steps, runningMax, waitingMax) => {
        const door = gate()
        const places: (Place | null)[] = []
        let started = 0
        for (const step of steps) {
          if (step === 'enter')
            places.push(door.enter({ runningMax, waitingMax }, () => (started += 1)))
          // Some leave twice, some never come in.
          else places[step]?.leave()
          const { running, waiting } = door.state()
          expect(running).toBeLessThanOrEqual(runningMax)
          expect(waiting).toBeLessThanOrEqual(waitingMax)
          expect(waiting === 0 || running === runningMax).toBe(true)
        }
        for (const place of places) place?.leave()
        expect(door.state()).toEqual({ running: 0, waiting: 0 })
        expect(started).toBeLessThanOrEqual(places.filter((place) => place !== null).length)
      },
    ),
  )
})

test('those who wait are let in in their order', () => {
  const door = gate()
  const order: number[] = []
  const places = [0, 1, 2, 3].map((at) =>
    door.enter({ runningMax: 1, waitingMax: 9 }, () => order.push(at)),
  )
  places[2]?.leave()
  for (const place of places) place?.leave()
  expect(order).toEqual([0, 1, 3])
})
