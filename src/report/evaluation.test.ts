import { expect, test } from 'vitest'
import { sampleEvaluation } from '../../test/support/report/evaluation.ts'
import { evaluationReport } from './evaluation.ts'
import { widthOf } from './text.ts'

test('a world: what was found, by class and campaign, beside other methods', () => {
  const text = evaluationReport(sampleEvaluation(), { color: false, widthColumnsMax: 100 })
  expect(text).toMatchInlineSnapshot(`
    "made-up: 79,442 exchanges, 2,210 accounts, 14 days
    ──────────────────────────────────────────────────

    57 of 61 extraction accounts were flagged (93%; 84–97%), and 1 of 2,140 honest ones (under 0.1%;
    0.01–0.26%). 1 of 2 campaigns was found. Of their exchanges 20% were answered before the account was
    flagged. Where 0.1% of accounts extract, 26% of those flagged would, supposing the upper end of the
    second interval.

    HONEST ACCOUNTS, BY CLASS
    Honest accounts         Accounts  Flagged      share, 95%  On watch     share, 95%
    chat                       2,100        0     0%; 0–0.18%        12  0.6%; 0.33–1%
    evaluator                     40        1  2.5%; 0.44–13%         6   15%; 7.1–29%
    reseller (not counted)         9        4     44%; 19–73%         2   22%; 6.3–55%

    CAMPAIGNS
    Campaign          Type    Flagged     95%  In one  Purity  Lost  First flag  By then
    relay-roundrobin  relay  57 of 60  86–98%     90%    100%  7.5%        14 h     5.1%
    slow\\u{001b}[2J   slow     0 of 1   0–79%      0%      0%  100%       never

    BESIDE OTHER METHODS
    Method                    Honest         95%  Extraction        95%  Campaigns  Right at 0.1%
    Stillwatch            1 of 2,140  0.01–0.26%    57 of 61     84–97%          1             2%
    Stillwatch, by score  2 of 2,140  0.03–0.34%    58 of 61     87–98%          1             2%
    Requests per day      2 of 2,140  0.03–0.34%     1 of 61  0.29–8.7%          0             2%
    Flagged accounts of either kind. All but the first are cut by an oracle that knows the truth, at
    0.1% of honest accounts; campaigns are those with half of their accounts flagged.

    WITH A PART OF THE EVIDENCE SWITCHED OFF
    Switched off                              Honest  Extraction  Difference  Found  Lost
    nothing                                        1          57                  1   20%
    all of “where it came from”                    0          31         −26      0   65%
    (infrastructure)

    In one: its accounts that one reported campaign holds. Purity: how much of that campaign is this
    one. Lost: its exchanges answered before the account was flagged. First flag: of any of its
    accounts, since its first exchange; by then: its exchanges answered until that moment. Right at: of
    accounts flagged, the share that extracts if 0.1% of accounts do and honest ones are flagged as
    often as the upper end of the interval has it. Intervals are Wilson’s.
    "
  `)
})

test('several worlds have a section each, and one together', () => {
  const text = evaluationReport(sampleEvaluation(['first', 'second']), {
    color: false,
    widthColumnsMax: 100,
  })
  for (const heading of ['first: 79,442', 'second: 79,442', 'All 2 worlds', 'CAMPAIGNS, BY TYPE'])
    expect(text).toContain(heading)
})

test.each([100, 80])(
  'no line is wider than %i columns, and nothing moves the cursor',
  (columns) => {
    const evaluation = sampleEvaluation(['a-rather-long-name-of-a-world', 'b'])
    const text = evaluationReport(evaluation, { color: false, widthColumnsMax: columns })
    expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(columns)
    expect(text).not.toContain('\u001b')
  },
)
