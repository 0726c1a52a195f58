import type { Detector } from '../../detector.ts'
import { commonOutside, ofAccounts, percent } from '../../weight.ts'

/** A phrase frames the group when at least this share of members uses it habitually. */
const memberShareMin = 0.4
/** And an account shows it that uses this share of those phrases: who drew on the same list once shares a few. */
const ownShareMin = 0.2
/** Honest strangers come to share rare phrases too (one tool, one forum post): never more than this. */
const weightMax = 1.5

/** Rare message skeletons that accounts with nothing else in common keep filling with different content. */
export const rareSkeleton: Detector = {
  id: 'rare-skeleton',
  title: 'Rare message templates shared by unrelated accounts',
  family: 'content',
  clears:
    'Where the wording comes from: a product, a course or a published list that all of these accounts use and that others could have used.',
  shows: new URL('shows.sql', import.meta.url),
  traits: new URL('traits.sql', import.meta.url),
  weighGroup: (group, population) => {
    const shared = [...group.likeness.traits]
      .filter(
        ([trait, users]) =>
          population.trait(trait)?.kind === 'phrase' &&
          users >= memberShareMin * group.members.size,
      )
      .map(([trait, users]) => ({ trait, users, common: commonOutside(trait, group, population) }))
      .sort((a, b) => a.common - b.common)
    const rarest = shared[0]
    if (rarest === undefined) return null
    const widest = shared.reduce((most, each) => (each.users > most.users ? each : most), rarest)
    const phrases = new Set(shared.map((each) => each.trait))
    const breadth = breadthOf(shared.length)
    const lift = Math.log10(widest.users / group.members.size / widest.common)
    return {
      family: 'content',
      value: shared.length,
      weight: Math.min(weightMax, (lift / 2) * breadth),
      holds: (account) =>
        population.traitsOf(account).filter((trait) => phrases.has(trait)).length >=
        ownShareMin * phrases.size,
      text:
        `${ofAccounts(widest.users, group.members.size)} wrap different content in the same wording again and again: ` +
        `${shared.length} rare phrase${shared.length === 1 ? '' : 's'} in common, the most widely shared of which ` +
        `at most ${percent(widest.common)} of other accounts use at all.`,
      atlas: ['AML.T0065'],
    }
  },
}

/**
 * One template yields up to nine phrases that come together, fewer than three may be a figure of
 * speech; more than nine are several templates in common, which one popular tool seldom explains.
 */
function breadthOf(phrases: number): number {
  return phrases <= 9 ? Math.min(1, phrases / 3) : Math.min(1.6, 1 + Math.log2(phrases / 9) / 4)
}
