import type { Report } from '../record/report.ts'
import { accountsSection, rowsOf } from './page/accounts.ts'
import { campaignsSection } from './page/campaigns.ts'
import { limitsSection, readingSection, statementsSection } from './page/limits.ts'
import { constant, markup } from './page/markup.ts'
import { script } from './page/script.ts'
import { style } from './page/style.ts'
import { masthead } from './page/summary.ts'
import { period } from './words.ts'

// The page may do nothing but show itself: the hashes admit this style sheet and this script, and
// no other. A test computes them; it prints the new ones when either text changes.
export const styleHash = 'sha256-FEX70CW68wj7LsGf6R3x7V4rPU9BF7NvuoVCl8aI74M='
export const scriptHash = 'sha256-2hEekPR6pW5Rq6sus/TaLpoX0cRDRysB3TErDCttl/Y='

const policy = [
  "default-src 'none'",
  `style-src '${styleHash}'`,
  `script-src '${scriptHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** The report as one page that asks for nothing: no address in it, readable without its script. */
export function htmlReport(report: Report): string {
  const rows = rowsOf(report)
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${constant(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Extraction audit, ${period(report.log)} – Stillwatch</title>
<link rel="icon" href="data:,">
<style>${constant(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
${masthead(report)}
<main id="main" class="wide" tabindex="-1">
${campaignsSection(report, rows)}
${accountsSection(report, rows)}
${statementsSection(report)}
${limitsSection(report)}
${readingSection()}
</main>
<footer class="wide">Written by Stillwatch ${report.stillwatch}. Campaigns and accounts are named by what their exchanges look like; no exchange is quoted here, but reasons may repeat short marks of what was asked.</footer>
<script>${constant(script)}</script>
</body>
</html>
`.markup
}
