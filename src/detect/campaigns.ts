import type { CampaignKind } from '../record/report.ts'
import { emptyGrouping } from './group.ts'
import type { Population } from './population.ts'
import type { WeighedReason } from './verdict.ts'
import type { AccountState } from './walk.ts'

/** Flagged accounts that belong together. */
export type CampaignState = {
  readonly kind: CampaignKind
  readonly members: readonly AccountState[]
  /** The step at whose end the first of them was flagged. */
  readonly step: number
  readonly score: number
  readonly reasons: readonly WeighedReason[]
}

/** Passes over the accounts until no one moves; each pass can only gain, and few are needed. */
const passesMax = 8

/**
 * Sorts flagged accounts into campaigns. Whether an account is flagged is decided before, from rare
 * traits alone; here its habits (pace, networks, what it asks) count as well, because two campaigns
 * may draw on one pool of templates.
 */
export function campaignsOf(
  accounts: readonly AccountState[],
  population: Population,
): readonly CampaignState[] {
  const flagged = accounts.filter((account) => account.verdict === 'flagged')
  const states = new Map(flagged.map((state) => [state.account, state]))
  const grouping = emptyGrouping('traits and habits')
  for (let pass = 0; pass < passesMax; pass++)
    if (grouping.update(states.keys(), population) === 0) break
  const found: CampaignState[] = []
  const grouped = new Set<number>()
  for (const group of grouping.groups()) {
    const members = [...group.members]
      .map((account) => states.get(account))
      .filter((state) => state !== undefined)
    for (const member of members) grouped.add(member.account)
    found.push(campaign(members))
  }
  for (const state of flagged) if (!grouped.has(state.account)) found.push(campaign([state]))
  return found.sort((a, b) => a.step - b.step || firstAccount(a) - firstAccount(b))
}

function campaign(members: readonly AccountState[]): CampaignState {
  const strongest = members.reduce((best, each) => (each.score > best.score ? each : best))
  return {
    kind:
      members.length === 1 && strongest.kind === 'coordinated-accounts'
        ? 'single-account'
        : strongest.kind,
    members: [...members].sort((a, b) => a.account - b.account),
    step: Math.min(...members.map((member) => member.step ?? 0)),
    score: strongest.score,
    reasons: strongest.reasons,
  }
}

function firstAccount(campaign: CampaignState): number {
  return campaign.members[0]?.account ?? 0
}
