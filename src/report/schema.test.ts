import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { emptyReport, sampleReport } from '../../test/support/report/sample.ts'
import {
  type AccountVerdict,
  type Campaign,
  type ExchangeLink,
  campaignKinds,
  families,
  type FamilyAvailability,
  type LogSummary,
  type Reason,
  type Rejected,
  type Report,
} from '../record/report.ts'
import type { DetectorReview, ReviewUse, VouchUse } from '../record/index.ts'

type Shape = { readonly properties: Readonly<Record<string, unknown>>; readonly required: string[] }

const text = readFileSync(new URL('../record/report.schema.json', import.meta.url), 'utf8')
const schema: Shape & {
  readonly $defs: {
    readonly [
      name in
        | 'account'
        | 'campaign'
        | 'reason'
        | 'exchangeLink'
        | 'vouchUse'
        | 'reviewUse'
        | 'detectorReview'
        | 'availability'
        | 'log'
    ]: Shape
  } & { readonly family: { readonly enum: string[] } }
} = JSON.parse(text)

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
formats.default(ajv)
const validate = ajv.compile(schema)

/** The fields of a type, listed so that the compiler finds one that is missing or too many. */
const fieldsOf = <T>(fields: { readonly [field in keyof Required<T>]: 1 }): readonly string[] =>
  Object.keys(fields).sort()

const agrees = (shape: Shape, fields: readonly string[]): boolean =>
  [Object.keys(shape.properties), [...shape.required]].every(
    (names) => names.sort().join() === fields.join(),
  )

describe('report.schema.json', () => {
  test('accepts the reports of an audit', () => {
    for (const report of [sampleReport('schema'), sampleReport('more'), emptyReport()]) {
      validate(JSON.parse(JSON.stringify(report)))
      expect(validate.errors ?? []).toEqual([])
    }
  })

  test('refuses an unknown field, a missing one, and a moment that is none', () => {
    const report = sampleReport('schema')
    const { stillwatch: _, ...headless } = report
    expect(validate({ ...report, extra: 1 })).toBe(false)
    expect(validate(headless)).toBe(false)
    const [campaign] = report.campaigns
    expect(validate({ ...report, campaigns: [{ ...campaign, first_seen: 'May' }] })).toBe(false)
  })

  test('has the fields of the TypeScript types, all required', () => {
    expect(
      agrees(
        schema,
        fieldsOf<Report>({
          stillwatch: 1,
          step_seconds: 1,
          false_accusations: 1,
          false_discoveries: 1,
          expected_false: 1,
          pseudonymous: 1,
          log: 1,
          accounts: 1,
          campaigns: 1,
          vouches: 1,
          reviews: 1,
        }),
      ),
    ).toBe(true)
    expect(
      agrees(
        schema.$defs.account,
        fieldsOf<AccountVerdict>({
          account: 1,
          verdict: 1,
          score: 1,
          detected_at: 1,
          campaign: 1,
          exchanges: 1,
          reasons: 1,
        }),
      ),
    ).toBe(true)
    expect(
      agrees(
        schema.$defs.campaign,
        fieldsOf<Campaign>({
          id: 1,
          kind: 1,
          accounts: 1,
          exchanges: 1,
          exchanges_before_detection: 1,
          first_seen: 1,
          last_seen: 1,
          detected_at: 1,
          score: 1,
          targets: 1,
          reasons: 1,
          atlas: 1,
          per_day: 1,
        }),
      ),
    ).toBe(true)
    expect(
      agrees(
        schema.$defs.reason,
        fieldsOf<Reason>({
          detector: 1,
          family: 1,
          text: 1,
          value: 1,
          weight: 1,
          exchanges: 1,
          would_clear: 1,
        }),
      ),
    ).toBe(true)
    expect(
      agrees(
        schema.$defs.exchangeLink,
        fieldsOf<ExchangeLink>({ exchange: 1, time: 1, file: 1, line: 1 }),
      ),
    ).toBe(true)
    expect(
      agrees(
        schema.$defs.vouchUse,
        fieldsOf<VouchUse>({
          by: 1,
          why: 1,
          since: 1,
          until: 1,
          state: 1,
          accounts: 1,
          withheld: 1,
        }),
      ),
    ).toBe(true)
    expect(
      agrees(
        schema.$defs.reviewUse,
        fieldsOf<ReviewUse>({
          cases: 1,
          upheld: 1,
          overturned: 1,
          unmatched: 1,
          withheld: 1,
          detectors: 1,
        }),
      ),
    ).toBe(true)
    expect(
      agrees(
        schema.$defs.detectorReview,
        fieldsOf<DetectorReview>({
          detector: 1,
          upheld: 1,
          overturned: 1,
          low: 1,
          high: 1,
          factor: 1,
        }),
      ),
    ).toBe(true)
    expect(
      agrees(
        schema.$defs.availability,
        fieldsOf<FamilyAvailability>({ family: 1, available: 1, note: 1 }),
      ),
    ).toBe(true)
    expect(
      agrees(
        schema.$defs.log,
        fieldsOf<LogSummary>({
          files: 1,
          formats: 1,
          exchanges: 1,
          duplicates: 1,
          accounts: 1,
          first: 1,
          last: 1,
          rejected: 1,
          families: 1,
          days: 1,
          per_day: 1,
        }),
      ),
    ).toBe(true)
    expect(
      agrees(
        schema.$defs.log.properties['rejected'] as Shape,
        fieldsOf<Rejected>({ lines: 1, reasons: 1 }),
      ),
    ).toBe(true)
  })

  test('has the same families and kinds of campaign', () => {
    const kind = schema.$defs.campaign.properties['kind'] as { readonly enum: string[] }
    expect(schema.$defs.family.enum).toEqual([...families])
    expect(kind.enum).toEqual([...campaignKinds])
  })
})
