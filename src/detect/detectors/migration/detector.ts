import type { Detector } from '../../detector.ts'
import { oneCustomer } from '../../pools.ts'

const weightMax = 3
/** Fewer than this many conversations may be one person with two accounts, or a leaked transcript. */
const conversationsMin = 5
const accountsMin = 3
/** Once may be a transcript that somebody published and somebody pasted: of an account it says nothing. */
const handedMin = 2

/** Conversations begun on one account and continued on another: a relay that spreads turns over a pool. */
export const migration: Detector = {
  id: 'migration',
  title: 'Conversations that cross accounts',
  family: 'provenance',
  clears:
    'One application that serves all of these accounts and hands conversations on between them, named by its operator.',
  shows: new URL('shows.sql', import.meta.url),
  links: new URL('links.sql', import.meta.url),
  weighGroup: (group, population) => {
    const handed = new Map<number, number>()
    const takers = new Set<number>()
    let conversations = 0
    for (const account of group.members)
      for (const [other, count] of population.linksOf(account)) {
        if (!group.members.has(other) || oneCustomer(account, other, population)) continue
        conversations += count
        takers.add(account)
        for (const end of [account, other]) handed.set(end, (handed.get(end) ?? 0) + count)
      }
    if (conversations < conversationsMin || takers.size < accountsMin) return null
    return {
      family: 'provenance',
      value: conversations,
      weight: Math.min(weightMax, Math.log10(conversations) + Math.log10(takers.size / 2)),
      holds: (account) => (handed.get(account) ?? 0) >= handedMin,
      text:
        `${conversations} times a conversation that one of these accounts had begun was gone on with by another of them ` +
        `(${takers.size} accounts present what others were told).`,
      atlas: ['AML.T0008.005'],
      kind: 'relay-pool',
    }
  },
}
