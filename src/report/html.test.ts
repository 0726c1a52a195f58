import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hostile, unsafe } from '../../test/support/report/hostile.ts'
import { emptyReport, sampleReport } from '../../test/support/report/sample.ts'
import { htmlReport, scriptHash, styleHash } from './html.ts'
import { accountRowsMax } from './page/accounts.ts'
import { script } from './page/script.ts'
import { style } from './page/style.ts'

const report = sampleReport('page')
const page = htmlReport(report)

const all = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? match[0])

/** The names of all tags, in order, without what is inside script and style. */
const tags = (text: string): readonly string[] =>
  all(text.replace(/<(script|style)>[\s\S]*?<\/\1>/g, ''), /<([a-z][a-z0-9]*)[\s>/]/g)

describe('the page', () => {
  test('admits its own style and script by their hashes, and nothing else', () => {
    const hash = (text: string): string =>
      `sha256-${createHash('sha256').update(text).digest('base64')}`
    expect({ styleHash, scriptHash }).toEqual({ styleHash: hash(style), scriptHash: hash(script) })
    expect(page).toContain(
      `content="default-src 'none'; style-src '${styleHash}'; script-src '${scriptHash}'; ` +
        `img-src data:; base-uri 'none'; form-action 'none'"`,
    )
    expect(page).toContain(`<style>${style}</style>`)
    expect(page).toContain(`<script>${script}</script>`)
  })

  test('names no address, and no style or handler in an attribute', () => {
    expect(all(page, /(?:src|href)="([^"#]+)/g)).toEqual(['data:,'])
    expect(page).not.toMatch(/https?:|url\(|@import| style="| on[a-z]+="/)
  })

  test('is the same text each time', () => {
    expect(htmlReport(sampleReport('page'))).toBe(page)
  })

  test('has its headings in order, one h1, and unique ids that its links find', () => {
    const levels = all(page, /<h([1-6])[ >]/g).map(Number)
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    const jumps = levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)
    expect(jumps).toEqual([])
    const ids = all(page, / id="([^"]*)"/g)
    expect(new Set(ids).size).toBe(ids.length)
    const missing = all(page, /href="#([^"]*)"/g).filter((target) => !ids.includes(target))
    expect(missing).toEqual([])
  })

  test('has its landmarks, scopes on table heads, names on charts and a skip link first', () => {
    for (const landmark of ['header', 'nav', 'main', 'footer'])
      expect(tags(page)).toContain(landmark)
    expect(all(page, /<th(?![^>]*scope=)[ >]/g)).toEqual([])
    expect(all(page, /<svg(?![^>]*(?:aria-hidden|role="img" aria-label=| x=))[^>]*>/g)).toEqual([])
    expect(all(page, /<a [^>]*>/g)[0]).toBe('<a class="skip" href="#main">')
  })

  test('tells of each campaign who, what, since when, why and how sure', () => {
    for (const campaign of report.campaigns) {
      expect(page).toContain(`>${campaign.id}</bdi>: `)
      for (const { text } of campaign.reasons) expect(page).toContain(text)
      for (const target of campaign.targets) expect(page).toContain(`<bdi>${target}</bdi>`)
    }
    expect(page).toContain('AML.T0008.005</span> Acquire Infrastructure: AI Service Proxies')
    expect(page).toContain('Off: answers were in 0% of exchanges.')
    expect(page).toContain('time is not RFC 3339')
  })
})

describe('a hostile log', () => {
  test('adds no tag and no attribute, and no control character', () => {
    const evil = htmlReport(hostile(sampleReport('evil')))
    const known = new Set(tags(page))
    expect(tags(evil).filter((tag) => !known.has(tag))).toEqual([])
    expect(all(evil, /<script/g)).toHaveLength(1)
    expect(all(evil, /<style/g)).toHaveLength(1)
    expect(evil).not.toMatch(/<[^>]* on[a-z]+=/)
    expect(evil).not.toMatch(unsafe)
    expect(evil).toContain('&lt;script&gt;document.title=&quot;owned&quot;&lt;/script&gt;')
  })
})

describe('sizes', () => {
  test('an empty log makes a page that says so', () => {
    const empty = htmlReport(emptyReport())
    expect(empty).toContain('No exchange could be read, so nothing was audited.')
    expect(empty).not.toMatch(/NaN|undefined|Infinity/)
  })

  test('a log of one day, and one of two years, draw without faults', () => {
    for (const days of [1, 2, 730])
      expect(htmlReport(sampleReport('days', { days, accounts: 300 }))).not.toMatch(
        /NaN|undefined|Infinity/,
      )
  })

  test('of a hundred thousand flagged accounts the page lists a named number', () => {
    const campaigns = [{ kind: 'relay-pool', accounts: 100_000 }] as const
    const many = htmlReport(sampleReport('many', { accounts: 110_000, campaigns, loners: 0 }))
    expect(all(many, /<tr id="account-/g)).toHaveLength(accountRowsMax + 23)
    expect(many).toContain('The first 5,000 of 100,000 accounts are listed')
    expect(many).toContain('and 99,500 more, in the JSON and CSV reports')
    expect(many.length).toBeLessThan(8_000_000)
  })
})
