import { families, type LogSummary, type Report } from '../../record/report.ts'
import {
  count,
  counted,
  familyShort,
  familyWords,
  rejections,
  scale,
  scoreMeaning,
  verdictMeanings,
} from '../words.ts'
import { detectorSentence, reviewSentence, vouchSentences } from '../statements.ts'
import { type Markup, join, markup, none } from './markup.ts'

const rejectionsShownMax = 50

/** What people said before the audit, and what became of it; nothing where nobody said anything. */
export function statementsSection(report: Report): Markup {
  const { reviews } = report
  const lines = [
    ...vouchSentences(report),
    ...(reviews === null
      ? []
      : [reviewSentence(reviews), ...reviews.detectors.map(detectorSentence)]),
  ]
  if (lines.length === 0) return none
  return markup`<section id="statements" aria-labelledby="statements-title">
<h2 id="statements-title">What people said</h2>
<ul class="plain">${lines.map((line) => markup`<li><bdi>${line}</bdi></li>`)}</ul>
</section>`
}

/** What speaks for caution: evidence that could not be had, and lines that were not read. */
export function limitsSection({ log, step_seconds }: Report): Markup {
  const off = log.families.filter((family) => !family.available).length
  return markup`<section id="limits" aria-labelledby="limits-title">
<h2 id="limits-title">What was not looked at</h2>
<p>${off === 0 ? 'Every kind of evidence could be looked at.' : `${counted(off, 'kind')} of evidence out of ${log.families.length} could not be looked at in this log. An extraction that shows only there was not seen.`}</p>
${availability(log)}
<div class="block"><h3>What was read</h3>
<p>${counted(log.files, 'file')}: ${join(formats(log), '; ')}. ${log.duplicates > 0 ? `${counted(log.duplicates, 'duplicate')} counted once. ` : ''}The log was audited in steps of ${duration(step_seconds)}; a moment of detection is the end of a step.</p>
${rejected(log)}</div>
</section>`
}

const formats = (log: LogSummary): readonly Markup[] =>
  Object.entries(log.formats).length === 0
    ? [markup`no format was recognised`]
    : Object.entries(log.formats).map(
        ([name, exchanges]) => markup`${name}, ${counted(exchanges, 'exchange')}`,
      )

function duration(seconds: number): string {
  if (seconds % 86_400 === 0) return counted(seconds / 86_400, 'day')
  if (seconds % 3600 === 0) return counted(seconds / 3600, 'hour')
  return seconds % 60 === 0 ? counted(seconds / 60, 'minute') : counted(seconds, 'second')
}

function availability(log: LogSummary): Markup {
  const sorted = [...log.families].sort((a, b) => Number(a.available) - Number(b.available))
  const body = sorted.map(
    ({ family, available, note }) =>
      markup`<tr><th scope="row">${familyWords[family].label}</th><td>${available ? markup`yes` : markup`<span class="watched">no</span>`}</td><td>${note}</td></tr>`,
  )
  return markup`<div class="scroll" role="region" aria-label="Kinds of evidence" tabindex="0"><table class="free">
<thead><tr><th scope="col">Kind of evidence</th><th scope="col">Looked at</th><th scope="col">On what, or why not</th></tr></thead>
<tbody>${body}</tbody></table></div>`
}

function rejected(log: LogSummary): Markup {
  const reasons = rejections(log)
  if (log.rejected.lines === 0) return markup`<p>No line was rejected.</p>`
  const body = reasons
    .slice(0, rejectionsShownMax)
    .map(
      ([reason, lines]) =>
        markup`<tr><th scope="row">${reason}</th><td class="n">${count(lines)}</td></tr>`,
    )
  const rest = reasons.length - rejectionsShownMax
  return markup`<table class="rejected"><caption>${counted(log.rejected.lines, 'line')} rejected, and so not audited</caption>
<thead><tr><th scope="col">Reason</th><th scope="col" class="n">Lines</th></tr></thead>
<tbody>${body}</tbody></table>${rest > 0 ? markup`<p>and ${counted(rest, 'more reason')}, in the JSON report</p>` : none}`
}

/** The words of the report, and how far each may be trusted. */
export function readingSection(): Markup {
  const [before = '', after = ''] = scoreMeaning.split('10^x')
  return markup`<section id="reading" aria-labelledby="reading-title">
<h2 id="reading-title">How to read this</h2>
<p>${before}10<sup>x</sup>${after} The words below are in the manner of the scales that forensic scientists use, ended at “very strong”: no log is large enough to measure more.</p>
<div class="pair"><div class="block"><h3>How sure</h3><dl class="terms">${scale.map(({ word, means }) => markup`<dt>${word}</dt><dd>${means} likelier</dd>`)}</dl></div>
<div class="block"><h3>Verdicts</h3><dl class="terms"><dt>flagged</dt><dd>${verdictMeanings.flagged}</dd><dt>on watch</dt><dd>${verdictMeanings.watch}</dd><dt>clear</dt><dd>${verdictMeanings.clear}</dd></dl></div></div>
<div class="block"><h3>Kinds of evidence</h3><dl class="terms">${families.map((family) => markup`<dt>${familyWords[family].label}</dt><dd>${familyWords[family].asks} (in short: ${familyShort[family]})</dd>`)}</dl></div>
</section>`
}
