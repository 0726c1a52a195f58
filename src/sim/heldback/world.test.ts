import { expect, test } from 'vitest'
import { heldBackClasses, heldBackStyles } from '../config.ts'
import { simulate } from '../simulate.ts'
import { truthOf } from '../truth.ts'
import { wideWorld } from '../worlds.ts'
import { withHeldBack } from './world.ts'

test('what is held back is in a world only when it is asked for, and then all of it is', () => {
  const plain = wideWorld({ seed: 'held', accounts: 80, days: 4 })
  const config = withHeldBack(plain)
  const { accounts, campaigns } = truthOf(config)
  const seen = new Set<string>()
  let last = ''
  for (const { account, time } of simulate(config)) {
    expect(time >= last).toBe(true)
    last = time
    seen.add(accounts[account]?.cls ?? '')
  }
  expect(Object.keys(campaigns)).toEqual([...heldBackStyles])
  expect([...heldBackStyles, ...heldBackClasses].filter((cls) => !seen.has(cls))).toEqual([])
  expect(Object.values(truthOf(plain).accounts).some(({ cls }) => seen.has(cls) && held(cls))).toBe(
    false,
  )
})

function held(cls: string): boolean {
  return [...heldBackStyles, ...heldBackClasses].some((each) => each === cls)
}
