import type { DetectorReview, Report, ReviewUse, VouchUse } from '../record/index.ts'
import { visible } from './text.ts'
import { counted, percentRange } from './words.ts'

/** What became of each vouch, in a sentence; warnings first. */
export function vouchSentences({ vouches }: Report): readonly string[] {
  return [...vouches].sort((a, b) => rank[a.state] - rank[b.state]).map(vouchSentence)
}

const rank: Readonly<Record<VouchUse['state'], number>> = {
  unmatched: 0,
  expired: 1,
  'not-yet': 2,
  'in-force': 3,
}

function vouchSentence({ by, why, since, until, state, accounts, withheld }: VouchUse): string {
  const who = `${visible(by)} (${visible(why)}, ${visible(since)} to ${visible(until)})`
  const kept = `${counted(withheld, 'account')} not flagged for it`
  const each = {
    unmatched: 'Warning: it matches no account of this log. Check the names.',
    expired: `Expired: from its end on it changed nothing. It concerned ${counted(accounts, 'account')}; ${kept}.`,
    'not-yet': `Not yet in force at the end of this log; it changed nothing.`,
    'in-force': `It concerns ${counted(accounts, 'account')}; ${kept}.`,
  }
  return `Vouch of ${who}. ${each[state]}`
}

/** What the reviewed cases brought, in a sentence. */
export function reviewSentence({
  cases,
  upheld,
  overturned,
  unmatched,
  withheld,
}: ReviewUse): string {
  const missing =
    unmatched === 0
      ? ''
      : ` ${counted(unmatched, 'reviewed account is', 'reviewed accounts are')} not in this log.`
  return (
    `${counted(cases, 'reviewed case')}: ${counted(upheld, 'account')} upheld and ${counted(overturned, 'account')} overturned; ` +
    `${counted(withheld, 'account')} not flagged again on reasons that were overturned.${missing}`
  )
}

/** How often a detector's reasons stood up to review. */
export function detectorSentence(review: DetectorReview): string {
  const { detector, upheld, overturned, low, high, factor } = review
  const cases = counted(upheld + overturned, 'case')
  const weight = factor === 1 ? 'its weights stand' : `its weights count ${factor.toFixed(2)} times`
  return `${visible(detector)}: overturned in ${overturned} of ${cases} (95% interval ${percentRange(low, high)}); ${weight}.`
}
