import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyFiling, nameOf } from './filing.ts'

type Flag = { readonly account: number; readonly group: number | null }
const flags = fc.uniqueArray(
  fc.record({ account: fc.nat(60), group: fc.option(fc.nat(6), { nil: null }) }),
  { selector: ({ account }) => account, minLength: 2, maxLength: 40 },
)

function filed(all: readonly Flag[]) {
  const filing = emptyFiling()
  for (const { account, group } of all) filing.file(account, group)
  return filing
}

test('the first flagged account of a group names its campaign, and one that parted says from where', () => {
  const filing = filed([
    { account: 7, group: 3 },
    { account: 2, group: null },
    { account: 9, group: 3 },
  ])
  const name = (...accounts: readonly number[]) => nameOf(accounts.map(filing.filed))
  expect([name(7, 9), name(2), name(9), name(9, 2)]).toEqual(['C1', 'C2', 'C1.2', 'C2'])
  expect(name(55)).toBeNull()
})

test('no two campaigns have one name, however the flagged accounts are sorted', () => {
  fc.assert(
    fc.property(flags, fc.array(fc.nat(4), { minLength: 40, maxLength: 40 }), (all, parts) => {
      const filing = filed(all)
      const campaigns = new Map<number, number[]>()
      all.forEach(({ account }, at) => {
        const part = parts[at] ?? 0
        campaigns.set(part, [...(campaigns.get(part) ?? []), account])
      })
      const names = [...campaigns.values()].map((members) => nameOf(members.map(filing.filed)))
      expect(new Set(names).size).toBe(names.length)
    }),
  )
})

test('a campaign keeps its name whatever is flagged and joins it later', () => {
  fc.assert(
    fc.property(flags, fc.nat(38), (all, at) => {
      const cut = 1 + (at % (all.length - 1))
      const [early, late] = [filed(all.slice(0, cut)), filed(all)]
      const members = all.slice(0, cut).map(({ account }) => account)
      const grown = all.map(({ account }) => account)
      expect(nameOf(grown.map(late.filed))).toBe(nameOf(members.map(early.filed)))
    }),
  )
})

test('an account is filed once', () => {
  const filing = filed([{ account: 1, group: 4 }])
  const before = filing.filed(1)
  filing.file(1, 9)
  expect(filing.filed(1)).toEqual(before)
})
