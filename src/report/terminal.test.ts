import { describe, expect, test } from 'vitest'
import { hostile, unsafe } from '../../test/support/report/hostile.ts'
import { emptyReport, sampleReport } from '../../test/support/report/sample.ts'
import { terminalReport } from './terminal.ts'
import { widthOf } from './text.ts'

const plain = { color: false, widthColumnsMax: 100 }
const widest = (text: string): number => Math.max(...text.split('\n').map(widthOf))

describe('terminalReport', () => {
  test('reads without a manual', () => {
    const report = sampleReport('terminal', {
      accounts: 400,
      watched: 1,
      loners: 1,
      campaigns: [{ kind: 'coordinated-accounts', accounts: 12 }],
    })
    expect(terminalReport(report, plain)).toMatchInlineSnapshot(`
      "Stillwatch 0.1.0 · 4 May 2026 to 17 May 2026

      The evidence points to 1 campaign of model extraction, run through 12 of 400 accounts. At most 0.04
      honest ones should be among the flagged: 1 in 10,000 accounts, or 1 in 20 flagged, whichever is
      fewer. 1 more was put on watch: nothing was concluded about it.

      293,041 exchanges · 400 accounts · 1 campaign · 13 flagged · 1 on watch · 137 lines rejected

      CAMPAIGNS
      Campaign  Who                 What                Since       Why                  How sure
      c-1       coordinated         aurora-large,       9 May 2026  content,             very strong (5.5)
                accounts (12)       worked-out                      elicitation,
                                    reasoning,                      timing, network
                                    training-format
                                    output

      c-1  coordinated accounts
        Who    acct_08d9c45ec3, acct_33bd8861ed, acct_dc4e26c824 and 9 more
        What   aurora-large, worked-out reasoning, training-format output; 7,306 exchanges, 335 (4.6%)
               before detection
        Since  9 May 2026, 07:00; detected 10 May 2026, 13:00; last seen 17 May 2026, 23:00 (UTC)
        Why    +2.1  12 accounts send prompts cut from 41 templates that no other account in the log
                     sends. [what was asked]
               +1.4  93% of its prompts ask for worked-out reasoning; among like customers 11% do.
                     [how it was asked]
               +1.2  When one account stops, another goes on with the same list within a minute: 212
                     times. [when it was asked]
               +0.8  All came through 3 networks, with the same client software. [where it came
                     from]
        Sure   very strong, score 5.5 from 4 kinds of evidence
        ATLAS  AML.T0024.002 Extract AI Model; AML.T0021 Establish Accounts; AML.T0040 AI Model Inference
               API Access; AML.T0065 LLM Prompt Crafting

      FLAGGED OUTSIDE CAMPAIGNS
      Account          Score  Detected     Exchanges  Strongest reason
      acct_d9ac9f31f6    3.3  17 May 2026      2,875  One account asks across 118 subjects, none twice;
                                                      the median customer keeps to 4.

      ON WATCH, NOTHING CONCLUDED
      Account          Score  Detected    Exchanges  Strongest reason
      acct_79410193e1    1.0  9 May 2026        470  70% of its prompts ask for worked-out reasoning;
                                                     among like customers 11% do.

      WHAT PEOPLE SAID
        · Vouch of Trust and Safety (our own red team, 2026-05-01 to 2026-06-30). It concerns 1 account; 1
          account not flagged for it.
        · 10 reviewed cases: 31 accounts upheld and 6 accounts overturned; 4 accounts not flagged again on
          reasons that were overturned. 2 reviewed accounts are not in this log.
        · cohort: overturned in 6 of 10 cases (95% interval 31–83%); its weights count 0.67 times.

      WHAT WAS NOT LOOKED AT
        · Account history: Off: the day an account was opened is known for 3% of accounts; at least half
          are needed.
        · Where answers went: Off: answers were in 0% of exchanges.
        · 96 lines rejected: no account
        · 29 lines rejected: time is not RFC 3339
        · 12 lines rejected: not JSON
        · 41 duplicates counted once

      A score of x says: the evidence is about 10^x times likelier from extraction than from similar
      customers, as estimated from this log. It is not the chance that the account is guilty.
      This report names alleged conduct, inferred from a log by statistics. Honest customers can look
      alike. A person must review the evidence before anything is done to an account.
      "
    `)
  })

  test('says so when nothing was found, and when nothing could be read', () => {
    const quiet = sampleReport('quiet', { accounts: 90, watched: 0, loners: 0, campaigns: [] })
    expect(terminalReport(quiet, plain)).toContain(
      'Nothing here points to model extraction: none of 90 accounts was flagged.',
    )
    expect(terminalReport(emptyReport(), plain)).toContain('so nothing was audited')
  })

  test('fits its width, with hostile names as with plain ones', () => {
    for (const widthColumnsMax of [60, 79, 100])
      for (const report of [sampleReport('wide'), hostile(sampleReport('wide'))])
        expect(
          widest(terminalReport(report, { color: true, widthColumnsMax })),
        ).toBeLessThanOrEqual(widthColumnsMax)
  })

  test('lets no control character of the log through', () => {
    expect(terminalReport(hostile(sampleReport('esc')), plain)).not.toMatch(unsafe)
  })

  test('colours only when asked', () => {
    const report = sampleReport('colour')
    const colored = terminalReport(report, { ...plain, color: true })
    expect(colored).toContain('\u001b[')
    expect(colored.replaceAll(/\p{Cc}\[\d+m/gu, '')).toBe(terminalReport(report, plain))
  })

  test('stays short with a hundred thousand accounts and many campaigns', () => {
    const campaigns = Array.from(
      { length: 60 },
      () => ({ kind: 'relay-pool', accounts: 9 }) as const,
    )
    const text = terminalReport(sampleReport('many', { accounts: 100_000, campaigns }), plain)
    expect(text).toContain('and 35 more campaigns')
    expect(text.split('\n').length).toBeLessThan(400)
  })
})
