import { campaign } from '../../src/sim/campaigns/styles.ts'
import type { WorldConfig } from '../../src/sim/config.ts'
import { world } from '../../src/sim/worlds.ts'

/** Customers over four days, with a relay pool and a key farm among them that an audit flags. */
export const twoCampaigns: WorldConfig = world({
  seed: 'dossier',
  accounts: 150,
  days: 4,
  campaigns: [
    campaign('relay', 'relay-pool', 1, 4, { accounts: 10 }),
    campaign('farm', 'key-farm', 1, 4, { accounts: 12 }),
  ],
})
