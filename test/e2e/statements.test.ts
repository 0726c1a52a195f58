import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit, type AuditProgress } from '../../src/audit/audit.ts'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore, type Store } from '../../src/engine/store.ts'
import type { AccountVerdict, Report, Review, Vouch } from '../../src/record/index.ts'
import { terminalReport } from '../../src/report/terminal.ts'
import { nativeLine } from '../../src/sim/native.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { twoCampaigns } from '../support/two-campaigns.ts'

// What people say of accounts changes what happens to them, and is told.

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-statements-'))
const file = join(folder, 'log.jsonl')
let store: Store
/** The audit to which nobody said anything. */
let plain: Report

beforeAll(async () => {
  plantSecret(join(folder, 'data'), new Uint8Array(32).fill(8))
  store = await openStore({ data: join(folder, 'data') })
  writeFileSync(file, [...simulate(twoCampaigns)].map(nativeLine).join(''))
  plain = await audit(store, [file], { now, version: 'test' })
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const now = new Date('2026-07-01')

/** Audits with these lines said. */
async function audited(
  said: {
    readonly vouches?: readonly object[]
    readonly reviews?: readonly object[]
  },
  progress?: (now: AuditProgress) => void,
): Promise<Report> {
  const written = (name: string, entries: readonly object[] = []): readonly string[] => {
    const path = join(folder, name)
    writeFileSync(path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join('\n'))
    return entries.length === 0 ? [] : [path]
  }
  const vouches = written('vouches.jsonl', said.vouches)
  const reviews = written('reviews.jsonl', said.reviews)
  return await audit(store, [file], { now, version: 'test', vouches, reviews }, progress)
}

const flagged = ({ accounts }: Report): readonly string[] =>
  accounts
    .filter(({ verdict }) => verdict === 'flagged')
    .map(({ account }) => account)
    .sort()

function of(report: Report, account: string): AccountVerdict {
  const found = report.accounts.find((each) => each.account === account)
  if (found === undefined) throw new RangeError(account)
  return found
}

const notes = ({ reasons }: AccountVerdict, detector: 'vouch' | 'review'): string =>
  reasons
    .filter((reason) => reason.detector === detector)
    .map(({ text }) => text)
    .join(' ')

/** The largest campaign of the plain audit, and its accounts. */
function largest(): { readonly id: string; readonly accounts: readonly string[] } {
  return plain.campaigns.reduce((most, each) =>
    each.accounts.length > most.accounts.length ? each : most,
  )
}

const term = { by: 'Dana Ruiz', why: 'our own red team', since: '2020-01-01', until: '2030-12-31' }
const vouch = (more: Partial<Vouch>): Vouch => ({ ...term, ...more })

describe('a vouch', () => {
  test('keeps an account on watch, is named among its reasons, and shields nobody else', async () => {
    const [account = '', ...others] = flagged(plain)
    const report = await audited({ vouches: [vouch({ accounts: [account] })] })
    const verdict = of(report, account)
    expect(verdict.verdict).toBe('watch')
    expect(verdict.campaign).toBeNull()
    expect(notes(verdict, 'vouch')).toContain(
      'Dana Ruiz vouches for it until 2030-12-31: our own red team.',
    )
    expect(verdict.reasons.filter(({ weight }) => weight > 0).length).toBeGreaterThan(1)
    expect(flagged(report)).toEqual(others)
    expect(report.vouches).toEqual([{ ...term, state: 'in-force', accounts: 1, withheld: 1 }])
  })

  test('keeps an account from standing out while the audit goes on', async () => {
    const told: number[] = []
    const report = await audited({ vouches: [vouch({ accounts: flagged(plain) })] }, (stand) => {
      if (stand.stage === 'walk') told.push(stand.flagged)
    })
    expect(flagged(report)).toEqual([])
    expect(told.length).toBeGreaterThan(0)
    expect(Math.max(...told)).toBe(0)
  })

  test('for one kind of evidence leaves the rest to be judged', async () => {
    const accounts = largest().accounts
    const part = vouch({ accounts, detectors: ['account-shift'] })
    const whole = vouch({ accounts, families: ['elicitation', 'timing', 'api-use', 'content'] })
    const narrow = await audited({ vouches: [part] })
    const wide = await audited({ vouches: [whole] })
    expect(flagged(narrow)).toEqual(flagged(plain))
    expect(notes(of(narrow, accounts[0] ?? ''), 'vouch')).toContain('flag the account all the same')
    expect(flagged(wide)).toEqual(flagged(plain).filter((account) => !accounts.includes(account)))
  })

  test('that has expired, is spent or matches nobody has no effect, and the report says so', async () => {
    const [account = '', other = ''] = flagged(plain)
    const report = await audited({
      vouches: [
        vouch({ accounts: [account], until: '2020-02-01' }),
        vouch({ accounts: [other], exchanges_max: 1 }),
        vouch({ accounts: ['acct_of_nobody'] }),
        vouch({ orgs: ['org_of_nobody'] }),
      ],
    })
    expect(flagged(report)).toEqual(flagged(plain))
    expect(report.vouches.map(({ state, withheld }) => [state, withheld])).toEqual([
      ['expired', 0],
      ['in-force', 0],
      ['unmatched', 0],
      ['unmatched', 0],
    ])
    expect(notes(of(report, other), 'vouch')).toContain('It covers 1 exchanges')
    const screen = terminalReport(report, { color: false, widthColumnsMax: 200 })
    expect(screen).toContain('Warning: it matches no account of this log.')
    expect(screen).toContain('Expired:')
  })

  test('ends: what is flagged after it is flagged', async () => {
    const days = plain.log.days
    const [account = ''] = flagged(plain)
    const before = of(plain, account).detected_at ?? ''
    const until = days[1] ?? ''
    const report = await audited({ vouches: [vouch({ accounts: [account], until })] })
    const verdict = of(report, account)
    expect(before < `${days[2]}`).toBe(true)
    expect(verdict.verdict).toBe('flagged')
    expect((verdict.detected_at ?? '') > `${days[2]}`).toBe(true)
  })

  test.each([
    [{ ...term, accounts: [] }, 'no accounts'],
    [{ ...term, accounts: ['a'], until: undefined }, '"until" is missing'],
    [{ ...term, accounts: ['a'], until: '2026-02-30' }, 'neither a day'],
    [{ ...term, accounts: ['a'], until: '2019-01-01' }, 'ends before it begins'],
    [{ ...term, accounts: ['a'], unti: '2019-01-01' }, 'no field "unti"'],
    [{ ...term, accounts: ['a'], families: ['vibes'] }, 'no family "vibes"'],
    [{ ...term, accounts: ['a'], detectors: ['nose'] }, 'no detector "nose"'],
  ])('that cannot be used ends the run with the line: %o', async (line, words) => {
    const attempt = audited({ vouches: [vouch({ accounts: ['good'] }), line] })
    await expect(attempt).rejects.toMatchObject({ code: 'vouch-file' })
    await expect(attempt).rejects.toThrow(words)
    await expect(attempt).rejects.toThrow('line 3')
  })
})

const seen = { by: 'Dana Ruiz', when: '2026-06-01', why: 'a course that publishes its prompts' }
const review = (more: Partial<Review>): Review => ({
  case: 'C1',
  accounts: [],
  verdict: 'overturned',
  detectors: [],
  ...seen,
  ...more,
})

/** The detectors that speak against any of these accounts. */
function against(accounts: readonly string[]): readonly string[] {
  const found = accounts.flatMap((account) =>
    of(plain, account)
      .reasons.filter(({ weight }) => weight > 0)
      .map(({ detector }) => detector),
  )
  return [...new Set(found)]
}

describe('a review', () => {
  test('that overturned a case keeps it from being flagged again on the same reasons', async () => {
    const { accounts } = largest()
    const report = await audited({ reviews: [review({ accounts, detectors: against(accounts) })] })
    expect(flagged(report).filter((account) => accounts.includes(account))).toEqual([])
    for (const account of accounts) {
      expect(of(report, account).verdict).toBe('watch')
      expect(notes(of(report, account), 'review')).toContain(
        'Dana Ruiz overturned C1 on 2026-06-01: a course that publishes its prompts.',
      )
    }
    const use = { cases: 1, upheld: 0, overturned: accounts.length, unmatched: 0 }
    expect(report.reviews).toMatchObject({ ...use, withheld: accounts.length })
  })

  test('does not cover evidence that is ten times what was reviewed', async () => {
    const { accounts } = largest()
    const detectors = against(accounts)
    const report = await audited({ reviews: [review({ accounts, detectors, score: 0.5 })] })
    expect(flagged(report)).toEqual(flagged(plain))
    expect(notes(of(report, accounts[0] ?? ''), 'review')).toContain('judged anew')
  })

  test('that upheld a case flags its accounts, from the review at the latest', async () => {
    const [busiest] = plain.accounts
      .filter(({ verdict }) => verdict === 'clear')
      .sort((a, b) => b.exchanges - a.exchanges)
    const clear = busiest?.account ?? ''
    const day = plain.log.days[2] ?? ''
    const [known = ''] = flagged(plain)
    const upheld = { verdict: 'upheld', detectors: ['bulk'] } as const
    const report = await audited({
      reviews: [review({ ...upheld, accounts: [clear, known, 'acct_of_nobody'], when: day })],
    })
    expect(of(report, clear).verdict).toBe('flagged')
    expect((of(report, clear).detected_at ?? '').slice(0, 10)).toBe(day)
    expect(notes(of(report, clear), 'review')).toContain(`Dana Ruiz upheld C1 on ${day}`)
    expect(of(report, known).detected_at).toBe(of(plain, known).detected_at)
    expect(report.reviews).toMatchObject({ upheld: 2, overturned: 0, unmatched: 1 })
  })

  test('of many cases teaches what a detector is worth', async () => {
    const wrong = ['elicitation', 'account-shift', 'bulk', 'cohort', 'synchrony']
    const cases = Array.from({ length: 12 }, (_, at) =>
      review({ case: `old ${at}`, accounts: [`acct_gone_${at}`], detectors: wrong }),
    )
    const report = await audited({ reviews: cases })
    const learnt = report.reviews?.detectors ?? []
    expect(learnt.map(({ detector }) => detector)).toEqual([...wrong].sort())
    for (const { factor } of learnt) expect(factor).toBeCloseTo(0.25)
    const strongest = (each: Report): number =>
      Math.max(
        ...each.accounts.flatMap(({ reasons }) =>
          reasons.filter(({ detector }) => detector === 'elicitation').map(({ weight }) => weight),
        ),
      )
    expect(strongest(report)).toBeLessThan(strongest(plain) / 2)
    expect(flagged(report).length).toBeLessThan(flagged(plain).length)
    expect(terminalReport(report, { color: false, widthColumnsMax: 200 })).toContain(
      'elicitation: overturned in 12 of 12 cases (95% interval 76–100%); its weights count 0.25 times.',
    )
  })

  test('that cannot be used ends the run with the line', async () => {
    const attempt = audited({ reviews: [review({ accounts: ['a'] })] })
    await expect(attempt).rejects.toMatchObject({ code: 'review-file' })
    await expect(attempt).rejects.toThrow('line 1: it names no detectors')
  })
})
