import type { CaseRecord, Ruling, Standing } from '../record/index.ts'
import { type Action, actions, verdictRank } from './policy.ts'

/**
 * Actions whose case has expired on the evidence there still is: they are not taken again until the evidence
 * grows or a reviewer upholds it. So nothing runs on for ever that no person has looked at.
 */
export function spent(
  cases: readonly CaseRecord[],
  standing: Standing,
  ruling: Ruling | null,
  nowMs: number,
): ReadonlySet<Action> {
  const over = cases.filter((each) => isSpent(each, standing, ruling, nowMs))
  return new Set(actions.filter((action) => over.some((each) => each.action === action)))
}

/** Whether a case has expired, and nothing has come since that would open another. */
export function isSpent(
  { expires, ...then }: CaseRecord,
  standing: Standing,
  ruling: Ruling | null,
  nowMs: number,
): boolean {
  if (Date.parse(expires) > nowMs || ruling?.decision === 'uphold') return false
  const since = then.since === null ? 0 : Date.parse(then.since) / 1000
  return (
    verdictRank(standing.verdict) <= verdictRank(then.verdict) &&
    standing.bucket <= then.bucket &&
    standing.families <= then.families &&
    (standing.since ?? 0) <= since
  )
}

/** The last ruling about an account that has begun and not ended. */
export function rulingInForce(rulings: readonly Ruling[], nowMs: number): Ruling | null {
  const inForce = rulings.filter(
    ({ at, until }) => Date.parse(at) <= nowMs && nowMs < Date.parse(until),
  )
  return inForce.at(-1) ?? null
}
