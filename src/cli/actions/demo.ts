import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { audit } from '../../audit/audit.ts'
import { plantSecret } from '../../engine/data-directory.ts'
import type { Exchange, Report } from '../../record/index.ts'
import { htmlReport } from '../../report/html.ts'
import { type Scored, scoreReport } from '../../report/scores.ts'
import { terminalReport } from '../../report/terminal.ts'
import type { WorldConfig } from '../../sim/config.ts'
import { score, type Score } from '../../sim/score.ts'
import { demoWorld } from '../../sim/worlds.ts'
import { truthOf } from '../../sim/truth.ts'
import type { demoOptions } from '../commands/demo.ts'
import { exitCodes } from '../exit.ts'
import { jsonLines } from '../json.ts'
import type { Given } from '../option.ts'
import { writeOut, writeTarget } from '../output.ts'
import { type Progress, startProgress } from '../progress.ts'
import { auditLine } from '../progress-lines.ts'
import { withStore } from '../store.ts'
import { version } from '../version.ts'
import { writeWorld } from '../world-log.ts'
import { sheetOf } from './audit.ts'

type DemoGiven = Given<typeof demoOptions>

/**
 * The main job on a made-up provider: its log is written, audited and scored against the truth. The
 * secret is derived from the seed, so that a seed gives the same report on every machine.
 */
export async function demoAction(given: DemoGiven): Promise<number> {
  const progress = startProgress(process.stderr, given)
  const config = demoWorld(given.seed)
  const files = filesIn(given.out)
  const truth = truthOf(config)
  const extraction: Pick<Exchange, 'account' | 'time'>[] = []
  await writeWorld(config, files.log, progress, ({ account, time }) => {
    if (truth.accounts[account]?.label === 'attack') extraction.push({ account, time })
  })
  writeTarget(files.truth, jsonLines(truth))
  const report = await auditWorld(config, files, progress)
  progress.end()
  writeTarget(files.json, jsonLines(report))
  writeTarget(files.html, [htmlReport(report)])
  const scored = score(report, truth, extraction)
  const sheet = sheetOf(given)
  if (!given.quiet)
    await writeOut([
      terminalReport(report, sheet),
      '\n',
      scoreReport(shown(scored), sheet),
      places(files),
    ])
  return wentWell(scored) ? exitCodes.nothingFlagged : exitCodes.failed
}

type DemoFiles = ReturnType<typeof filesIn>

function filesIn(out: string) {
  const folder = resolve(out)
  mkdirSync(folder, { recursive: true })
  return {
    log: join(folder, 'log.jsonl'),
    truth: join(folder, 'truth.json'),
    json: join(folder, 'report.json'),
    html: join(folder, 'report.html'),
    // Not `data`: a folder of that name may be somebody's, and its secret would be replaced.
    data: join(folder, 'demo-data'),
  }
}

function auditWorld(config: WorldConfig, files: DemoFiles, progress: Progress): Promise<Report> {
  plantSecret(files.data, createHash('sha256').update(`demo ${config.seed}`).digest())
  const now = new Date(Date.parse(config.start) + config.days * 86_400_000)
  return withStore({ data: files.data }, (store) =>
    audit(store, [files.log], { version: version(), now }, (stage) =>
      progress.tell(auditLine(stage)),
    ),
  )
}

/** A score as its rendering takes it: shares, not counts. */
function shown(scored: Score): Scored {
  return {
    classes: scored.classes,
    campaigns: scored.campaigns.map((each) => ({
      ...each,
      flaggedShare: each.flagged,
      exposed: each.exchanges === 0 ? null : each.exposed / each.exchanges,
    })),
  }
}

function wentWell(scored: Score): boolean {
  return scored.true_positives > 0 && scored.false_positives === 0
}

function places(files: DemoFiles): string {
  return `\nThe report as a page:  ${files.html}\nThe log it is about:   ${files.log}\n`
}
