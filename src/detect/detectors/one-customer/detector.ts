import type { Detector } from '../../detector.ts'
import { ofAccounts } from '../../weight.ts'

const memberShareMin = 0.8
/** A firm's accounts are opened, used and connected together because they are one customer's. */
const weight = -3

/** Speaks for a group: its accounts belong, by the provider's own records, to one organisation. */
export const oneCustomer: Detector = {
  id: 'one-customer',
  title: 'Accounts of one known organisation',
  family: 'biography',
  shows: new URL('shows.sql', import.meta.url),
  weighGroup: (group, population) => {
    const counts = new Map<number, number>()
    for (const account of group.members) {
      const org = population.org(account)
      if (org !== 0) counts.set(org, (counts.get(org) ?? 0) + 1)
    }
    const [org, count] = [...counts].reduce(
      (best, each) => (each[1] > best[1] ? each : best),
      [0, 0],
    )
    if (count < memberShareMin * group.members.size) return null
    return {
      family: 'biography',
      value: count,
      weight,
      explains: ['biography', 'infrastructure', 'timing', 'api-use'],
      holds: (account) => population.org(account) === org,
      text: `${ofAccounts(count, group.members.size)} belong to one organisation known to the provider; what one customer's accounts share is no sign of a hidden hand.`,
    }
  },
}
