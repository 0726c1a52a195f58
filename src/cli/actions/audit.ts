import { audit, type AuditOptions } from '../../audit/audit.ts'
import type { EngineLimits } from '../../engine/engine.ts'
import { defaultLimits, type StoreOptions } from '../../engine/store.ts'
import type { Report } from '../../record/index.ts'
import { csvReport } from '../../report/csv.ts'
import { htmlReport } from '../../report/html.ts'
import { terminalReport } from '../../report/terminal.ts'
import type { auditOptions, screenOptions, storeOptions } from '../commands/audit.ts'
import { exitCodes } from '../exit.ts'
import { jsonLines } from '../json.ts'
import { keepReport, readNames } from '../last-report.ts'
import type { Given } from '../option.ts'
import { targetsOf, writeTargets } from '../output.ts'
import { startProgress } from '../progress.ts'
import { auditLine } from '../progress-lines.ts'
import { withStore } from '../store.ts'
import { wantsColor, widthOf } from '../terminal.ts'
import { version } from '../version.ts'

type AuditGiven = Given<typeof auditOptions>

/** Audits, prints, writes; exit code 3 where something was flagged. */
export async function auditAction(sources: readonly string[], given: AuditGiven): Promise<number> {
  const targets = targetsOf<Report>([
    { path: given.json, flag: '--json', parts: jsonLines },
    { path: given.html, flag: '--html', parts: (report) => [htmlReport(report)] },
    { path: given.csv, flag: '--csv', parts: (report) => [csvReport(report)] },
  ])
  const report = await runAudit(sources, given)
  const summary = (): string => terminalReport(report, sheetOf(given))
  await writeTargets(targets, report, { quiet: given.quiet, summary })
  return isFlagged(report) ? exitCodes.flagged : exitCodes.nothingFlagged
}

function runAudit(sources: readonly string[], given: AuditGiven): Promise<Report> {
  const progress = startProgress(process.stderr, given)
  return withStore(storeFrom(given), async (store) => {
    try {
      const report = await audit(store, sources, auditFrom(given), (now) =>
        progress.tell(auditLine(now)),
      )
      keepReport(report, store, given.pseudonymous ? null : await readNames(store))
      return report
    } finally {
      progress.end()
    }
  })
}

function auditFrom(given: AuditGiven): AuditOptions {
  const { format, identity, retain } = given
  return {
    version: version(),
    now: new Date(),
    stepSeconds: given.step,
    falseShareMax: given.falseAccusations,
    sinceLast: given.sinceLast,
    maxRejectedShare: given.maxRejected,
    keepText: given.keepText,
    pseudonymous: given.pseudonymous,
    vouches: given.vouch,
    reviews: given.reviewed,
    ...(format === undefined ? {} : { format }),
    ...(identity === undefined ? {} : { identity }),
    ...(retain === undefined ? {} : { retainDays: retain }),
  }
}

/** The store that the options name. */
export function storeFrom(given: Given<typeof storeOptions>): StoreOptions {
  const { data, engine } = given
  return {
    data,
    ...(engine === undefined ? {} : { server: engine }),
    limits: limitsFrom(given),
  }
}

/** What the engine may use: as the options say, and the usual where they do not. */
export function limitsFrom({
  memory,
  threads,
}: Pick<Given<typeof storeOptions>, 'memory' | 'threads'>): EngineLimits {
  const { memoryBytesMax, threadsMax } = defaultLimits()
  return { memoryBytesMax: memory ?? memoryBytesMax, threadsMax: threads ?? threadsMax }
}

export function sheetOf(given: Given<typeof screenOptions>): Parameters<typeof terminalReport>[1] {
  return {
    color: wantsColor(process.stdout, given.noColor),
    widthColumnsMax: widthOf(process.stdout),
  }
}

function isFlagged(report: Report): boolean {
  return report.accounts.some(({ verdict }) => verdict === 'flagged')
}
