import type { AccountVerdict, Report } from '../record/report.ts'
import { visible, visibleName } from './text.ts'
import { familiesOf } from './words.ts'

const header = [
  'account',
  'verdict',
  'score',
  'detected_at',
  'campaign',
  'exchanges',
  'families',
  'reasons',
]

/**
 * The accounts, one row each, in the report's order: RFC 4180, CRLF, UTF-8, first row the names.
 * A cell that a spreadsheet would take for a formula begins with an apostrophe, and what cannot be
 * seen is written `\u{…}`; the JSON report has every name exactly.
 */
export function csvReport(report: Report): string {
  return [header, ...report.accounts.map(row)].map((cells) => `${line(cells)}\r\n`).join('')
}

const row = (account: AccountVerdict): readonly string[] => [
  inert(visibleName(account.account)),
  account.verdict,
  account.score.toFixed(3),
  account.detected_at ?? '',
  account.campaign === null ? '' : inert(visibleName(account.campaign)),
  String(account.exchanges),
  familiesOf(account.reasons).join('; '),
  inert(account.reasons.map((reason) => visible(reason.text)).join(' | ')),
]

// OWASP, "CSV Injection": a cell that begins with one of these is evaluated, in full width too, and
// some programs trim blanks first. Numbers are ours and stay numbers.
const formula = /^\s*[=+\-@|%＝＋－＠]/u

const inert = (text: string): string => (formula.test(text) ? `'${text}` : text)

const line = (cells: readonly string[]): string => cells.map(quoted).join(',')

const quoted = (cell: string): string =>
  /[",;\t\r\n']/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
