import { type AccountState, familiesAgreeing } from '../detect/index.ts'
import type { Standing } from '../record/index.ts'

/**
 * Standings of the accounts that are watched or flagged, by fingerprint; who is not in it is clear. Never changed
 * once made: a new one takes its place.
 */
export type Snapshot = ReadonlyMap<number, Standing>

/** An account whose standing is another than before; `now` is null where it is clear again. */
export type Change = { readonly account: number; readonly now: Standing | null }

export const emptySnapshot: Snapshot = new Map()

/** The standings of these accounts, and who changed; the snapshot before where nobody did. */
export function takeSnapshot(
  states: readonly AccountState[],
  hash: (account: number) => number,
  ends: (step: number) => number,
  before: Snapshot,
): { readonly snapshot: Snapshot; readonly changes: readonly Change[] } {
  const snapshot = new Map<number, Standing>()
  const changes: Change[] = []
  for (const state of states) {
    if (state.verdict === 'clear') continue
    const account = hash(state.account)
    const now = standingOf(state, ends)
    const known = before.get(account)
    const same = known !== undefined && isSame(known, now)
    snapshot.set(account, same ? known : now)
    if (!same) changes.push({ account, now })
  }
  for (const account of before.keys())
    if (!snapshot.has(account)) changes.push({ account, now: null })
  return changes.length === 0 ? { snapshot: before, changes } : { snapshot, changes }
}

function standingOf(state: AccountState, ends: (step: number) => number): Standing {
  return Object.freeze({
    verdict: state.verdict,
    bucket: Math.max(0, Math.floor(state.score)),
    kind: state.kind,
    case: state.filed === undefined ? null : `C${state.filed.case}`,
    families: familiesAgreeing(state.reasons),
    since: state.step === null ? null : ends(state.step),
  })
}

function isSame(a: Standing, b: Standing): boolean {
  return (
    a.verdict === b.verdict &&
    a.bucket === b.bucket &&
    a.kind === b.kind &&
    a.case === b.case &&
    a.families === b.families &&
    a.since === b.since
  )
}
