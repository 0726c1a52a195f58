import type { Detector } from '../../detector.ts'
import type { Group } from '../../group.ts'
import { medianPace } from '../../pace.ts'
import type { Population } from '../../population.ts'
import { ofAccounts } from '../../weight.ts'

const memberShareMin = 0.6
/** Exchanges a day up to which an account may well be a person; what such a group draws is little. */
const humanPaceMax = 10
/** A class or an office explains shared sign-up days, networks and hours at once. */
const weight = -3

/** Speaks for a group: most of it works from one network at a human pace, as a class or an office does. */
export const onePlace: Detector = {
  id: 'one-place',
  title: 'One class or office',
  family: 'infrastructure',
  weighGroup: (group, population) => {
    const place = commonNetwork(group, population)
    if (place === null || place.users < memberShareMin * group.members.size) return null
    const pace = medianPace(group, population)
    if (pace > humanPaceMax) return null
    return {
      family: 'infrastructure',
      value: pace,
      weight,
      holds: (account) => population.traitsOf(account).includes(place.trait),
      text:
        `${ofAccounts(place.users, group.members.size)} work from one network at a human pace ` +
        `(${pace.toPrecision(2)} exchanges a day), as a class or an office does.`,
    }
  },
}

function commonNetwork(
  group: Group,
  population: Population,
): { trait: number; users: number } | null {
  let best: { trait: number; users: number } | null = null
  for (const [trait, users] of group.likeness.traits)
    if (population.trait(trait)?.kind === 'network' && users > (best?.users ?? 0))
      best = { trait, users }
  return best
}
