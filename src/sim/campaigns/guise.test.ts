import { expect, test } from 'vitest'
import type { Exchange } from '../../record/index.ts'
import type { CampaignConfig } from '../config.ts'
import { simulate } from '../simulate.ts'
import { truthOf } from '../truth.ts'
import { wideWorld } from '../worlds.ts'
import { campaign } from './styles.ts'

/** What the accounts of one hydra asked, and how many of its accounts there are. */
function asked(differs: Partial<CampaignConfig>): readonly Exchange[] {
  const hydra = { accounts: 40, lifeDays: 0, failover: 0, ...differs }
  const campaigns = [campaign('hydra', 'hydra', 0, 4, hydra)]
  const config = wideWorld({ seed: 'guise', accounts: 20, days: 4, campaigns })
  const { accounts } = truthOf(config)
  return [...simulate(config)].filter(({ account }) => accounts[account]?.campaign === 'hydra')
}

function share(exchanges: readonly Exchange[], is: (exchange: Exchange) => boolean): number {
  return exchanges.filter(is).length / exchanges.length
}

test('the more sophisticated a campaign, the less its settings are its own', () => {
  const shares = [0, 0.5, 1].map((sophistication) =>
    share(
      asked({ sophistication, dilution: 0 }),
      ({ request }) => request.max_tokens === 4096 && request.temperature !== 0,
    ),
  )
  const [careless = 0, half = 0, careful = 1] = shares
  expect(careless).toBeGreaterThan(half)
  expect(half).toBeGreaterThan(careful)
  expect(careful).toBeLessThan(0.15)
})

test('a seed stands in every turn that presents it, and cover is what the honest builder made', () => {
  const first = ({ request }: Exchange): string => {
    const found = request.messages.find(({ role }) => role === 'user')?.content
    return typeof found === 'string' ? found : ''
  }
  const [none, all] = [1, 0].map((dilution) =>
    asked({ dilution, sophistication: 1, cover: ['chat'], perAccountPerDay: 4 }),
  )
  const covers = new Set(none?.map(first))
  const seeds = new Set(all?.map(first))
  // Dilution varies a little from account to account, and never leaves a campaign without a seed.
  expect([...seeds].filter((text) => covers.has(text)).length / seeds.size).toBeLessThan(0.1)
  const later = all?.filter(({ request }) => request.messages.length > 1) ?? []
  const opened = new Set(all?.filter(({ request }) => request.messages.length === 1).map(first))
  expect(later.length).toBeGreaterThan(50)
  expect(later.every((exchange) => opened.has(first(exchange)))).toBe(true)
})
