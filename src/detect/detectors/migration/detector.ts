import type { Detector } from '../../detector.ts'

const weightMax = 3
/** Fewer than this many conversations may be one person with two accounts, or a leaked transcript. */
const conversationsMin = 5
const accountsMin = 3

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
    let conversations = 0
    const takers = new Set<number>()
    for (const account of group.members)
      for (const [other, count] of population.linksOf(account)) {
        if (!group.members.has(other)) continue
        if (population.org(account) !== 0 && population.org(account) === population.org(other))
          continue
        conversations += count
        takers.add(account)
      }
    if (conversations < conversationsMin || takers.size < accountsMin) return null
    return {
      family: 'provenance',
      value: conversations,
      weight: Math.min(weightMax, Math.log10(conversations) + Math.log10(takers.size / 2)),
      holds: (account) => takers.has(account),
      text:
        `${conversations} answers served to one of these accounts came back as conversation history from another of them ` +
        `(${takers.size} accounts present what others were told).`,
      atlas: ['AML.T0008.005'],
      kind: 'relay-pool',
    }
  },
}
