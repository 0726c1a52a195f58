import { userAgent } from '../clients.ts'
import type { CampaignConfig } from '../config.ts'
import { anyCountry } from '../places.ts'
import type { Source } from '../source.ts'
import type { World } from '../world.ts'
import { enlist, pool, work } from './member.ts'
import type { Shared } from './member.ts'
import { bookOf } from './payload.ts'
import { posing } from './posing.ts'
import { station } from './station.ts'

/** The sources of one campaign: one for each account, or one for all where they act as a pool. */
export function campaignSources(world: World, config: CampaignConfig): readonly Source[] {
  if (config.payload === 'organic') return [station(world, config)]
  const label = `campaign/${config.name}`
  const random = world.random.fork(label)
  const shared: Shared = {
    place: anyCountry(random),
    agent: userAgent(random, 'server'),
    provider: random.integer(0, 5),
    machine: random.integer(0, 0x7fffffff),
  }
  const book = bookOf(`${world.config.seed}/${label}`, config)
  const members = Array.from({ length: config.accounts }, (_, at) =>
    enlist(world, config, shared, at),
  )
  if (config.sophistication > 0) return posing(world, book, members, random)
  if (config.relay) return [pool(world, book, members, random)]
  return members.map((member) => ({
    accounts: [member.account],
    start: member.span.start,
    open: () => work(world, book, member),
  }))
}
