import type { AccountVerdict, Reason, Report, Verdict } from '../../record/report.ts'
import { visibleName } from '../text.ts'
import {
  count,
  counted,
  decimal,
  familiesOf,
  familyShort,
  familyWords,
  moment,
  sureness,
  tally,
  verdictMeanings,
} from '../words.ts'
import { anchorOf, readAt, type Rows, signed } from './campaigns.ts'
import { type Markup, markup, none } from './markup.ts'

/** Rows of one verdict on the page. A browser stays quick with this many; the CSV has them all. */
export const accountRowsMax = 5000

/** The accounts that get a row, in the report's order. */
export const shownAccounts = (report: Report, verdict: Verdict): readonly AccountVerdict[] =>
  report.accounts.filter((account) => account.verdict === verdict).slice(0, accountRowsMax)

/** The anchor of each row. It is a number, for names come from the log. */
export const rowsOf = (report: Report): Rows =>
  new Map(
    [...shownAccounts(report, 'flagged'), ...shownAccounts(report, 'watch')].map((one, at) => [
      one.account,
      `account-${at + 1}`,
    ]),
  )

export function accountsSection(report: Report, rows: Rows): Markup {
  const { flagged, watch } = tally(report)
  const campaigns = new Map(report.campaigns.map(({ id }, at) => [id, anchorOf(at)]))
  return markup`<section id="accounts" aria-labelledby="accounts-title">
<h2 id="accounts-title">Accounts</h2>
<p>${introduction(report)}</p>
${flagged + watch > 0 ? filter : none}
${block(report, 'flagged', flagged, rows, campaigns)}
${block(report, 'watch', watch, rows, campaigns)}
</section>`
}

function introduction(report: Report): string {
  const { flagged, watch, clear } = tally(report)
  if (flagged + watch + clear === 0) return 'No account was seen.'
  const others =
    clear === 0
      ? 'None is clear.'
      : `${count(clear)} clear, which are not listed here; the CSV and JSON reports have every account.`
  const names = report.pseudonymous
    ? ' Names are keyed hashes; only the holder of the key can say whose they are.'
    : ''
  return `${count(flagged)} flagged, ${count(watch)} on watch. ${others}${names}`
}

// Hidden until the script has made it work.
const filter = markup`<form class="filter" hidden role="search"><label for="filter">Filter by account, campaign or reason</label><input id="filter" type="search" autocomplete="off" spellcheck="false"><span id="filtered" role="status" class="quiet"></span></form>`

function block(
  report: Report,
  verdict: 'flagged' | 'watch',
  all: number,
  rows: Rows,
  campaigns: ReadonlyMap<string, string>,
): Markup {
  const title = verdict === 'flagged' ? 'Flagged' : 'On watch'
  if (all === 0) return none
  const shown = shownAccounts(report, verdict)
  const cut =
    all > shown.length
      ? markup` The first ${count(accountRowsMax)} of ${counted(all, 'account')} are listed; the CSV and JSON reports have the rest.`
      : none
  return markup`<div class="block"><h3>${title}</h3><p>${verdictMeanings[verdict]}${cut}</p>
<div class="scroll" role="region" aria-label="Accounts: ${title.toLowerCase()}" tabindex="0"><table class="accounts">
<thead><tr><th scope="col">Account</th><th scope="col">Campaign</th><th scope="col">How sure</th><th scope="col">Since (UTC)</th><th scope="col" class="n">Exchanges</th><th scope="col">Why</th></tr></thead>
<tbody>${shown.map((account) => row(account, rows, campaigns))}</tbody></table></div></div>`
}

function row(account: AccountVerdict, rows: Rows, campaigns: ReadonlyMap<string, string>): Markup {
  return markup`<tr id="${rows.get(account.account) ?? ''}" data-account><th scope="row"><bdi class="name">${visibleName(account.account)}</bdi></th>
<td>${campaignLink(account.campaign, campaigns)}</td><td class="sure">${sureness(account.score)}, ${decimal(account.score)}</td>
<td class="date">${account.detected_at === null ? '' : moment(account.detected_at)}</td><td class="n">${count(account.exchanges)}</td>
<td>${why(account)}</td></tr>
`
}

function campaignLink(campaign: string | null, campaigns: ReadonlyMap<string, string>): Markup {
  if (campaign === null) return markup`<span class="quiet">none</span>`
  const anchor = campaigns.get(campaign)
  const name = markup`<bdi>${visibleName(campaign)}</bdi>`
  return anchor === undefined ? name : markup`<a href="#${anchor}">${name}</a>`
}

/**
 * A member of a campaign was flagged for the campaign's reasons, which stand there in full: one line
 * is enough until asked for more. An account alone shows its strongest reason, and prints them all.
 */
function why(account: AccountVerdict): Markup {
  const [first, ...others] = [...account.reasons].sort((a, b) => b.weight - a.weight)
  if (first === undefined) return markup`<span class="quiet">No reasons were recorded.</span>`
  if (others.length === 0) return reasonText(first)
  if (account.campaign === null)
    return markup`${reasonText(first)}<details class="print"><summary>${counted(others.length, 'more reason')}</summary>${listed(others)}</details>`
  const kinds = familiesOf(account.reasons).map((family) => familyShort[family])
  return markup`<details><summary>${counted(account.reasons.length, 'reason')}: ${kinds.join(', ')}</summary>${listed([first, ...others])}</details>`
}

const listed = (reasons: readonly Reason[]): Markup =>
  markup`<ul class="small">${reasons.map((reason) => markup`<li>${reasonText(reason)}</li>`)}</ul>`

const reasonText = (reason: Reason): Markup =>
  markup`<bdi>${reason.text}</bdi> <span class="quiet">${familyWords[reason.family].label}, ${signed(reason.weight)}</span>${readAt(reason)}`
