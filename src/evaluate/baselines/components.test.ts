import { expect, test } from 'vitest'
import { components } from './components.ts'

test('accounts joined through others are one component', () => {
  const connected = components()
  connected.join(1, 2)
  connected.join(3, 4)
  connected.join(5, 5)
  expect([1, 2, 3, 5, 9].map(connected.sizeOf)).toEqual([2, 2, 2, 1, 1])
  connected.join(2, 3)
  connected.join(4, 1)
  expect([1, 2, 3, 4].map(connected.sizeOf)).toEqual([4, 4, 4, 4])
  expect([...connected.accounts()].sort((a, b) => a - b)).toEqual([1, 2, 3, 4])
})
