import type { Detector } from '../../detector.ts'
import { commonOutside, ofAccounts, percent } from '../../weight.ts'

const memberShareMin = 0.6
/** Everybody who installs one popular tool has its profile: supporting evidence, never more. */
const weightMax = 1

/** The same rare client with the same parameters, system prompt or tool set in every account. */
export const sharedProfile: Detector = {
  id: 'shared-profile',
  title: 'Shared client, parameter and tool profiles',
  family: 'api-use',
  clears: 'The tool or library that has this profile, if anybody can install it.',
  shows: new URL('shows.sql', import.meta.url),
  traits: new URL('traits.sql', import.meta.url),
  weighGroup: (group, population) => {
    const named = {
      profile: 'client and parameters',
      system: 'system prompt',
      tools: 'tool set',
    } as const
    let best: { trait: number; what: string; users: number; common: number } | null = null
    for (const [trait, users] of group.likeness.traits) {
      const kind = population.trait(trait)?.kind
      if (kind !== 'profile' && kind !== 'system' && kind !== 'tools') continue
      if (users < memberShareMin * group.members.size || users < 2) continue
      const common = commonOutside(trait, group, population)
      if (best === null || common < best.common) best = { trait, what: named[kind], users, common }
    }
    if (best === null) return null
    const { trait } = best
    const share = best.users / group.members.size
    return {
      family: 'api-use',
      value: best.users,
      weight: Math.max(0, Math.min(weightMax, Math.log10(share / best.common) / 2)),
      holds: (account) => population.traitsOf(account).includes(trait),
      text:
        `${ofAccounts(best.users, group.members.size)} use the same ${best.what}, ` +
        `which at most ${percent(best.common)} of other accounts use.`,
    }
  },
}
