import { countBelow } from '../core/statistics.ts'
import type { Verdict } from '../record/report.ts'

/**
 * The share of those flagged that may be honest, in expectation: what a reviewer is asked to look at in vain.
 * One in 20 as is usual. At one honest account in 10,000 it asks for more than the bar does only while fewer than one
 * account in 500 is flagged: where more are, what the bar lets through is a smaller share of them already.
 */
export const falseDiscoveryShareMax = 1 / 20

/**
 * How many of the accounts flagged should be honest at most, in expectation: the share of all that may ever be, or
 * of those flagged, whichever is fewer.
 */
export function expectedFalse(
  accounts: readonly { readonly verdict: Verdict }[],
  falseShareMax: number,
): number {
  const flagged = accounts.filter(({ verdict }) => verdict === 'flagged').length
  return Math.min(falseShareMax * accounts.length, falseDiscoveryShareMax * flagged)
}

/**
 * The e-value from which these are reported (all as log10, in ascending order), by the e-BH procedure of Wang & Ramdas
 * 2022 ("False discovery rate control with e-values", JRSS-B 84(3)), which holds however they depend on each other. Of
 * `of` hypotheses the k strongest are rejected, for the largest k of which the weakest comes to `of` / (k · share).
 * `already` were rejected before and stay so: they count towards k, whatever they are worth by now. Infinity where
 * none are.
 */
export function discoveryMin(sorted: Float64Array, of: number, already = 0): number {
  // From the weakest on, with which most are rejected.
  return (
    sorted.find((weakest, at) => weakest >= evidenceNeeded(of, already + sorted.length - at)) ??
    Infinity
  )
}

/** The e-value, as log10, that each of so many must have to be reported together. */
function evidenceNeeded(of: number, reported: number): number {
  return Math.log10(of / (reported * falseDiscoveryShareMax))
}

/** Somebody over the bar: how much speaks against it (log10 of an e-value), and with which group, if not alone. */
export type Claim = {
  readonly account: number
  readonly evidence: number
  readonly group: number | null
}

/** Among how many hypotheses claims are made, and what was reported before. */
export type Hearing = {
  readonly accounts: number
  readonly groups: number
  readonly accountsReported: number
  readonly groupsReported: ReadonlySet<number>
}

/** What a claim lacks: of so many hypotheses `shown` are as strong, and `needed` would have to be. */
export type Lack = {
  readonly hypotheses: 'accounts' | 'groups'
  readonly of: number
  readonly shown: number
  readonly needed: number
}

/**
 * The claims that may be reported so that the share of honest accounts among accounts, and of honest groups among
 * groups, is held at once; `lacking` has the others. A group is worth what its strongest claim is. What one test sends
 * away no longer counts in the other, so both are asked until nobody is sent away; since each asks more where it is
 * handed fewer, what is left is the most that satisfies both.
 */
export function hear(
  claims: readonly Claim[],
  hearing: Hearing,
): { readonly reported: readonly Claim[]; readonly lacking: ReadonlyMap<number, Lack> } {
  const lacking = new Map<number, Lack>()
  for (let left = claims; ;) {
    const kept = amongAccounts(amongGroups(left, hearing, lacking), hearing, lacking)
    if (kept.length === left.length) return { reported: kept, lacking }
    left = kept
  }
}

function amongAccounts(
  claims: readonly Claim[],
  { accounts, accountsReported }: Hearing,
  lacking: Map<number, Lack>,
): readonly Claim[] {
  const evidence = Float64Array.from(claims, (claim) => claim.evidence).sort()
  const least = discoveryMin(evidence, accounts, accountsReported)
  return claims.filter((claim) => {
    if (claim.evidence >= least) return true
    const lack = lackOf(claim.evidence, evidence, accounts, accountsReported)
    lacking.set(claim.account, { hypotheses: 'accounts', ...lack })
    return false
  })
}

function amongGroups(
  claims: readonly Claim[],
  { groups, groupsReported }: Hearing,
  lacking: Map<number, Lack>,
): readonly Claim[] {
  const strongest = new Map<number, number>()
  for (const { group, evidence } of claims)
    if (group !== null && !groupsReported.has(group))
      strongest.set(group, Math.max(strongest.get(group) ?? -Infinity, evidence))
  const all = Float64Array.from(strongest.values()).sort()
  const least = discoveryMin(all, groups, groupsReported.size)
  return claims.filter(({ account, group }) => {
    const evidence = group === null ? undefined : strongest.get(group)
    if (evidence === undefined || evidence >= least) return true
    const lack = lackOf(evidence, all, groups, groupsReported.size)
    lacking.set(account, { hypotheses: 'groups', ...lack })
    return false
  })
}

function lackOf(
  evidence: number,
  sorted: Float64Array,
  of: number,
  already: number,
): Omit<Lack, 'hypotheses'> {
  const shown = already + sorted.length - countBelow(sorted, evidence)
  return { of, shown, needed: Math.ceil(of / (falseDiscoveryShareMax * 10 ** evidence)) }
}

/** What kept somebody over the bar from being flagged, in a sentence. */
export function lackWords({ hypotheses, of, shown, needed }: Lack): string {
  return (
    `It is over the bar but not flagged: ${shown} of ${of} ${hypotheses} show as much, and at least ${needed} ` +
    `would have to for no more than 1 in ${1 / falseDiscoveryShareMax} of them to be honest.`
  )
}
