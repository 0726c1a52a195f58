import type { Report } from '../../record/report.ts'
import { caution, count, period, tally, verdictSentences } from '../words.ts'
import { type Markup, markup, none } from './markup.ts'
import { overview } from './timeline.ts'

/** What a reader who stops after one screen must know. */
export function masthead(report: Report): Markup {
  const [sentence = '', ...others] = verdictSentences(report)
  return markup`<header class="wide masthead">
<div class="brand">${mark}<h1>Stillwatch extraction audit</h1><span>${period(report.log)}</span></div>
<p class="lead">${sentence}</p>
<p class="second">${[...others, caution].join(' ')}</p>
${figures(report)}
<nav aria-label="Contents"><ul>
<li><a href="#campaigns">Campaigns</a></li>
<li><a href="#accounts">Accounts</a></li>
<li><a href="#limits">What was not looked at</a></li>
<li><a href="#reading">How to read this</a></li>
</ul></nav>
</header>`
}

/** Three levels of still water. */
const mark = markup`<svg width="22" height="18" viewBox="0 0 22 18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><path d="M1 3h20M4 9h14M8 15h6"/></svg>`

function figures(report: Report): Markup {
  const { log } = report
  const { flagged, watch } = tally(report)
  const alarm = (value: number, kind: string): string => (value > 0 ? kind : '')
  return markup`<dl class="figures">
${figure('exchanges', log.exchanges)}${figure(log.accounts === 1 ? 'account' : 'accounts', log.accounts)}
${figure(report.campaigns.length === 1 ? 'campaign' : 'campaigns', report.campaigns.length, alarm(report.campaigns.length, 'alarm'))}
${figure('flagged', flagged, alarm(flagged, 'alarm'))}${figure('on watch', watch, alarm(watch, 'watch'))}
${figure(log.rejected.lines === 1 ? 'line rejected' : 'lines rejected', log.rejected.lines)}
</dl>`
}

const figure = (label: string, value: number, kind = ''): Markup =>
  markup`<div class="${kind}"><dt>${label}</dt><dd>${count(value)}</dd></div>`

export const glanceChart = (report: Report): Markup =>
  report.log.exchanges === 0 ? none : overview(report.campaigns, report.log)
