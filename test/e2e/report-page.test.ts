import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { htmlReport } from '../../src/report/html.ts'
import { hostile } from '../support/report/hostile.ts'
import { emptyReport, sampleReport } from '../support/report/sample.ts'

const executablePath = '/usr/bin/chromium'
const installed = existsSync(executablePath)
if (!installed)
  process.stderr.write(
    `skipped: the report page in a browser, for there is no ${executablePath} (apt-get install chromium)\n`,
  )

/** Where to leave pictures of the page for a person to judge; none are made without it. */
const pictures = process.env['STILLWATCH_SCREENSHOTS']

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-page-'))
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, `${name}.html`), text)
  return pathToFileURL(join(folder, `${name}.html`)).href
}
const pages = {
  sample: write('sample', htmlReport(sampleReport('page'))),
  hostile: write('hostile', htmlReport(hostile(sampleReport('page', { accounts: 600 })))),
  empty: write('empty', htmlReport(emptyReport())),
}
type Name = keyof typeof pages
const names: readonly Name[] = ['sample', 'hostile', 'empty']

describe.skipIf(!installed)('the report page in Chromium', () => {
  let browser: Browser

  beforeAll(async () => {
    const quiet = ['--disable-gpu', '--disable-background-networking', '--no-first-run']
    // Chromium refuses its sandbox to root, which is who runs tests in a container.
    const args = process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet
    browser = await chromium.launch({ executablePath, args })
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Opens a page, runs `look`, and gives what the browser complained of or asked for. */
  async function visit(
    name: Name,
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ): Promise<readonly string[]> {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const heard: string[] = []
    page.on('console', (message) => heard.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => heard.push(`error: ${error.message}`))
    page.on('request', (request) => heard.push(`request: ${request.url()}`))
    page.on('dialog', (dialog) => heard.push(`dialog: ${dialog.message()}`))
    await page.goto(pages[name])
    await look(page)
    await context.close()
    return heard.filter((line) => line !== `request: ${pages[name]}`)
  }

  const overflow = (page: Page): Promise<number> =>
    page.evaluate('document.documentElement.scrollWidth - window.innerWidth')

  const focused = (page: Page): Promise<string> =>
    page.evaluate(
      '(document.activeElement?.textContent || document.activeElement?.id || "").trim()',
    )

  test.each(names)(
    '%s: no complaint, no request, no sideways scroll at any width',
    async (name) => {
      for (const width of [360, 768, 1280]) {
        const heard = await visit(name, { viewport: { width, height: 800 } }, async (page) => {
          expect(await overflow(page)).toBeLessThanOrEqual(0)
          expect(await page.title()).toMatch(/^Extraction audit, .* – Stillwatch$/)
        })
        expect(heard).toEqual([])
      }
    },
  )

  test('hostile names are text: one script, no image, no handler', async () => {
    await visit('hostile', {}, async (page) => {
      const made = 'document.querySelectorAll("script, img, iframe, object, embed, base").length'
      expect(await page.evaluate(made)).toBe(1)
      const handlers =
        '[...document.querySelectorAll("*")].filter((one) => [...one.attributes].some((a) => a.name.startsWith("on"))).length'
      expect(await page.evaluate(handlers)).toBe(0)
      const text = '<script>document.title="owned"</script>'
      expect(await page.getByText(text, { exact: false }).count()).toBeGreaterThan(0)
    })
  })

  test('the keyboard reaches the skip link first, and everything that opens', async () => {
    await visit('sample', {}, async (page) => {
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('Skip to the findings')
      expect(await page.locator('.skip').boundingBox()).toMatchObject({ y: 8 })
      await page.keyboard.press('Enter')
      expect(await page.evaluate('document.activeElement?.id')).toBe('main')
      const first = page.locator('article details').first()
      await first.locator('summary').focus()
      await page.keyboard.press('Enter')
      expect(await first.getAttribute('open')).toBe('')
      const outline = 'getComputedStyle(document.activeElement).outlineStyle'
      expect(await page.evaluate(outline)).toBe('solid')
    })
  })

  test('the filter hides the rows that lack the words, and says how many are left', async () => {
    await visit('sample', {}, async (page) => {
      await page.getByLabel('Filter by account').fill('c-3')
      await page.locator('#filtered').filter({ hasText: '1 of 208 accounts shown' }).waitFor()
      expect(await page.locator('tr[data-account]:visible').count()).toBe(1)
      await page.getByLabel('Filter by account').fill('')
      await page.locator('#filtered').filter({ hasText: /^$/ }).waitFor({ state: 'attached' })
    })
  })

  test('without JavaScript nothing is missing but the filter', async () => {
    await visit('sample', { javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('.filter').isVisible()).toBe(false)
      expect(await page.locator('tr[data-account]').count()).toBe(208)
    })
  })

  test('follows the reader’s wishes for colours and motion', async () => {
    const ground = 'getComputedStyle(document.documentElement).backgroundColor'
    const motion = 'getComputedStyle(document.documentElement).scrollBehavior'
    await visit('empty', { colorScheme: 'dark', reducedMotion: 'reduce' }, async (page) => {
      expect([await page.evaluate(ground), await page.evaluate(motion)]).toEqual([
        'rgb(18, 22, 21)',
        'auto',
      ])
    })
    await visit('empty', { colorScheme: 'light' }, async (page) => {
      expect(await page.evaluate(ground)).toBe('rgb(251, 250, 247)')
    })
  })

  test('prints, with the account lists of campaigns open', async () => {
    await visit('sample', {}, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      expect(await page.locator('article .names li').first().isVisible()).toBe(true)
      expect(
        await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'),
      ).toBe('rgb(255, 255, 255)')
      const pdf = await page.pdf({ preferCSSPageSize: true })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    })
  })

  test.skipIf(pictures === undefined)('pictures for a person to judge', async () => {
    const into = (name: string): string => join(pictures ?? '', name)
    for (const name of names)
      for (const [kind, width, colorScheme] of [
        ['light', 1280, 'light'],
        ['dark', 1280, 'dark'],
        ['phone', 360, 'light'],
      ] as const)
        await visit(name, { viewport: { width, height: 900 }, colorScheme }, async (page) => {
          await page.screenshot({ path: into(`${name}-${kind}.png`) })
          await page.screenshot({
            path: into(`${name}-${kind}-whole.png`),
            fullPage: true,
            clip: { x: 0, y: 0, width, height: 9000 },
          })
          if (kind === 'light')
            await page.pdf({ path: into(`${name}.pdf`), preferCSSPageSize: true })
        })
    expect(existsSync(into('sample.pdf'))).toBe(true)
  })
})
