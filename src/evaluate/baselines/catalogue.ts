import type { Store } from '../../engine/store.ts'
import type { IngestOptions } from '../../ingest/ingest.ts'
import type { Scores } from '../roc.ts'
import { withSketches } from '../sketch.ts'
import type { Baseline } from './baseline.ts'
import { minhashClusters } from './minhash-clusters/baseline.ts'
import { mmd } from './mmd/baseline.ts'
import { prada } from './prada/baseline.ts'
import { requestsPerDay } from './requests-per-day/baseline.ts'
import { seat } from './seat/baseline.ts'
import { sharedNetwork } from './shared-network/baseline.ts'
import { synchrotrap } from './synchrotrap/baseline.ts'

/** Every baseline, simplest first. */
export const baselines: readonly Baseline[] = [
  requestsPerDay,
  prada,
  seat,
  mmd,
  minhashClusters,
  sharedNetwork,
  synchrotrap,
]

export type BaselineScores = {
  readonly id: string
  readonly title: string
  readonly scores: Scores
}

type Stage = { readonly stage: 'sketches' } | { readonly stage: 'baseline'; readonly title: string }

/** Every baseline's scores of what the store holds; `sources` are read again for the sketches. */
export async function scoreBaselines(
  store: Store,
  sources: readonly string[],
  options: Pick<IngestOptions, 'now'>,
  names: ReadonlyMap<number, string>,
  progress: (now: Stage) => void,
): Promise<readonly BaselineScores[]> {
  progress({ stage: 'sketches' })
  return await withSketches(store, sources, options, async () => {
    const done: BaselineScores[] = []
    for (const { id, title, score } of baselines) {
      progress({ stage: 'baseline', title })
      const found = await score(store.engine)
      const named = [...found].map(([hash, value]) => [names.get(hash) ?? '', value] as const)
      done.push({ id, title, scores: new Map(named) })
    }
    return done
  })
}
