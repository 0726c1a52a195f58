import type { Detector, Evidence } from '../../detector.ts'
import type { Group } from '../../group.ts'
import type { Population } from '../../population.ts'
import { chanceOf, heads, ofAccounts, othersShare, weightOf } from '../../weight.ts'

const weightMax = 2.5
/** Below this many exchanges a new address for each says little. */
const turnoverExchangesMin = 8
/** A proxy pool gives nearly every request a new network; a person on the move has a handful. */
const turnoverShareMin = 0.8

/** Accounts behind the same addresses, or behind a pool that gives each request a new one. */
export const sharedNetwork: Detector = {
  id: 'shared-network',
  title: 'Shared networks and rotating addresses',
  family: 'infrastructure',
  clears:
    'Who runs the network: an office, a campus, a carrier or a cloud service that these customers share by chance.',
  shows: new URL('shows.sql', import.meta.url),
  facts: new URL('facts.sql', import.meta.url),
  traits: new URL('traits.sql', import.meta.url),
  weighGroup: (group, population) => {
    const shared = sharedPlaces(group, population)
    const rotating = rotation(group, population)
    if (shared === null) return rotating
    return rotating !== null && rotating.weight > shared.weight ? rotating : shared
  },
}

function onNetworkOf(account: number, population: Population, group: Group | null): boolean {
  return population.traitsOf(account).some((trait) => {
    const known = population.trait(trait)
    if (known === undefined || (known.kind !== 'network' && known.kind !== 'host')) return false
    return group === null ? true : (group.likeness.traits.get(trait) ?? 0) >= 2
  })
}

function sharedPlaces(group: Group, population: Population): Evidence | null {
  const inside = heads(
    'shares a network',
    group,
    population,
    (account) => onNetworkOf(account, population, null),
    (account) => onNetworkOf(account, population, group),
  )
  if (inside.count < 2) return null
  const places = new Set(
    [...group.likeness.traits]
      .filter(([trait, users]) => users >= 2 && population.trait(trait)?.kind === 'network')
      .map(([trait]) => trait),
  )
  return {
    family: 'infrastructure',
    value: inside.count,
    weight: weightOf(inside, weightMax),
    share: inside.share,
    chance: chanceOf(inside),
    holds: (account) => onNetworkOf(account, population, group),
    text:
      `${ofAccounts(inside.count, inside.of)} come from a network that others of them also use ` +
      `(${places.size} network${places.size === 1 ? '' : 's'}); ${othersShare(inside.expected)} of other accounts share a network with anyone.`,
    atlas: ['AML.T0008.005'],
  }
}

function rotates(account: number, population: Population): boolean {
  const exchanges = population.fact('exchanges', account)
  if (exchanges < turnoverExchangesMin) return false
  return population.fact('newNetworks', account) >= turnoverShareMin * exchanges
}

function rotation(group: Group, population: Population): Evidence | null {
  const rotating = heads('rotates', group, population, (account) => rotates(account, population))
  if (rotating.count < 2) return null
  return {
    family: 'infrastructure',
    value: rotating.count,
    weight: weightOf(rotating, weightMax),
    share: rotating.share,
    chance: chanceOf(rotating),
    holds: (account) => rotates(account, population),
    text:
      `${ofAccounts(rotating.count, rotating.of)} send nearly every request from a network never seen from them before, ` +
      `as a pool of rented addresses does; ${othersShare(rotating.expected)} of other accounts do.`,
    atlas: ['AML.T0008.005'],
  }
}
