import { campaignSources } from './campaigns/campaign.ts'
import type { CampaignConfig, CustomerClass, HeldBack, WorldConfig } from './config.ts'
import { builders } from './customers/builders.ts'
import { drifting } from './drift.ts'
import { heldBackSources } from './heldback/campaigns.ts'
import { heldBackBuilders } from './heldback/customers.ts'
import { refusing } from './refusals.ts'
import type { Source } from './source.ts'
import type { Range, World } from './world.ts'

/** A part of a world's accounts that can be simulated without the others. */
export type Block = {
  readonly customers: readonly { readonly cls: CustomerClass; readonly range: Range }[]
  readonly campaigns: readonly CampaignConfig[]
  readonly heldBack: HeldBack | null
}

/**
 * Accounts of a block, at about 15 kB each while they are simulated. Divisible by 2 to 9, so that no
 * block parts accounts that act as one.
 */
export const blockAccounts = 20_160

/** The parts a world is simulated in: one, unless it is large. A campaign is in one block, whole. */
export function blocksOf(config: WorldConfig, most = blockAccounts): readonly Block[] {
  type Filling = Block & { customers: Block['customers'][number][]; campaigns: CampaignConfig[] }
  const blocks: Filling[] = []
  let room = 0
  const open = (accounts: number) => {
    const last = blocks.at(-1)
    if (last && room >= accounts) {
      room -= accounts
      return last
    }
    const block: Filling = {
      customers: [],
      campaigns: [],
      heldBack: blocks.length === 0 ? config.heldBack : null,
    }
    blocks.push(block)
    room = most - accounts
    return block
  }
  for (const { cls, accounts } of config.customers)
    for (let from = 0; from < accounts; from += most) {
      const to = Math.min(from + most, accounts)
      open(to - from).customers.push({ cls, range: { from, to } })
    }
  for (const campaign of config.campaigns)
    open(Math.min(most, campaign.accounts)).campaigns.push(campaign)
  return blocks
}

/** The accounts of a block, in the order in which they first may ask. Nothing has been asked yet. */
export function planOf(world: World, block: Block): readonly Source[] {
  const customers = block.customers.flatMap(({ cls, range }) => builders[cls](world, range))
  const campaigns = block.campaigns.flatMap((config) => campaignSources(world, config))
  const { drift, refusals } = world.config
  return [...customers, ...campaigns, ...heldBackOf(world, block.heldBack)]
    .map((source) => (drift ? drifting(world, source) : source))
    .map((source) => (refusals ? refusing(world, source) : source))
    .sort((a, b) => a.start - b.start)
}

function heldBackOf(world: World, heldBack: HeldBack | null): readonly Source[] {
  if (heldBack === null) return []
  const customers = heldBack.customers.flatMap(({ cls, accounts }) =>
    heldBackBuilders[cls](world, { from: 0, to: accounts }),
  )
  return [...customers, ...heldBack.campaigns.flatMap((each) => heldBackSources(world, each))]
}
