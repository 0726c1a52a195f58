import { StillwatchError } from '../../core/error.ts'
import { campaign, type Style } from '../../sim/campaigns/styles.ts'
import type { WorldConfig } from '../../sim/config.ts'
import { withHeldBack } from '../../sim/heldback/world.ts'
import { truthLines } from '../../sim/truth.ts'
import { wideWorld } from '../../sim/worlds.ts'
import type { simulateOptions } from '../commands/simulate.ts'
import { exitCodes } from '../exit.ts'
import type { Given } from '../option.ts'
import { checkTarget, writeTarget } from '../output.ts'
import { startProgress } from '../progress.ts'
import { writeWorld } from '../world-log.ts'

type SimulateGiven = Given<typeof simulateOptions>

/** Writes a simulated log and its truth. */
export async function simulateAction(given: SimulateGiven): Promise<number> {
  const { out, truth } = given
  if (out === undefined)
    throw new StillwatchError('usage', '--out is needed: the file to write the log to.', {
      fix: 'For example: --out log.jsonl.gz.',
    })
  checkTarget(out, '--out')
  if (truth !== undefined) checkTarget(truth, '--truth')
  const config = worldFrom(given)
  const progress = startProgress(process.stderr, given)
  const { exchanges } = await writeWorld(config, out, progress)
  progress.end()
  if (truth !== undefined) writeTarget(truth, truthLines(config))
  if (!given.quiet) process.stderr.write(`wrote ${exchanges} exchanges to ${out}\n`)
  return exitCodes.nothingFlagged
}

const usualStyles: readonly Style[] = ['bulk', 'farm', 'hydra', 'relay', 'likelihood', 'slow']

/** Campaigns begin after a tenth of the days, so that there is something to compare them with. */
function worldFrom({
  accounts,
  days,
  seed,
  campaigns,
  fullOutputs,
  heldBack,
}: SimulateGiven): WorldConfig {
  const named =
    campaigns.length === 0 ? usualStyles.map((style) => ({ style, differs: {} })) : campaigns.flat()
  const start = Math.floor(days / 10)
  const before = new Map<Style, number>()
  const config = wideWorld({
    seed,
    accounts,
    days,
    ...(fullOutputs ? { outputCharacters: Infinity } : {}),
    campaigns: named.map(({ style, differs }) => {
      const count = (before.get(style) ?? 0) + 1
      before.set(style, count)
      return campaign(style, count === 1 ? style : `${style}-${count}`, start, days, differs)
    }),
  })
  return heldBack ? withHeldBack(config) : config
}
