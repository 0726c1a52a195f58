import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { audit } from '../../audit/audit.ts'
import { plantSecret } from '../../engine/data-directory.ts'
import type { Exchange, Report } from '../../record/index.ts'
import { htmlReport } from '../../report/html.ts'
import { terminalReport } from '../../report/terminal.ts'
import { simulate } from '../../sim/simulate.ts'
import { truthOf } from '../../sim/truth.ts'
import { gatewayDemoWorld } from '../../sim/worlds.ts'
import { type Clock, clockOf } from '../clock.ts'
import type { demoOptions } from '../commands/demo.ts'
import { startGateway } from '../demo/gateway.ts'
import { startModel } from '../demo/model.ts'
import { heading, type Scene, sceneOf, summed, type Sums, tellAlong } from '../demo/stage.ts'
import { sendTraffic } from '../demo/traffic.ts'
import { exitCodes } from '../exit.ts'
import { jsonLines } from '../json.ts'
import type { Given } from '../option.ts'
import { writeOut, writeTarget } from '../output.ts'
import { type Progress, startProgress } from '../progress.ts'
import { auditLine } from '../progress-lines.ts'
import { withStore } from '../store.ts'
import { version } from '../version.ts'
import { sheetOf } from './audit.ts'

type DemoGiven = Given<typeof demoOptions>

/** How long the four days take. */
const trafficSeconds = 45
/** Between starting the gateway’s process and the first request. */
const startUpMs = 4000

/**
 * A gateway in front of a model of ours, four days in less than a minute: honest customers and two campaigns send
 * through it, and it finds out which is which. It is a process of its own, as in earnest; who is who is known here only.
 */
export async function demoGatewayAction(given: DemoGiven): Promise<number> {
  const progress = startProgress(process.stderr, given)
  progress.tell('making four days of traffic')
  const config = gatewayDemoWorld(given.seed)
  const startMs = Date.parse(config.start)
  const play: Play = {
    log: [...simulate(config)],
    scene: sceneOf(truthOf(config)),
    startMs,
    endMs: startMs + config.days * 86_400_000,
    say: async (line) => {
      if (!given.quiet) await writeOut([`${line}\n`])
    },
  }
  const files = filesIn(given.out)
  plantSecret(files.data, createHash('sha256').update(`demo ${config.seed}`).digest())
  const sums = await perform(play, files, progress)
  const report = await auditAgain(files, new Date(play.endMs), progress)
  progress.end()
  writeTarget(files.html, [htmlReport(report)])
  writeTarget(files.json, jsonLines(report))
  await play.say('\nThe same traffic in the eyes of an audit:\n')
  if (!given.quiet) await writeOut([terminalReport(report, sheetOf(given)), '\n'])
  await play.say(conclusion(sums))
  await play.say(`\nThe report as a page:  ${files.html}\nThe gateway's log:     ${files.log}`)
  return sums.honest.refused === 0 && sums.campaigns.refused > 0
    ? exitCodes.nothingFlagged
    : exitCodes.failed
}

type Play = {
  readonly log: readonly Exchange[]
  readonly scene: Scene
  readonly startMs: number
  readonly endMs: number
  readonly say: (line: string) => Promise<void>
}

/** Sends the traffic through a gateway, and tells along. */
async function perform(play: Play, files: DemoFiles, progress: Progress): Promise<Sums> {
  const { log, scene, startMs, endMs, say } = play
  const model = await startModel(log)
  try {
    progress.tell('starting the gateway')
    const clock: Clock = {
      startMs,
      wallMs: Date.now() + startUpMs,
      factor: (endMs - startMs) / (trafficSeconds * 1000),
    }
    const token = randomBytes(16).toString('hex')
    const gateway = await startGateway({ ...files, upstream: model.url, clock, token })
    progress.end()
    await say(`${introduction(scene)}\n\n${heading}`)
    const now = clockOf(clock)
    const traffic = sendTraffic(log, gateway.url, now, new Date(endMs))
    const telling = new AbortController()
    const told = tellAlong({ gateway, traffic, scene, now, data: files.data, say }, telling.signal)
    await traffic.done
    telling.abort()
    await told
    await gateway.stop()
    return summed(scene, traffic)
  } finally {
    model.close()
  }
}

type DemoFiles = ReturnType<typeof filesIn>

function filesIn(out: string) {
  const folder = resolve(out)
  mkdirSync(folder, { recursive: true })
  const files = {
    folder,
    log: join(folder, 'gateway.log'),
    record: join(folder, 'exchanges.jsonl'),
    html: join(folder, 'report.html'),
    json: join(folder, 'report.json'),
    // Not `data`: a folder of that name may be somebody’s.
    data: join(folder, 'gateway-data'),
    audited: join(folder, 'audit-data'),
  }
  for (const path of [files.log, files.record, files.data, files.audited])
    rmSync(path, { recursive: true, force: true })
  return files
}

async function auditAgain(files: DemoFiles, now: Date, progress: Progress): Promise<Report> {
  return await withStore({ data: files.audited }, (store) =>
    audit(store, [files.record], { version: version(), now }, (stage) =>
      progress.tell(auditLine(stage)),
    ),
  )
}

function introduction({ honest, campaigns }: Scene): string {
  const sizes = [...campaigns].map(([name, members]) => `${name} (${members.length} accounts)`)
  return `Four days of an API in ${trafficSeconds} seconds: ${honest.length} honest customers, and from the second day two campaigns,
${sizes.join(' and ')}, send through a gateway that does not know who is who.`
}

function conclusion({ honest, campaigns }: Sums): string {
  const all = campaigns.answered + campaigns.refused
  const share = all === 0 ? 0 : Math.round((100 * campaigns.refused) / all)
  return `Refused: ${campaigns.refused} of ${all} requests of the campaigns that reached the gateway (${share} %), and ${honest.refused} of ${
    honest.answered + honest.refused
  } of honest customers.`
}
