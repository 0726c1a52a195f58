import { campaignSources } from './campaigns/campaign.ts'
import type { CustomerClass } from './config.ts'
import { coder } from './customers/coders.ts'
import { course, hackathon } from './customers/crowds.ts'
import { annotator, evaluator, testdata } from './customers/laboratories.ts'
import { chat, enterprise, hobbyist, launch, mover, viral } from './customers/people.ts'
import { aggregator, app, articles, batch, rag, tutor } from './customers/products.ts'
import { reseller } from './customers/resellers.ts'
import type { Source } from './source.ts'
import type { Builder, World } from './world.ts'

const builders: Readonly<Record<CustomerClass, Builder>> = {
  chat,
  hobbyist,
  coder,
  course,
  evaluator,
  app,
  rag,
  batch,
  viral,
  enterprise,
  tutor,
  writer: articles,
  aggregator,
  hackathon,
  annotator,
  launch,
  mover,
  reseller,
  testdata,
}

/** Everybody in a world, in the order in which they first may ask. Nothing has been asked yet. */
export function planOf(world: World): readonly Source[] {
  const customers = world.config.customers.flatMap(({ cls, accounts }) =>
    builders[cls](world, accounts),
  )
  const campaigns = world.config.campaigns.flatMap((config) => campaignSources(world, config))
  return [...customers, ...campaigns].sort((a, b) => a.start - b.start)
}
