import type { Activity } from './population.ts'

/** What is known of each account by itself; accounts are dense indices in order of first appearance. */
export type AccountTable = {
  readonly size: () => number
  readonly exchanges: () => number
  /** The index of a fingerprint, made on first sight; `step` is when that is. */
  readonly indexOf: (hash: number, step: number) => number
  readonly hash: (account: number) => number
  readonly fact: (name: string, account: number) => number
  readonly add: (name: string, account: number, value: number) => void
  readonly record: (account: number) => AccountRecord
  /** Adds one step's activity; `day` counts from the beginning of the log. */
  readonly act: (account: number, activity: Activity, day: number) => void
}

export type AccountRecord = {
  readonly hash: number
  readonly firstStep: number
  lastDay: number
  createdDay: number
  org: number
  hours: number
}

const nobody: AccountRecord = {
  hash: 0,
  firstStep: 0,
  lastDay: -1,
  createdDay: 0,
  org: 0,
  hours: 0,
}

export function accountTable(): AccountTable {
  const index = new Map<number, number>()
  const records: AccountRecord[] = []
  const facts = new Map<string, number[]>()
  let exchanges = 0
  const add = (name: string, account: number, value: number): void => {
    let column = facts.get(name)
    if (column === undefined) facts.set(name, (column = []))
    while (column.length <= account) column.push(0)
    column[account] = (column[account] ?? 0) + value
  }
  return {
    size: () => records.length,
    exchanges: () => exchanges,
    indexOf: (hash, step) => {
      const known = index.get(hash)
      if (known !== undefined) return known
      index.set(hash, records.length)
      return records.push({ ...nobody, hash, firstStep: step }) - 1
    },
    hash: (account) => records[account]?.hash ?? 0,
    fact: (name, account) => facts.get(name)?.[account] ?? 0,
    add,
    record: (account) => records[account] ?? nobody,
    act: (account, activity, day) => {
      const record = records[account]
      if (record === undefined) return
      add('exchanges', account, activity.exchanges)
      if (record.lastDay !== day) add('activeDays', account, 1)
      record.lastDay = day
      if (record.createdDay === 0) record.createdDay = activity.createdDay
      if (record.org === 0) record.org = activity.org
      record.hours |= activity.hours
      exchanges += activity.exchanges
    },
  }
}
