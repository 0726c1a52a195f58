import type { Campaign, LogSummary, Reason, Report } from '../../record/report.ts'
import { visibleName } from '../text.ts'
import {
  atlasName,
  count,
  counted,
  day,
  decimal,
  familiesOf,
  familyWords,
  kindMeanings,
  kindWords,
  moment,
  placesOf,
  share,
  sureness,
} from '../words.ts'
import { type Markup, join, markup, none } from './markup.ts'
import { glanceChart } from './summary.ts'
import { spark, timeline } from './timeline.ts'

const campaignsDrawnMax = 200
const accountsListedMax = 500
const accountsOpenMax = 8

/** Where an account's row is, for those that have one. */
export type Rows = ReadonlyMap<string, string>

export function campaignsSection(report: Report, rows: Rows): Markup {
  const drawn = report.campaigns.slice(0, campaignsDrawnMax)
  const rest = report.campaigns.length - drawn.length
  return markup`<section id="campaigns" aria-labelledby="campaigns-title">
<h2 id="campaigns-title">Campaigns</h2>
<p>${introduction(report.campaigns.length)}</p>
${glanceChart(report)}
${drawn.length === 0 ? none : glance(drawn, report.log)}
${rest > 0 ? markup`<p class="note">Only the first ${count(campaignsDrawnMax)} campaigns are shown; ${counted(rest, 'more is', 'more are')} in the JSON report.</p>` : none}
${drawn.map((campaign, at) => article(campaign, at, report.log, rows))}
</section>`
}

const introduction = (campaigns: number): string =>
  campaigns === 0
    ? 'The evidence does not add up to a campaign. That is not proof that there was none: see what was not looked at.'
    : 'Each campaign is a set of accounts whose exchanges, taken together, look like the harvesting of a model’s answers. Times are UTC.'

export const anchorOf = (at: number): string => `campaign-${at + 1}`

function glance(campaigns: readonly Campaign[], log: LogSummary): Markup {
  const body = campaigns.map(
    (
      campaign,
      at,
    ) => markup`<tr><th scope="row"><a href="#${anchorOf(at)}">${visibleName(campaign.id)}</a></th>
<td>${kindWords[campaign.kind]}</td><td class="n">${count(campaign.accounts.length)}</td><td class="n">${count(campaign.exchanges)}</td>
<td>${spark(campaign, log)}</td><td class="date">${day(campaign.first_seen)}</td><td class="date">${moment(campaign.detected_at)}</td>
<td class="sure">${sureness(campaign.score)}, ${decimal(campaign.score)}</td></tr>`,
  )
  return markup`<p class="says" id="glance">The campaigns at a glance: the shape is exchanges a day, the dashed line the moment of detection.</p>
<div class="scroll" role="region" aria-labelledby="glance" tabindex="0"><table class="glance">
<thead><tr><th scope="col">Campaign</th><th scope="col">Kind</th><th scope="col" class="n">Accounts</th><th scope="col" class="n">Exchanges</th><th scope="col">Over the log</th><th scope="col">First seen</th><th scope="col">Detected</th><th scope="col">How sure</th></tr></thead>
<tbody>${body}</tbody></table></div>`
}

function article(campaign: Campaign, at: number, log: LogSummary, rows: Rows): Markup {
  const id = anchorOf(at)
  return markup`<article id="${id}" aria-labelledby="${id}-title">
<div class="opening"><header><h3 id="${id}-title"><bdi>${visibleName(campaign.id)}</bdi>: ${kindWords[campaign.kind]}</h3>
<p>${sure(campaign)}</p></header>
${gist(campaign)}
${timeline(campaign, log)}</div>
<div class="parts"><div><h4>Why: the evidence, strongest first</h4>${reasonList(campaign.reasons)}</div>
<div class="side">${targets(campaign)}${atlas(campaign)}${accountsOf(campaign, rows)}</div></div>
</article>`
}

const sure = (campaign: Campaign): string =>
  `How sure: ${sureness(campaign.score)}, score ${decimal(campaign.score)} from ` +
  counted(familiesOf(campaign.reasons).length, 'kind of evidence', 'kinds of evidence')

function gist(campaign: Campaign): Markup {
  const lost = campaign.exchanges_before_detection
  return markup`<p class="gist">${capital(kindMeanings[campaign.kind])}: ${counted(campaign.accounts.length, 'account')} and ${counted(campaign.exchanges, 'exchange')} since ${moment(campaign.first_seen)}. Detected ${moment(campaign.detected_at)}; by the time its accounts were flagged, ${counted(lost, 'exchange')} (${share(lost, campaign.exchanges)}) had been answered. Last seen ${moment(campaign.last_seen)}.</p>`
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

export function reasonList(reasons: readonly Reason[]): Markup {
  if (reasons.length === 0) return markup`<p class="quiet">No reasons were recorded.</p>`
  const sorted = [...reasons].sort((a, b) => b.weight - a.weight)
  const most = Math.max(...sorted.map((reason) => Math.abs(reason.weight)), 1)
  return markup`<ol class="reasons">${sorted.map((reason) => reasonItem(reason, most))}</ol>`
}

const reasonItem = (reason: Reason, most: number): Markup => markup`<li>
<span class="kind">${familyWords[reason.family].label} <span class="id">${visibleName(reason.detector)}</span></span>
<span class="text"><bdi>${reason.text}</bdi>${behind(reason)}</span>
<span class="weight">${signed(reason.weight)}<svg height="6" aria-hidden="true"><rect class="track" width="100%" height="6"/><rect class="${reason.weight < 0 ? 'crowd' : 'before'}" width="${((100 * Math.abs(reason.weight)) / most).toFixed(1)}%" height="6"/></svg></span></li>
`

/** What would overturn a reason, and where to read what it rests on. */
function behind(reason: Reason): Markup {
  const clears =
    reason.would_clear === ''
      ? none
      : markup`<br><span class="small quiet">Would clear it: <bdi>${reason.would_clear}</bdi></span>`
  return markup`${clears}${readAt(reason)}`
}

/** Where to read what a reason rests on. */
export const readAt = ({ exchanges }: Reason): Markup =>
  exchanges.length === 0
    ? none
    : markup`<br><span class="small quiet">Read: <bdi>${placesOf(exchanges)}</bdi></span>`

export const signed = (weight: number): string =>
  `${weight < 0 ? '−' : '+'}${decimal(Math.abs(weight))}`

function accountsOf(campaign: Campaign, rows: Rows): Markup {
  const listed = campaign.accounts.slice(0, accountsListedMax)
  const rest = campaign.accounts.length - listed.length
  const items = listed.map((account) => markup`<li>${accountLink(account, rows)}</li>`)
  const names = markup`<ul class="names">${items}</ul>${rest > 0 ? markup`<p class="quiet">and ${count(rest)} more, in the JSON and CSV reports</p>` : none}`
  const heading = markup`<h4>Who</h4>`
  if (campaign.accounts.length <= accountsOpenMax) return markup`${heading}${names}`
  return markup`${heading}<details class="print"><summary>${counted(campaign.accounts.length, 'account')}</summary>${names}</details>`
}

function accountLink(account: string, rows: Rows): Markup {
  const row = rows.get(account)
  const name = markup`<bdi class="name">${visibleName(account)}</bdi>`
  return row === undefined ? name : markup`<a href="#${row}">${name}</a>`
}

const targets = (campaign: Campaign): Markup =>
  campaign.targets.length === 0
    ? none
    : markup`<h4>What was asked for</h4><p class="plain">${join(
        campaign.targets.map((target) => markup`<bdi>${target}</bdi>`),
        ', ',
      )}</p>`

const atlas = (campaign: Campaign): Markup =>
  campaign.atlas.length === 0
    ? none
    : markup`<h4>MITRE ATLAS techniques</h4><ul class="plain">${campaign.atlas.map(
        (id) => markup`<li><span class="id">${visibleName(id)}</span> ${atlasName(id)}</li>`,
      )}</ul>`
