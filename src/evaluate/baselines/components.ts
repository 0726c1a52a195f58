/** Connected components of accounts (union–find with path halving, by size). */
export type Components = {
  readonly join: (one: number, other: number) => void
  /** How many accounts its component holds; 1 for an account that was never joined. */
  readonly sizeOf: (account: number) => number
  /** Accounts that were joined to another. */
  readonly accounts: () => Iterable<number>
}

export function components(): Components {
  const parents = new Map<number, number>()
  const sizes = new Map<number, number>()
  const rootOf = (account: number): number => {
    let at = account
    for (;;) {
      const parent = parents.get(at) ?? at
      if (parent === at) return at
      const above = parents.get(parent) ?? parent
      parents.set(at, above)
      at = above
    }
  }
  const sizeOf = (account: number): number => sizes.get(rootOf(account)) ?? 1
  return {
    sizeOf,
    accounts: () => parents.keys(),
    join: (one, other) => {
      let [small, large] = [rootOf(one), rootOf(other)]
      if (small === large) return
      if (sizeOf(small) > sizeOf(large)) [small, large] = [large, small]
      sizes.set(large, sizeOf(small) + sizeOf(large))
      parents.set(small, large)
      if (!parents.has(large)) parents.set(large, large)
    },
  }
}
