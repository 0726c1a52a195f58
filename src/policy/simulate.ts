import { type Tier, tiers } from '../access/tier.ts'
import type { Ruling, Standing } from '../record/index.ts'
import { decide } from './decide.ts'
import { type Action, actions, type Policy } from './policy.ts'

/** An account as an audit found it. */
export type Candidate = {
  readonly standing: Standing | null
  readonly tier: Tier
  readonly exchanges: number
}

/** How many accounts of one class an enforced policy would act on, and how. */
export type ClassHit = {
  readonly tier: Tier | 'all'
  /** Exchanges of an account in the log, from the first to below the second. */
  readonly exchanges: { readonly from: number; readonly below: number | null }
  readonly accounts: number
  /** As things stand: nobody has reviewed anything. */
  readonly hit: Readonly<Record<Action, number>>
  /** If reviewers upheld every one of them. */
  readonly upheld: Readonly<Record<Action, number>>
}

const sizes = [0, 100, 1000, 10_000]

/**
 * What a policy would do, by class of customer: who those are that it would cost something. Rules that are about some
 * routes, models or countries count as if they were about all, for an audit does not tell; so this is at most.
 */
export function simulate(policy: Policy, candidates: readonly Candidate[]): readonly ClassHit[] {
  const widest: Policy = {
    ...policy,
    enforce: true,
    kill_switch: false,
    rules: policy.rules.map(({ when, ...rule }) => ({ ...rule, when: widened(when) })),
  }
  const classes = tiers.flatMap((tier) =>
    sizes.map((from, at) => {
      const below = sizes[at + 1] ?? null
      const members = candidates.filter(
        (each) =>
          each.tier === tier && each.exchanges >= from && each.exchanges < (below ?? Infinity),
      )
      return classOf(widest, { tier, exchanges: { from, below } }, members)
    }),
  )
  const all = { tier: 'all', exchanges: { from: 0, below: null } } as const
  return [...classes.filter(({ accounts }) => accounts > 0), classOf(widest, all, candidates)]
}

function widened({ verdict, kinds, tiers: of }: Policy['rules'][number]['when']): {
  readonly verdict: 'watch' | 'flagged'
} {
  return {
    verdict,
    ...(kinds === undefined ? {} : { kinds }),
    ...(of === undefined ? {} : { tiers: of }),
  }
}

function classOf(
  policy: Policy,
  of: Pick<ClassHit, 'tier' | 'exchanges'>,
  members: readonly Candidate[],
): ClassHit {
  return {
    ...of,
    accounts: members.length,
    hit: counted(policy, members, null),
    upheld: counted(policy, members, upheld),
  }
}

const upheld: Ruling = {
  case: '',
  accounts: [],
  decision: 'uphold',
  reviewer: '',
  why: '',
  at: '',
  until: '',
}

function counted(
  policy: Policy,
  members: readonly Candidate[],
  ruling: Ruling | null,
): Readonly<Record<Action, number>> {
  const none = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>
  return members.reduce((counts, { standing, tier }) => {
    const { action } = decide(policy, {
      standing,
      tier,
      shared: false,
      route: 'other',
      model: null,
      jurisdiction: null,
      ruling,
      spent: new Set(),
      passed: false,
    })
    counts[action] += 1
    return counts
  }, none)
}
