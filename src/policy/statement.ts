import type { CampaignKind, CaseRecord } from '../record/index.ts'
import type { Action } from './policy.ts'

const alleged: Readonly<Record<CampaignKind, string>> = {
  'coordinated-accounts': 'accounts that act as one and collect answers in bulk',
  'relay-pool': 'accounts between which requests are passed on in turn',
  'single-account': 'an account that collects answers in bulk',
  'likelihood-scraping': 'requests for token likelihoods in bulk',
}

const done: Readonly<Record<Action, string>> = {
  observe: 'Nothing is done.',
  mark: 'Answers carry a watermark.',
  slow: 'Requests of this account are answered more slowly, and few at a time.',
  withhold:
    'Requests of this account are answered more slowly, with shorter answers, and without token likelihoods, ' +
    'biases, further choices and reasoning.',
  challenge: 'Requests of this account are answered after it has been verified again.',
  refuse: 'Requests of this account are not answered.',
}

/**
 * What may be told the account: what is alleged, on how many kinds of evidence, since when, what is done and until
 * when, and who decided. Never how near it came, or by what: that would teach the next campaign.
 */
export function statement(
  found: Pick<CaseRecord, 'kind' | 'families' | 'since' | 'expires' | 'reviewer'> & {
    readonly action: Action
  },
): string {
  const since = found.since === null ? '' : ` since ${day(found.since)}`
  const by =
    found.reviewer === null
      ? 'This was decided automatically; a person looks at it when you object.'
      : 'A person has looked at this and agreed.'
  return [
    `Model extraction is alleged${since}: the traffic resembles ${alleged[found.kind]}.`,
    `${found.families} independent kinds of evidence agree.`,
    done[found.action],
    `This ends on ${day(found.expires)} at ${found.expires.slice(11, 16)} UTC unless it is renewed.`,
    by,
  ].join(' ')
}

function day(moment: string): string {
  return moment.slice(0, 10)
}
