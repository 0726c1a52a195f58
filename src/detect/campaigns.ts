import { pseudonym } from '../core/pseudonym.ts'
import { mean } from '../core/statistics.ts'
import type { CampaignKind } from '../record/report.ts'
import type { AccountState } from './docket.ts'
import { caseOf, nameOf } from './filing.ts'
import { type Field, type Item, partition } from './partition.ts'
import { emptyPools } from './pools.ts'
import type { Population } from './population.ts'
import type { WeighedReason } from './verdict.ts'

/** Flagged accounts that belong together. */
export type CampaignState = {
  /** Stays the same from audit to audit of a growing log (src/detect/filing.ts). */
  readonly name: string
  readonly kind: CampaignKind
  readonly members: readonly AccountState[]
  /** The step at whose end the first of them was flagged. */
  readonly step: number
  readonly score: number
  /** The member whose reasons these are. */
  readonly strongest: number
  readonly reasons: readonly WeighedReason[]
}

/** The traits that most flagged accounts have are compared one by one, up to this many. */
const traitFieldsMax = 64
/** Phrases of one template come and go together; about this share of them is news. */
const traitTrust = 0.12
/** Groups form early, from little; one campaign may have begun as several. */
const groupTrust = 0.4
/** Within a campaign, shares of exchanges and paces (log10 of exchanges a day) spread by about this. */
const shareSpread = 0.1
const paceSpread = 0.1

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
  // Who scrapes likelihoods is after something else than text, and says so with every request.
  const scrapes = (state: AccountState): boolean => state.kind === 'likelihood-scraping'
  return [flagged.filter(scrapes), flagged.filter((state) => !scrapes(state))]
    .flatMap((states) => parted(states, population))
    .map((members) => campaign(members, population))
    .sort((a, b) => a.step - b.step || (a.members[0]?.account ?? 0) - (b.members[0]?.account ?? 0))
}

function parted(
  states: readonly AccountState[],
  population: Population,
): readonly (readonly AccountState[])[] {
  if (states.length === 0) return []
  const { items, fields } = habits(states, population)
  const found = new Map<number, AccountState[]>()
  // Who hands conversations on to each other is of one campaign, however different else.
  const accounts = states.map(({ account }) => account)
  const here = new Set(accounts)
  const pools = emptyPools((account) => here.has(account))
  pools.update(accounts, population)
  partition(items, fields, accounts.map(pools.numberOf)).forEach((part, at) => {
    const state = states[at]
    if (state === undefined) return
    const known = found.get(part)
    if (known === undefined) found.set(part, [state])
    else known.push(state)
  })
  return [...found.values()]
}

function campaign(members: readonly AccountState[], population: Population): CampaignState {
  const strongest = members.reduce((best, each) => (each.score > best.score ? each : best))
  const alone = members.length === 1 && strongest.kind === 'coordinated-accounts'
  const [first] = members
  return {
    // Accounts that only a reviewer confirmed were never filed.
    name:
      nameOf(members.map(({ filed }) => filed)) ??
      pseudonym('R', population.hash(first?.account ?? 0)),
    kind: alone ? 'single-account' : strongest.kind,
    members,
    step: Math.min(...members.map((member) => member.step ?? 0)),
    score: strongest.score,
    strongest: strongest.account,
    reasons: strongest.reasons,
  }
}

const shareFacts = [
  'newNetworks',
  'reasoning',
  'selfDescription',
  'likelihoods',
  'singleTurn',
  'withSystem',
  'withTools',
] as const

function habits(
  flagged: readonly AccountState[],
  population: Population,
): { items: readonly Item[]; fields: readonly Field[] } {
  const accounts = flagged.map((state) => state.account)
  const columns: { values: readonly number[]; field: Field }[] = shareFacts.map((fact) =>
    measure(
      accounts.map((account) => shareOf(account, fact, population)),
      shareSpread,
    ),
  )
  columns.push(
    measure(
      accounts.map((account) => paceOf(account, population)),
      paceSpread,
    ),
  )
  columns.push(
    categories(
      accounts.map((account) => sharedOfKind(account, 'network', population)),
      1,
    ),
  )
  columns.push(
    categories(
      accounts.map((account) => sharedOfKind(account, 'system', population)),
      1,
    ),
  )
  columns.push(
    categories(
      accounts.map((account) => sharedOfKind(account, 'profile', population)),
      1,
    ),
  )
  // Accounts judged alone are each their own group: what they share must speak for itself.
  columns.push(categories(flagged.map(caseOf), groupTrust))
  const sets = accounts.map((account) => new Set(population.traitsOf(account)))
  for (const trait of commonTraits(flagged, population))
    columns.push(
      categories(
        sets.map((set) => (set.has(trait) ? 1 : 0)),
        traitTrust,
      ),
    )
  return {
    items: flagged.map((_, at) => columns.map((column) => column.values[at] ?? 0)),
    fields: columns.map((column) => column.field),
  }
}

function shareOf(account: number, fact: string, population: Population): number {
  return population.fact(fact, account) / Math.max(1, population.fact('exchanges', account))
}

function paceOf(account: number, population: Population): number {
  return Math.log10(
    Math.max(1, population.fact('exchanges', account)) /
      Math.max(1, population.fact('activeDays', account)),
  )
}

function measure(
  values: readonly number[],
  spread: number,
): { values: readonly number[]; field: Field } {
  return { values, field: { mean: mean(values), spread, trust: 1 } }
}

/** Numbers the answers, and counts the share of each; none is quite zero. */
function categories(
  answers: readonly (number | string)[],
  trust: number,
): { values: readonly number[]; field: Field } {
  const numbers = new Map<number | string, number>()
  const values = answers.map((answer) => {
    if (!numbers.has(answer)) numbers.set(answer, numbers.size)
    return numbers.get(answer) ?? 0
  })
  const counts = Array.from({ length: Math.max(2, numbers.size) }, () => 0.5)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  const whole = values.length + counts.length / 2
  return { values, field: { shares: counts.map((count) => count / whole), trust } }
}

/** The account's most widely shared trait of a kind, among those it shares at all. */
function sharedOfKind(
  account: number,
  kind: 'network' | 'system' | 'profile',
  population: Population,
): number {
  let best = -1
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
