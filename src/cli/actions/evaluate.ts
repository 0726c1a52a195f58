import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { disguised } from '../../evaluate/disguise.ts'
import { evaluate, type EvaluateOptions } from '../../evaluate/evaluate.ts'
import { readWorlds, type World } from '../../evaluate/world.ts'
import type { Evaluation } from '../../record/index.ts'
import { evaluationReport } from '../../report/evaluation.ts'
import { rocPicture } from '../../report/roc.ts'
import { truthOf } from '../../sim/truth.ts'
import { evaluationWorld } from '../../sim/worlds.ts'
import type { evaluateOptions } from '../commands/evaluate.ts'
import { exitCodes } from '../exit.ts'
import { jsonLines } from '../json.ts'
import type { Given } from '../option.ts'
import { targetsOf, writeTarget, writeTargets } from '../output.ts'
import { type Progress, startProgress } from '../progress.ts'
import { evaluateLine } from '../progress-lines.ts'
import { withPassingStore } from '../store.ts'
import { version } from '../version.ts'
import { writeWorld } from '../world-log.ts'
import { limitsFrom, sheetOf } from './audit.ts'

type EvaluateGiven = Given<typeof evaluateOptions>

/** One key for all evaluations: ties fall by fingerprint, and a figure must come out again elsewhere. */
const secret = createHash('sha256').update('evaluate').digest()

/** Measures, prints, writes; exit code 0 whatever the figures. */
export async function evaluateAction(
  folders: readonly string[],
  given: EvaluateGiven,
): Promise<number> {
  const targets = targetsOf<Evaluation>([
    { path: given.json, flag: '--json', parts: jsonLines },
    { path: given.picture, flag: '--picture', parts: (evaluation) => [rocPicture(evaluation)] },
  ])
  const named = folders.length === 0 ? null : readWorlds(folders)
  const evaluation = await measure(named, given)
  const summary = (): string => evaluationReport(evaluation, sheetOf(given))
  await writeTargets(targets, evaluation, { quiet: given.quiet, summary })
  return exitCodes.nothingFlagged
}

function measure(named: readonly World[] | null, given: EvaluateGiven): Promise<Evaluation> {
  const progress = startProgress(process.stderr, given)
  return withPassingStore({ secret, limits: limitsFrom(given) }, async (store, folder) => {
    try {
      const plain = named ?? [await simulated(join(folder, 'simulated'), progress)]
      const worlds = await inDisguise(plain, given, folder, progress)
      return await evaluate(store, worlds, optionsFrom(given), (now) =>
        progress.tell(evaluateLine(now)),
      )
    } finally {
      progress.end()
    }
  })
}

function optionsFrom(given: EvaluateGiven): EvaluateOptions {
  const { baseRate, ablation, step, falseAccusations } = given
  return {
    version: version(),
    now: new Date(),
    stepSeconds: step,
    falseShareMax: falseAccusations,
    baseRate,
    ablation,
  }
}

/** The worlds as they are, or as others with what was asked for replaced. */
async function inDisguise(
  worlds: readonly World[],
  { disguise: what }: EvaluateGiven,
  folder: string,
  progress: Progress,
): Promise<readonly World[]> {
  if (what === undefined) return worlds
  const others: World[] = []
  for (const [at, world] of worlds.entries()) {
    progress.tell(`disguising ${world.name}`)
    const place = join(folder, `disguised-${at}`)
    others.push(await disguised(world, { what, seed: disguiseSeed, folder: place }))
  }
  return others
}

/** One disguise for all evaluations, as there is one key. */
const disguiseSeed = 'evaluate'

/** Writes the world that is measured where none is named. */
async function simulated(folder: string, progress: Progress): Promise<World> {
  mkdirSync(folder, { recursive: true })
  const config = evaluationWorld('1')
  await writeWorld(config, join(folder, 'exchanges.jsonl'), progress)
  writeTarget(join(folder, 'truth.json'), jsonLines(truthOf(config)))
  const [world] = readWorlds([folder])
  if (world === undefined) throw new RangeError('a world was just written')
  return world
}
