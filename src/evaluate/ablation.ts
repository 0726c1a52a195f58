import { startClock, stepSecondsUsual } from '../audit/audit.ts'
import { stepEnd } from '../audit/build.ts'
import { readSteps, type StepClock } from '../audit/steps.ts'
import {
  campaignsOf,
  type Detector,
  detectors,
  emptyWalk,
  falseShareUsual,
  type Walk,
} from '../detect/index.ts'
import type { Store } from '../engine/store.ts'
import {
  type AblationEvaluation,
  type Exchange,
  families,
  type SwitchedOff,
} from '../record/index.ts'
import { score, type Scored } from '../sim/score.ts'
import { shareOf } from './figures.ts'
import type { WorldTruth } from './world.ts'

type Counts = Omit<AblationEvaluation, keyof SwitchedOff>

type Variant = { readonly part: SwitchedOff; readonly silenced: readonly string[] }

export type Known = {
  readonly truth: WorldTruth
  /** Account ids by fingerprint. */
  readonly names: ReadonlyMap<number, string>
  readonly exchanges: readonly Pick<Exchange, 'account' | 'time'>[]
}

/**
 * Walks what the store holds once for each detector and each family, with what these say switched off.
 * What they read stays: groups are formed as ever, for to be in a group is no evidence. The walks go side
 * by side, so that the rows are read once; memory holds a population for each.
 */
export async function ablate(
  store: Store,
  options: { readonly stepSeconds?: number; readonly falseShareMax?: number },
  known: Known,
  progress: (step: number, steps: number) => void,
): Promise<readonly AblationEvaluation[]> {
  const falseShareMax = options.falseShareMax ?? falseShareUsual
  const clock = await startClock(store, options.stepSeconds ?? stepSecondsUsual)
  // A family of one detector is that detector: one walk serves both.
  const walks = new Map<string, Walk>()
  for (const { silenced } of variants)
    if (!walks.has(silenced.join()))
      walks.set(
        silenced.join(),
        emptyWalk(without(silenced), { stepSeconds: clock.stepSeconds, falseShareMax }),
      )
  for await (const { step, steps, rows } of readSteps(store.engine, clock, detectors)) {
    for (const walk of walks.values()) walk.advance(step, rows)
    progress(step, steps)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return variants.flatMap(({ part, silenced }) => {
    const walk = walks.get(silenced.join())
    return walk === undefined ? [] : [{ ...part, ...countsOf(walk, clock, known) }]
  })
}

const variants: readonly Variant[] = [
  { part: { kind: 'nothing', off: '' }, silenced: [] },
  ...detectors.map(({ id }): Variant => ({ part: { kind: 'detector', off: id }, silenced: [id] })),
  ...families.map((family): Variant => ({
    part: { kind: 'family', off: family },
    silenced: detectors.filter((each) => each.family === family).map(({ id }) => id),
  })),
]

function without(silenced: readonly string[]): readonly Detector[] {
  return detectors.map((detector) => {
    if (!silenced.includes(detector.id)) return detector
    const { weighGroup: _group, weighAccount: _account, ...reading } = detector
    return reading
  })
}

function countsOf(walk: Walk, clock: StepClock, { truth, names, exchanges }: Known): Counts {
  const scored = score(scoredOf(walk, clock, names), truth, exchanges)
  return {
    false_positives: shareOf(scored.false_positives, scored.benign),
    true_positives: shareOf(scored.true_positives, scored.attack),
    campaigns_found: scored.campaigns_found,
    exchanges: scored.exchanges,
    exposed: scored.exposed,
  }
}

/** As much of a report as is scored, straight from the walk. */
function scoredOf(walk: Walk, clock: StepClock, names: Known['names']): Scored {
  const nameOf = (account: number): string => names.get(walk.population.hash(account)) ?? ''
  const states = walk.accounts()
  return {
    accounts: states.map(({ account, verdict, step }) => ({
      account: nameOf(account),
      verdict,
      detected_at: stepEnd(step, clock),
    })),
    campaigns: campaignsOf(states, walk.population).map(({ name, members }) => ({
      id: name,
      accounts: members.map(({ account }) => nameOf(account)),
    })),
  }
}
