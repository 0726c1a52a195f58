import type { Tier } from '../access/tier.ts'
import type { CampaignKind, Verdict } from '../record/index.ts'

/** What may be done, mildest first. Each further one costs the caller more. */
export const actions = ['observe', 'mark', 'slow', 'withhold', 'challenge', 'refuse'] as const
export type Action = (typeof actions)[number]

/** Which requests a rule is about; every condition that is given must hold. */
export type When = {
  /** This verdict or a graver one: evidence that grows must not lift an action. */
  readonly verdict: 'watch' | 'flagged'
  readonly kinds?: readonly CampaignKind[]
  readonly tiers?: readonly Tier[]
  /** Paths as the gateway names them; `other` for those it does not know. */
  readonly routes?: readonly string[]
  /** Names; a `*` at the end stands for any rest. */
  readonly models?: readonly string[]
  /** Two letters (ISO 3166-1), as a trusted proxy tells them. */
  readonly jurisdictions?: readonly string[]
}

/** One rule of `policy.rules`, as the settings have it. */
export type Rule = {
  readonly when: When
  readonly action: Action
  /** Raise the floor of the action; see `floors`. */
  readonly families_min?: number
  readonly bucket_min?: number
  readonly expires_hours: number
}

/** What decisions are made by. */
export type Policy = {
  readonly enforce: boolean
  readonly kill_switch: boolean
  readonly rules: readonly Rule[]
  /** Tiers on which the gravest actions need no reviewer. */
  readonly refuse_without_review: readonly Tier[]
}

/** The least that must speak against an account before an action may be taken. */
export type Floor = {
  readonly verdict: Verdict
  /** Independent families of evidence that agree. */
  readonly families: number
  /** Whole powers of ten by which extraction is likelier than an honest customer. */
  readonly bucket: number
}

/**
 * Floors that settings may raise and not lower, so that no slip in a file lets a faint suspicion cost anybody much.
 * One family alone never suffices: each has honest explanations of its own (docs/detectors.md). A hundred to one is
 * enough for a delay; what an honest customer would notice in its results needs a flag, and what locks it out one
 * power of ten above the least score that flags (docs/detection.md). Each is at least what stands before it.
 */
export const floors: Readonly<Record<Action, Floor>> = {
  observe: { verdict: 'clear', families: 0, bucket: 0 },
  mark: { verdict: 'watch', families: 2, bucket: 1 },
  slow: { verdict: 'watch', families: 2, bucket: 2 },
  withhold: { verdict: 'flagged', families: 2, bucket: 3 },
  challenge: { verdict: 'flagged', families: 2, bucket: 3 },
  refuse: { verdict: 'flagged', families: 2, bucket: 4 },
}

/**
 * The rules unless set. Nobody on watch is touched; a flag costs speed, a strong one output as well; callers
 * nobody knows are asked to work for it; and what three kinds of evidence say a hundred thousand to one is
 * refused, for those who pay only after a person has agreed.
 */
export const standardRules: readonly Rule[] = [
  { when: { verdict: 'flagged' }, action: 'slow', bucket_min: 3, expires_hours: 72 },
  {
    when: { verdict: 'flagged', kinds: ['likelihood-scraping'] },
    action: 'withhold',
    expires_hours: 72,
  },
  { when: { verdict: 'flagged' }, action: 'withhold', bucket_min: 4, expires_hours: 72 },
  {
    when: { verdict: 'flagged', tiers: ['anonymous'] },
    action: 'challenge',
    bucket_min: 4,
    expires_hours: 72,
  },
  {
    when: { verdict: 'flagged' },
    action: 'refuse',
    families_min: 3,
    bucket_min: 5,
    expires_hours: 168,
  },
]

/** On tiers that pay, what shuts an account out is a person's decision. */
export const needsReview: ReadonlySet<Action> = new Set<Action>(['challenge', 'refuse'])

/** A number that grows with the gravity. */
export function gravity(action: Action): number {
  return actions.indexOf(action)
}

export function verdictRank(verdict: Verdict): number {
  return { clear: 0, watch: 1, flagged: 2 }[verdict]
}

/** What is wrong with a rule that its schema cannot say; empty where nothing is. */
export function ruleProblems(rule: Rule): readonly { field: string; message: string }[] {
  const floor = floors[rule.action]
  const problems: { field: string; message: string }[] = []
  if (rule.action === 'mark')
    problems.push({
      field: 'action',
      message: 'There is no watermark yet, so nothing can be marked: use slow, or observe.',
    })
  if (verdictRank(rule.when.verdict) < verdictRank(floor.verdict))
    problems.push({
      field: 'when',
      message: `${rule.action} is for flagged accounts only: write verdict: flagged.`,
    })
  if (rule.families_min !== undefined && rule.families_min < floor.families)
    problems.push({
      field: 'families_min',
      message: `families_min is below the floor of ${rule.action}, which is ${floor.families}.`,
    })
  if (rule.bucket_min !== undefined && rule.bucket_min < floor.bucket)
    problems.push({
      field: 'bucket_min',
      message: `bucket_min is below the floor of ${rule.action}, which is ${floor.bucket}.`,
    })
  return problems
}
