import type { AuditProgress } from '../audit/audit.ts'
import { never } from '../core/error.ts'
import type { EvaluateProgress } from '../evaluate/evaluate.ts'
import type { IngestProgress } from '../ingest/progress.ts'

/** Where an audit stands, as one line. */
export function auditLine(now: AuditProgress): string {
  switch (now.stage) {
    case 'ingest':
      return ingestLine(now.ingest)
    case 'fingerprints':
      return 'comparing fingerprints'
    case 'walk':
      return `walking through time: ${percent(now.step, now.steps)}, ${count(now.flagged)} accounts stand out`
    case 'report':
      return 'putting the report together'
    default:
      return never(now)
  }
}

/** Where an evaluation stands, as one line. */
export function evaluateLine(now: EvaluateProgress): string {
  return `${now.world}: ${evaluateStage(now)}`
}

function evaluateStage(now: EvaluateProgress): string {
  switch (now.stage) {
    case 'audit':
      return auditLine(now.audit)
    case 'sketches':
      return 'reading again for the baselines'
    case 'baseline':
      return `baseline: ${now.title}`
    case 'ablation':
      return `walking with parts switched off: ${percent(now.step, now.steps)}`
    default:
      return never(now)
  }
}

function ingestLine(now: IngestProgress): string {
  if (now.phase === 'looking') return 'looking at the sources'
  if (now.phase === 'tidying') return `read ${count(now.exchanges)} exchanges, tidying`
  const file = now.file.slice(now.file.lastIndexOf('/') + 1)
  const files = now.filesTotal > 1 ? `, file ${now.filesDone + 1} of ${now.filesTotal}` : ''
  const part = now.bytesTotal > 0 ? `: ${percent(now.bytesDone, now.bytesTotal)}` : ''
  return `reading${part}${files}${file === '' ? '' : ` (${file})`}`
}

function percent(part: number, whole: number): string {
  return `${Math.min(100, Math.floor((100 * part) / Math.max(1, whole)))} %`
}

function count(number: number): string {
  return number.toLocaleString('en')
}
