import { assert, double, property } from 'fast-check'
import { expect, test } from 'vitest'
import { barOf } from './calibration.ts'

test('at one honest account in 10,000: four alone, three together, five for volume, and chance one time in 300', () => {
  expect(barOf(1 / 10_000)).toEqual({
    alone: 4,
    together: 3,
    volume: 5,
    chanceMax: -2.5,
    watch: 1.5,
  })
})

const shares = double({ min: 1e-12, max: 0.1, noNaN: true })

test('whoever may accuse fewer honest accounts asks for more of everything that accuses', () => {
  assert(
    property(shares, shares, (a, b) => {
      const strict = barOf(Math.min(a, b))
      const lenient = barOf(Math.max(a, b))
      expect(strict.alone).toBeGreaterThanOrEqual(lenient.alone)
      expect(strict.together).toBeGreaterThanOrEqual(lenient.together)
      expect(strict.chanceMax).toBeLessThanOrEqual(lenient.chanceMax)
    }),
  )
})

test('an account judged alone must reach one over the share, and nobody is flagged before being watched', () => {
  assert(
    property(shares, (share) => {
      const bar = barOf(share)
      expect(10 ** -bar.alone).toBeCloseTo(share, 12)
      expect(bar.watch).toBeLessThanOrEqual(bar.together)
      expect(bar.together).toBeLessThanOrEqual(bar.alone)
    }),
  )
})
