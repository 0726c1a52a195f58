import { describe, expect, test } from 'vitest'
import { hostile, hostileNames } from '../../test/support/report/hostile.ts'
import { sampleReport } from '../../test/support/report/sample.ts'
import type { Reason, Report } from '../record/report.ts'
import { csvReport } from './csv.ts'

/** RFC 4180, read strictly: a quoted field may hold anything, a bare one no quote. */
function parse(text: string): readonly (readonly string[])[] {
  expect(text.endsWith('\r\n')).toBe(true)
  return text
    .slice(0, -2)
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)].map(
        ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
      ),
    )
}

const note: Reason = {
  detector: 'review',
  family: 'biography',
  text: 'Dana Ruiz upheld C1 on 2026-06-01: a data vendor.',
  value: 0,
  weight: 0,
  exchanges: [],
  would_clear: '',
}

describe('csvReport', () => {
  test('has a row for each account, in the report’s order', () => {
    const report = sampleReport('csv', { accounts: 300 })
    const [header, ...rows] = parse(csvReport(report))
    expect(header?.join()).toBe(
      'account,verdict,score,detected_at,campaign,exchanges,families,reasons',
    )
    expect(rows.map((row) => row[0])).toEqual(report.accounts.map((one) => one.account))
    expect(rows[0]?.slice(1, 7)).toEqual([
      'flagged',
      '5.500',
      report.accounts[0]?.detected_at,
      report.accounts[0]?.campaign,
      String(report.accounts[0]?.exchanges),
      'content; elicitation; timing; infrastructure',
    ])
  })

  test('what people said of an account is no kind of evidence', () => {
    const sample = sampleReport('csv', { accounts: 300 })
    const accounts = sample.accounts.map((one) => ({ ...one, reasons: [...one.reasons, note] }))
    const families = (report: Report): readonly (string | undefined)[] =>
      parse(csvReport(report)).map((row) => row[6])
    expect(families({ ...sample, accounts })).toEqual(families(sample))
  })

  test('every row has eight cells, and none is a formula, whatever the log says', () => {
    const rows = parse(csvReport(hostile(sampleReport('csv', { accounts: 300 }))))
    expect(rows.every((row) => row.length === 8)).toBe(true)
    const texts = rows.flatMap((row) => [row[0], row[4], row[7]].map((cell) => cell ?? ''))
    expect(texts.filter((cell) => /^\s*[=+\-@|%]/.test(cell))).toEqual([])
    expect(texts.filter((cell) => /\p{Cc}/u.test(cell))).toEqual([])
  })

  test('a formula keeps its text, behind an apostrophe', () => {
    const rows = parse(csvReport(hostile(sampleReport('csv', { accounts: 300 }))))
    const at = hostileNames.indexOf('-2+3')
    expect(rows[at + 1]?.[0]).toBe("'-2+3")
  })
})
