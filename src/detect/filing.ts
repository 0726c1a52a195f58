/**
 * Where a flagged account stands in the order of accusations: the how-manieth it was of all, and of those
 * that were first flagged with the same group (a case; an account flagged alone opens its own).
 */
export type Filed = { readonly rank: number; readonly case: number; readonly place: number }

/** What an account was judged with, under a word of its own: the group it was in, or itself where it was alone. */
export function caseOf({
  account,
  group,
}: {
  readonly account: number
  readonly group: number | null
}): string {
  return group === null ? `account ${account}` : `group ${group}`
}

/** Files accounts as they are flagged. What was filed stays so, whatever comes after it. */
export type Filing = {
  /** Files an account once; `group` is the one it was flagged with, null if alone. */
  readonly file: (account: number, group: number | null) => void
  readonly filed: (account: number) => Filed | undefined
}

export function emptyFiling(): Filing {
  const filed = new Map<number, Filed>()
  const cases = new Map<string, { readonly number: number; size: number }>()
  return {
    filed: (account) => filed.get(account),
    file: (account, group) => {
      if (filed.has(account)) return
      const key = caseOf({ account, group })
      let known = cases.get(key)
      if (known === undefined) cases.set(key, (known = { number: cases.size + 1, size: 0 }))
      known.size += 1
      filed.set(account, { rank: filed.size + 1, case: known.number, place: known.size })
    },
  }
}

/**
 * The name of a campaign, after the first of its accounts that was flagged: `C3` where that one opened the
 * third case, `C3.5` where it was the fifth of it and the campaign has since parted from C3. Campaigns are
 * sorted anew in each audit; accusations are only ever added, so a name stays with its first account.
 * Null where no account was flagged by evidence.
 */
export function nameOf(members: readonly (Filed | undefined)[]): string | null {
  const first = members.reduce(
    (least, each) => (each && (!least || each.rank < least.rank) ? each : least),
    undefined,
  )
  if (first === undefined) return null
  return first.place === 1 ? `C${first.case}` : `C${first.case}.${first.place}`
}
