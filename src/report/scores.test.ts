import { expect, test } from 'vitest'
import { scoreReport } from './scores.ts'

test('scoreReport holds an audit against the truth', () => {
  const scored = {
    classes: [
      { cls: 'chat', label: 'benign', accounts: 2100, flagged: 0, watch: 12 },
      { cls: 'evaluator', label: 'benign', accounts: 40, flagged: 1, watch: 6 },
      { cls: 'reseller', label: 'grey', accounts: 9, flagged: 4, watch: 2 },
      { cls: 'relay', label: 'attack', accounts: 60, flagged: 57, watch: 2 },
    ],
    campaigns: [
      { name: 'relay', accounts: 60, flaggedShare: 0.95, recall: 0.9, purity: 1, exposed: 0.081 },
      { name: 'slow\u001b[2J', accounts: 1, flaggedShare: 0, recall: 0, purity: 0, exposed: null },
    ],
  }
  expect(scoreReport(scored, { color: false, widthColumnsMax: 80 })).toMatchInlineSnapshot(`
    "Against the truth: 57 of 60 extraction accounts were flagged (95%), and 1 of
    2,140 honest ones (under 0.1%). In 1 of 2 campaigns at least half the accounts
    were flagged.

    HONEST ACCOUNTS
    Who they really were    Accounts  Flagged  On watch
    chat                       2,100        0        12
    evaluator                     40        1         6
    reseller (not counted)         9        4         2

    CAMPAIGNS
    Campaign         Accounts  Flagged  In one  Purity  Lost before
    relay                  60      95%     90%    100%         8.1%
    slow\\u{001b}[2J         1       0%      0%      0%      unknown
    In one: its accounts that one reported campaign holds. Purity: how much of that
    campaign is this one. Lost before: its exchanges answered before the account was
    flagged.
    "
  `)
})
