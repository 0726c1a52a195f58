import type { Detector, Evidence } from '../../detector.ts'
import type { Group } from '../../group.ts'
import { oneCustomer } from '../../pools.ts'
import type { Population } from '../../population.ts'
import { chanceOf, heads, ofAccounts, othersShare, weightOf } from '../../weight.ts'

const weightMax = 3
/** Fewer than this many conversations may be one person with two accounts, or a leaked transcript. */
const conversationsMin = 5
const accountsMin = 3
/** Once may be a transcript that somebody published and somebody pasted: of an account it says nothing. */
const handedMin = 2
/** One refused request may be taken up by chance, where two people paste the same; that a third does is no chance. */
const requestsMin = 3
/**
 * A firm with a few accounts tries the next one as a pool does. Of 317 groups of honest customers in two simulated
 * worlds three were such firms, of four accounts, with no organisation in the log; so few do not show one hand.
 */
const manyAccountsMin = 8
const fewWeightMax = 0.6

/** Work that goes on in another account than it began in: a relay that spreads it over a pool. */
export const migration: Detector = {
  id: 'migration',
  title: 'Conversations and requests that cross accounts',
  family: 'provenance',
  clears:
    'One application that serves all of these accounts and hands conversations on between them, named by its operator.',
  shows: new URL('shows.sql', import.meta.url),
  links: new URL('links.sql', import.meta.url),
  traits: new URL('traits.sql', import.meta.url),
  weighGroup: (group, population) => {
    // A pool that hands on a refused request goes on with the conversation there: one cause, counted once.
    const continued = conversations(group, population)
    const handed = requests(group, population)
    if (continued === null || handed === null) return continued ?? handed
    return handed.weight > continued.weight ? handed : continued
  },
}

function conversations(group: Group, population: Population): Evidence | null {
  const handed = new Map<number, number>()
  const takers = new Set<number>()
  let count = 0
  for (const account of group.members)
    for (const [other, times] of population.linksOf(account)) {
      if (!group.members.has(other) || oneCustomer(account, other, population)) continue
      count += times
      takers.add(account)
      handed.set(account, (handed.get(account) ?? 0) + times)
    }
  if (count < conversationsMin || takers.size < accountsMin) return null
  return {
    family: 'provenance',
    value: count,
    weight: crossingWeight(count, takers.size),
    share: takers.size / group.members.size,
    // Of an account that others go on from, it says nothing: whoever has a transcript can do that to it.
    holds: (account) => (handed.get(account) ?? 0) >= handedMin,
    text:
      `${count} times a conversation that one of these accounts had begun was gone on with by another of them ` +
      `(${takers.size} accounts present what others were told).`,
    atlas: ['AML.T0008.005'],
    kind: 'relay-pool',
  }
}

/** It is no probability, but grows with what was seen; among honest customers next to nothing is. */
function crossingWeight(crossings: number, accounts: number): number {
  return Math.min(weightMax, Math.log10(crossings) + Math.log10(accounts / 2))
}

/** The requests that an account handed on, or took over, after a refusal. */
function handedOf(account: number, population: Population): readonly number[] {
  return population.traitsOf(account).filter((trait) => population.trait(trait)?.kind === 'request')
}

function requests(group: Group, population: Population): Evidence | null {
  const crossed = new Set<number>()
  const holders = new Set<number>()
  for (const account of group.members)
    for (const trait of handedOf(account, population))
      if (crossesWithin(trait, account, group, population)) {
        crossed.add(trait)
        holders.add(account)
      }
  if (crossed.size < requestsMin || holders.size < accountsMin) return null
  const inside = heads(
    'hands on a refused request',
    group,
    population,
    (account) => handedOf(account, population).length > 0,
    (account) => holders.has(account),
  )
  return {
    family: 'provenance',
    value: crossed.size,
    weight:
      holders.size < manyAccountsMin
        ? weightOf(inside, fewWeightMax)
        : crossingWeight(crossed.size, holders.size),
    share: inside.share,
    chance: chanceOf(inside),
    holds: (account) => holders.has(account),
    text:
      `${crossed.size} requests that one of these accounts was refused were sent within a minute, word for word, by another of them ` +
      `(${ofAccounts(inside.count, inside.of)}); ${othersShare(inside.expected)} of other accounts hand on any.`,
    atlas: ['AML.T0008.005'],
    kind: 'relay-pool',
  }
}

/** Whether another member, and no account of the same customer, had the request as well. */
function crossesWithin(
  trait: number,
  account: number,
  group: Group,
  population: Population,
): boolean {
  const senders = population.trait(trait)?.habitual ?? []
  return senders.some(
    (other) =>
      other !== account && group.members.has(other) && !oneCustomer(account, other, population),
  )
}
