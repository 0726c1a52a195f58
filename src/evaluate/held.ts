import { clopperPearson } from '../core/statistics.ts'
import { startClock, stepSecondsUsual } from '../audit/audit.ts'
import { readAccountNames } from '../audit/names.ts'
import { readSteps } from '../audit/steps.ts'
import { caseOf, detectors, emptyWalk, type Walk } from '../detect/index.ts'
import type { Store } from '../engine/store.ts'
import { ingest } from '../ingest/ingest.ts'
import type { Share } from '../record/index.ts'
import type { World } from './world.ts'

/** Who was flagged of those who are honest, where so large a share of them may be. */
export type Held = {
  readonly falseShareMax: number
  /** Honest accounts of each class, and those of them that were ever flagged. */
  readonly classes: ReadonlyMap<string, { readonly accounts: number; readonly flagged: number }>
  /** How many were flagged in each group in which any were, those judged alone as one each. */
  readonly groups: readonly number[]
}

/**
 * Audits a world with several settings of the one number at once, side by side over one reading of the log, and
 * counts the honest accounts that were flagged at any time: a verdict `flagged` stays. Empties the store.
 */
export async function everFlagged(
  store: Store,
  { sources, truth }: Pick<World, 'sources' | 'truth'>,
  shares: readonly number[],
  now: Date,
): Promise<readonly Held[]> {
  await ingest(store.engine, store.directory, sources, { now })
  const clock = await startClock(store, stepSecondsUsual)
  const walks = shares.map((falseShareMax) => ({
    falseShareMax,
    walk: emptyWalk(detectors, { stepSeconds: clock.stepSeconds, falseShareMax }),
  }))
  for await (const { step, rows } of readSteps(store.engine, clock, detectors))
    for (const { walk } of walks) walk.advance(step, rows)
  const names = await readAccountNames(store)
  const honest = (hash: number): string | null => {
    const known = truth.accounts[names.get(hash) ?? '']
    return known?.label === 'benign' ? known.cls : null
  }
  return walks.map(({ falseShareMax, walk }) => ({ falseShareMax, ...counted(walk, honest) }))
}

function counted(
  walk: Walk,
  honest: (hash: number) => string | null,
): Pick<Held, 'classes' | 'groups'> {
  const classes = new Map<string, { readonly accounts: number; readonly flagged: number }>()
  const groups = new Map<string, number>()
  for (const state of walk.accounts()) {
    const cls = honest(walk.population.hash(state.account))
    if (cls === null) continue
    const { accounts, flagged } = classes.get(cls) ?? { accounts: 0, flagged: 0 }
    const accused = state.verdict === 'flagged' ? 1 : 0
    classes.set(cls, { accounts: accounts + 1, flagged: flagged + accused })
    const place = caseOf(state)
    if (accused === 1) groups.set(place, (groups.get(place) ?? 0) + 1)
  }
  return { classes, groups: [...groups.values()] }
}

/**
 * The share of honest accounts flagged over some worlds, with its 95 % interval. Accounts are flagged with their
 * group or not at all, so that what is counted are groups of the size that was seen: 8 flagged in one group are
 * one event, and leave room for more than 8 strangers would.
 */
export function heldShare(all: readonly Held[]): Share {
  const groups = all.flatMap((each) => each.groups)
  const count = groups.reduce((sum, size) => sum + size, 0)
  const of = all
    .flatMap(({ classes }) => [...classes.values()])
    .reduce((sum, { accounts }) => sum + accounts, 0)
  const together = groups.length === 0 ? 1 : count / groups.length
  return { count, of, ...clopperPearson(groups.length, Math.floor(of / together)) }
}
