import type { CampaignKind } from '../record/report.ts'
import { type Field, type Item, partition } from './partition.ts'
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

/** The traits that most flagged accounts have are compared one by one, up to this many. */
const traitFieldsMax = 64
/** Phrases of one template come and go together; about this share of them is news. */
const traitTrust = 0.08
/** Groups form early, from little; one campaign may have begun as several. */
const groupTrust = 0.4
/** Exchanges per day in bins a quarter apart (0.1 in log10). */
const paceBinsPerDecade = 10

/**
 * Sorts flagged accounts into campaigns. That an account is flagged is settled before, from rare
 * traits; here its habits (pace, networks, what it asks, how it talks to the API) count as well,
 * because two campaigns may draw on one pool of templates.
 */
export function campaignsOf(
  accounts: readonly AccountState[],
  population: Population,
): readonly CampaignState[] {
  const flagged = accounts.filter((account) => account.verdict === 'flagged')
  if (flagged.length === 0) return []
  const { items, fields } = habits(flagged, population)
  const parts = partition(items, fields)
  const found = new Map<number, AccountState[]>()
  parts.forEach((part, at) => {
    const state = flagged[at]
    if (state !== undefined) found.set(part, [...(found.get(part) ?? []), state])
  })
  return [...found.values()]
    .map(campaign)
    .sort((a, b) => a.step - b.step || (a.members[0]?.account ?? 0) - (b.members[0]?.account ?? 0))
}

function campaign(members: readonly AccountState[]): CampaignState {
  const strongest = members.reduce((best, each) => (each.score > best.score ? each : best))
  const alone = members.length === 1 && strongest.kind === 'coordinated-accounts'
  return {
    kind: alone ? 'single-account' : strongest.kind,
    members,
    step: Math.min(...members.map((member) => member.step ?? 0)),
    score: strongest.score,
    reasons: strongest.reasons,
  }
}

function habits(
  flagged: readonly AccountState[],
  population: Population,
): { items: readonly Item[]; fields: readonly Field[] } {
  const questions: readonly ((account: number) => number | string)[] = [
    (account) => quarter(account, 'newNetworks', population),
    (account) => quarter(account, 'reasoning', population),
    (account) => quarter(account, 'selfDescription', population),
    (account) => quarter(account, 'likelihoods', population),
    (account) => quarter(account, 'singleTurn', population),
    (account) => quarter(account, 'withSystem', population),
    (account) => quarter(account, 'withTools', population),
    (account) => Math.round(paceOf(account, population) * paceBinsPerDecade),
    (account) => sharedOfKind(account, 'network', population),
    (account) => sharedOfKind(account, 'system', population),
  ]
  const columns = questions.map((question) =>
    categories(flagged.map((state) => question(state.account))),
  )
  // Accounts judged alone are each their own group: what they share must speak for itself.
  columns.push(categories(flagged.map((state) => state.group ?? `alone ${state.account}`)))
  const traits = commonTraits(flagged, population)
  const sets = flagged.map((state) => new Set(population.traitsOf(state.account)))
  const items = flagged.map((_, at) => [
    ...columns.map((column) => column.values[at] ?? 0),
    ...traits.map((trait) => (sets[at]?.has(trait) ? 1 : 0)),
  ])
  const fields = [
    ...columns.map((column, at) => ({
      shares: shares(column.values, column.count),
      trust: at < questions.length ? 1 : groupTrust,
    })),
    ...traits.map((trait) => ({
      shares: shares(
        sets.map((set) => (set.has(trait) ? 1 : 0)),
        2,
      ),
      trust: traitTrust,
    })),
  ]
  return { items, fields }
}

/** In which fifth of its exchanges' share an account has a fact: never, seldom, at times, mostly, nearly always. */
function quarter(account: number, fact: string, population: Population): number {
  const share = population.fact(fact, account) / Math.max(1, population.fact('exchanges', account))
  return share < 0.02 ? 0 : share < 0.25 ? 1 : share < 0.65 ? 2 : share < 0.9 ? 3 : 4
}

function paceOf(account: number, population: Population): number {
  return Math.log10(
    Math.max(1, population.fact('exchanges', account)) /
      Math.max(1, population.fact('activeDays', account)),
  )
}

/** The account's most widely shared trait of a kind, among those it shares at all. */
function sharedOfKind(account: number, kind: 'network' | 'system', population: Population): number {
  let best = 0
  let users = 0
  for (const trait of population.traitsOf(account)) {
    const known = population.trait(trait)
    if (known?.kind === kind && known.habitual.length > users) {
      best = trait
      users = known.habitual.length
    }
  }
  return best
}

function categories(answers: readonly (number | string)[]): {
  values: readonly number[]
  count: number
} {
  const numbers = new Map<number | string, number>()
  const values = answers.map((answer) => {
    if (!numbers.has(answer)) numbers.set(answer, numbers.size)
    return numbers.get(answer) ?? 0
  })
  return { values, count: Math.max(2, numbers.size) }
}

/** The share of values in each category, none quite zero. */
function shares(values: readonly number[], count: number): readonly number[] {
  const counts = Array.from({ length: count }, () => 0.5)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts.map((each) => each / (values.length + count / 2))
}

function commonTraits(flagged: readonly AccountState[], population: Population): readonly number[] {
  const counts = new Map<number, number>()
  for (const state of flagged)
    for (const trait of population.traitsOf(state.account))
      if (population.trait(trait)?.kind === 'phrase')
        counts.set(trait, (counts.get(trait) ?? 0) + 1)
  return [...counts]
    .filter(([, count]) => count >= 2)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, traitFieldsMax)
    .map(([trait]) => trait)
}
