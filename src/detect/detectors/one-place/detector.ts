import type { Detector } from '../../detector.ts'
import type { Group } from '../../group.ts'
import { medianPace } from '../../pace.ts'
import type { Population } from '../../population.ts'
import { ofAccounts } from '../../weight.ts'

const memberShareMin = 0.6
/** A campus or an office has one or two networks, a large one some more; accounts that share many have a pool. */
const networksMax = 2
const networksPerMemberMax = 0.1
/** Exchanges a day up to which an account may well be a person; what such a group draws is little. */
const humanPaceMax = 25
/** A class or an office explains shared sign-up days, networks and hours at once. */
const weight = -3

/** Speaks for a group: most of it works from one network at a human pace, as a class or an office does. */
export const onePlace: Detector = {
  id: 'one-place',
  title: 'One class or office',
  family: 'infrastructure',
  shows: new URL('shows.sql', import.meta.url),
  weighGroup: (group, population) => {
    const place = commonNetwork(group, population)
    if (
      place === null ||
      place.networks > Math.max(networksMax, networksPerMemberMax * group.members.size) ||
      place.users < memberShareMin * group.members.size
    )
      return null
    const pace = medianPace(group, population)
    if (pace > humanPaceMax) return null
    return {
      family: 'infrastructure',
      value: pace,
      weight,
      explains: ['biography', 'infrastructure', 'timing'],
      // Also for those elsewhere: students work from home, too.
      holds: () => true,
      text:
        `${ofAccounts(place.users, group.members.size)} work from one network at a human pace ` +
        `(${pace.toPrecision(2)} exchanges a day), as a class or an office does.`,
    }
  },
}

type Place = { readonly users: number; readonly networks: number }

/** The network most members work from, and how many networks members share at all. */
function commonNetwork(group: Group, population: Population): Place | null {
  const shared = [...group.likeness.traits].filter(
    ([trait, users]) => users >= 2 && population.trait(trait)?.kind === 'network',
  )
  const [first] = shared.sort((a, b) => b[1] - a[1] || a[0] - b[0])
  return first === undefined ? null : { users: first[1], networks: shared.length }
}
