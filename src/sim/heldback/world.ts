import type { HeldBack, WorldConfig } from '../config.ts'

/**
 * The world with the held-back campaigns and customers added, for a measurement that is made once,
 * after the last change to a detector. Whoever tunes on it has no other world left to measure on.
 */
export function withHeldBack(config: WorldConfig): WorldConfig {
  const honest = config.customers.reduce((sum, { accounts }) => sum + accounts, 0)
  const [startDay, endDay] = [Math.floor(config.days / 10), config.days]
  const days = { startDay, endDay }
  const heldBack: HeldBack = {
    customers: [
      { cls: 'contest', accounts: Math.max(25, Math.round(honest * 0.01)) },
      { cls: 'translation', accounts: Math.max(9, Math.round(honest * 0.003)) },
    ],
    campaigns: [
      {
        name: 'dialogue',
        style: 'dialogue',
        accounts: 60,
        perAccountPerDay: 14,
        dilution: 0.3,
        ...days,
      },
      { name: 'chain', style: 'chain', accounts: 90, perAccountPerDay: 20, dilution: 0.2, ...days },
      {
        name: 'translator',
        style: 'translator',
        accounts: 50,
        perAccountPerDay: 12,
        dilution: 0.4,
        ...days,
      },
    ],
  }
  return { ...config, name: `${config.name}, held back`, heldBack }
}
