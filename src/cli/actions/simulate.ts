import { StillwatchError } from '../../core/error.ts'
import { campaign, type Style, styleNames } from '../../sim/campaigns/styles.ts'
import type { WorldConfig } from '../../sim/config.ts'
import { truthOf } from '../../sim/truth.ts'
import { world } from '../../sim/worlds.ts'
import type { simulateOptions } from '../commands/simulate.ts'
import { exitCodes } from '../exit.ts'
import { jsonLines } from '../json.ts'
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
  if (truth !== undefined) writeTarget(truth, jsonLines(truthOf(config)))
  if (!given.quiet) process.stderr.write(`wrote ${exchanges} exchanges to ${out}\n`)
  return exitCodes.nothingFlagged
}

const usualStyles: readonly Style[] = ['bulk', 'farm', 'hydra', 'relay', 'likelihood', 'slow']

/** Campaigns begin after a tenth of the days, so that there is something to compare them with. */
function worldFrom({ accounts, days, seed, campaigns }: SimulateGiven): WorldConfig {
  const styles = campaigns.length === 0 ? usualStyles : stylesNamed(campaigns)
  const start = Math.floor(days / 10)
  return world({
    seed,
    accounts,
    days,
    campaigns: styles.map((style) => campaign(style, style, start, days)),
  })
}

function stylesNamed(names: readonly string[]): readonly Style[] {
  if (names.length === 1 && names[0] === 'none') return []
  return names.map((name) => {
    const style = styleNames.find((each) => each === name)
    if (style === undefined)
      throw new StillwatchError('usage', `--campaigns was given "${name}", which is no style.`, {
        fix: `Use none, or some of: ${styleNames.join(', ')}.`,
      })
    return style
  })
}
