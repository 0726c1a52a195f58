import { describe, expect, test } from 'vitest'
import { hostileNames, unsafe } from '../../test/support/report/hostile.ts'
import { type Example, type Explanation, explainReport } from './explain.ts'
import { widthOf } from './text.ts'

const example: Example = {
  time: '2026-05-09T07:12:03.120Z',
  account: 'acct_01',
  campaign: 'c-1',
  messages: [
    { role: 'system', text: 'You are a careful tutor.' },
    { role: 'user', text: 'Solve step by step, and show every line:\n\n\t3x + 4 = 19' },
  ],
  output: 'First, take 4 from both sides. '.repeat(12),
}

const explanation: Explanation = {
  subject: { kind: 'campaign', name: 'c-1' },
  reasons: [
    {
      detector: 'shared-templates',
      family: 'content',
      text: '48 accounts send prompts cut from 41 templates.',
      value: 41,
      weight: 2.1,
      exchanges: [
        {
          exchange: 'x-1k9fz3q0a7b',
          time: '2026-05-09T07:12:03.120Z',
          file: 'logs/may.jsonl',
          line: 12,
        },
      ],
      would_clear: 'A course that all of them take.',
      places: [
        {
          exchange: 'x-1k9fz3q0a7b',
          time: '2026-05-09T07:12:03.120Z',
          file: 'logs/may.jsonl',
          line: 12,
          logId: 'req_7781',
        },
      ],
    },
  ],
  examples: [example],
  neighbours: [
    { ...example, account: 'acct_tutor', campaign: null, output: null, messages: [] },
    { ...example, account: 'acct_school', campaign: null, output: 'x = 5' },
  ],
}

const nasty = (at: number): Example => ({
  ...example,
  account: hostileNames[at % hostileNames.length] ?? '',
  messages: hostileNames.map((text) => ({ role: text, text: `${text}\r\n\u001b]0;owned\u0007` })),
  output: hostileNames.join('\n'),
})

describe('explainReport', () => {
  test('sets examples beside honest neighbours where there is room', () => {
    const options = { color: false, widthColumnsMax: 100, textLinesMax: 4 }
    expect(explainReport(explanation, options)).toMatchInlineSnapshot(`
      "WHY THIS CAMPAIGN
      c-1
        +2.1  48 accounts send prompts cut from 41 templates. [what was asked]
              Would clear it: A course that all of them take.
              Read: req_7781 (logs/may.jsonl, line 12)

      EXAMPLES                                         │ HONEST NEAR NEIGHBOURS
      9 May 2026, 07:12 UTC, c-1                       │ 9 May 2026, 07:12 UTC
      acct_01                                          │ acct_tutor
      system                                           │ answer not in the log
        ┆ You are a careful tutor.                     │
      user                                             │
        ┆ Solve step by step, and show every line:     │
        ┆                                              │
        ┆   3x + 4 = 19                                │
      answer                                           │
        ┆ First, take 4 from both sides. First, take 4 │
        ┆ from both sides. First, take 4 from both     │
        ┆ sides. First, take 4 from both sides. First, │
        ┆ take 4 from both sides. First, take 4 from   │
        … cut here; 372 characters in all              │

                                                       │ 9 May 2026, 07:12 UTC
                                                       │ acct_school
                                                       │ system
                                                       │   ┆ You are a careful tutor.
                                                       │ user
                                                       │   ┆ Solve step by step, and show every line:
                                                       │   ┆
                                                       │   ┆   3x + 4 = 19
                                                       │ answer
                                                       │   ┆ x = 5

      The neighbours are clear accounts that resemble this one most. If the examples read like theirs,
      doubt the finding. This report names alleged conduct, inferred from a log by statistics. Honest
      customers can look alike. A person must review the evidence before anything is done to an account.
      "
    `)
  })

  test('sets them one after another where there is not', () => {
    const text = explainReport(explanation, { color: false, widthColumnsMax: 60 })
    expect(text.indexOf('EXAMPLES')).toBeLessThan(text.indexOf('HONEST NEAR NEIGHBOURS'))
  })

  test('no text of a log can move the cursor, pass for ours or break the width', () => {
    const evil: Explanation = {
      ...explanation,
      subject: { kind: 'account', name: hostileNames[10] },
      examples: [nasty(0), nasty(10), nasty(17)],
      neighbours: [nasty(11), nasty(18)],
    }
    for (const widthColumnsMax of [60, 100]) {
      const text = explainReport(evil, { color: false, widthColumnsMax })
      expect(text).not.toMatch(unsafe)
      expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(widthColumnsMax)
    }
  })

  test('a prompt as long as a book is cut, quickly, and says so', () => {
    const book = { ...example, messages: [{ role: 'user', text: 'word '.repeat(400_000) }] }
    const text = explainReport(
      { ...explanation, examples: [book] },
      { color: false, widthColumnsMax: 80 },
    )
    expect(text).toContain('… cut here; 2,000,000 characters in all')
  })
})
