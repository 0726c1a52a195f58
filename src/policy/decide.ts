import { fits } from '../access/key-record.ts'
import type { Tier } from '../access/tier.ts'
import type { Ruling, Standing } from '../record/index.ts'
import {
  type Action,
  actions,
  floors,
  gravity,
  needsReview,
  type Policy,
  type Rule,
  verdictRank,
} from './policy.ts'

/** A request, as far as the policy looks at it. */
export type Subject = {
  /** How its account stands; null for one that is clear. */
  readonly standing: Standing | null
  readonly tier: Tier
  /** Whether the account stands for many callers, as those without a key do together. */
  readonly shared: boolean
  /** Its path as the gateway names it, or `other`. */
  readonly route: string
  /** null where the request names none; `unreadable` where it may name one that cannot be read. */
  readonly model: { readonly name: string } | 'unreadable' | null
  readonly jurisdiction: string | null
  /** The last decision of a reviewer about the account that has not ended. */
  readonly ruling: Ruling | null
  /** Actions whose time is over on the evidence there is; see `spent`. */
  readonly spent: ReadonlySet<Action>
  /** Whether the account has answered a challenge lately. */
  readonly passed: boolean
  /** What whoever asks can carry out, where that is less than everything: another gateway may not rewrite bodies. */
  readonly able?: ReadonlySet<Action>
}

/** Why a decision is what it is. */
export type Because =
  | 'clear'
  | 'no-rule'
  | 'overturned'
  | 'spent'
  | 'kill-switch'
  | 'not-enforced'
  | 'rule'

export type Decision = {
  /** What is to be done. */
  readonly action: Action
  /** What would be done if the policy were enforced. */
  readonly judged: Action
  /** Which rule, counted from 0; null where none was decisive. */
  readonly rule: number | null
  readonly because: Because
}

const observe: Decision = { action: 'observe', judged: 'observe', rule: null, because: 'clear' }

/**
 * What to do about a request. Of all rules that match, the gravest action wins. Where an action may not be taken (no
 * reviewer, challenge answered, many callers in one account), its rule asks for the gravest milder one that may; where that one's time is over,
 * the rule asks for nothing.
 */
export function decide(policy: Policy, subject: Subject): Decision {
  const { standing, ruling, spent } = subject
  if (standing === null || standing.verdict === 'clear') return observe
  if (ruling?.decision === 'overturn') return { ...observe, because: 'overturned' }
  const asked = policy.rules.flatMap((rule, at) =>
    matches(rule, standing, subject) ? [{ at, action: allowed(rule.action, policy, subject) }] : [],
  )
  const [first, ...rest] = asked.filter(({ action }) => !spent.has(action))
  if (!first) return { ...observe, because: asked.length === 0 ? 'no-rule' : 'spent' }
  const gravest = rest.reduce(
    (most, each) => (gravity(each.action) > gravity(most.action) ? each : most),
    first,
  )
  const judged = { judged: gravest.action, rule: gravest.at }
  if (policy.kill_switch) return { ...judged, action: 'observe', because: 'kill-switch' }
  if (!policy.enforce) return { ...judged, action: 'observe', because: 'not-enforced' }
  return { ...judged, action: gravest.action, because: 'rule' }
}

function matches({ when, ...rule }: Rule, standing: Standing, subject: Subject): boolean {
  const floor = floors[rule.action]
  const verdictMin = Math.max(verdictRank(when.verdict), verdictRank(floor.verdict))
  const { tier, route, model, jurisdiction } = subject
  return (
    verdictRank(standing.verdict) >= verdictMin &&
    standing.families >= Math.max(rule.families_min ?? 0, floor.families) &&
    standing.bucket >= Math.max(rule.bucket_min ?? 0, floor.bucket) &&
    (when.kinds?.includes(standing.kind) ?? true) &&
    (when.tiers?.includes(tier) ?? true) &&
    (when.routes?.includes(route) ?? true) &&
    (when.models === undefined || isOneOf(model, when.models)) &&
    (when.jurisdictions === undefined ||
      (jurisdiction !== null && when.jurisdictions.includes(jurisdiction)))
  )
}

/** A body that cannot be read may name any model: else whoever hides the name would go free. */
function isOneOf(model: Subject['model'], patterns: readonly string[]): boolean {
  if (model === null) return false
  if (model === 'unreadable') return true
  const name = model.name.toLowerCase()
  return patterns.some((pattern) => fits(pattern.toLowerCase(), name))
}

/** The gravest action up to `wanted` that may be taken on this account. */
function allowed(wanted: Action, policy: Policy, subject: Subject): Action {
  const may = (action: Action): boolean =>
    action !== 'mark' &&
    (subject.able?.has(action) ?? true) &&
    !(action === 'challenge' && subject.passed) &&
    // Strangers would be shut out for what one of them did; a challenge each can answer for itself.
    !(action === 'refuse' && subject.shared) &&
    (!needsReview.has(action) || mayUnreviewed(policy, subject))
  return actions.slice(0, gravity(wanted) + 1).findLast(may) ?? 'observe'
}

function mayUnreviewed(policy: Policy, { tier, ruling }: Subject): boolean {
  return (
    tier === 'anonymous' ||
    policy.refuse_without_review.includes(tier) ||
    ruling?.decision === 'uphold'
  )
}
