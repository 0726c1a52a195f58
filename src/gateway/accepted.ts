import type { Caller } from './identity.ts'

/** Which callers are accounts: those whose key somebody vouched for. */
export type Accepted = {
  /** Whether an exchange that ended with this status is an account's. */
  readonly isAccount: (caller: Caller, status: number) => boolean
}

const namesMax = 100_000

/**
 * A key that the gateway does not know is an account once the upstream has answered it with less than
 * 400. Before that it may be made up: recorded, such keys would be accounts by the thousand, which honest
 * ones would be compared with. It forgets the longest accepted first, which costs at most the record of a
 * refused request.
 */
export function accepted(): Accepted {
  const names = new Set<string>()
  return {
    isAccount: ({ vouched, who: { account } }, status) => {
      if (vouched || names.has(account)) return true
      if (status === 0 || status >= 400) return false
      const [oldest] = names.size >= namesMax ? names : []
      if (oldest !== undefined) names.delete(oldest)
      names.add(account)
      return true
    },
  }
}
