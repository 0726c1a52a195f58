import type { Detector } from '../../detector.ts'
import type { Population } from '../../population.ts'
import { ofAccounts } from '../../weight.ts'

/** An account works through common questions when this share of what it sends others have sent, too. */
const commonShareMin = 0.5
/** And at least this many: two people may greet alike. */
const commonMessagesMin = 5
/** Members that must do so before it speaks for those that do. */
const memberShareMin = 0.5
/**
 * Two to one for them. A shared template, requests for reasoning and long answers are one cause then; a campaign that
 * draws on one public collection looks the same, so it is no more.
 */
const weight = -0.3

/** Speaks for accounts that send what others send word for word, as runners of a public benchmark do. */
export const publicQuestions: Detector = {
  id: 'public-questions',
  title: 'Questions that others ask, too',
  family: 'content',
  shows: new URL('shows.sql', import.meta.url),
  facts: new URL('facts.sql', import.meta.url),
  weighGroup: (group, population) => {
    const members = [...group.members]
    const count = members.filter((account) => asksInCommon(account, population)).length
    if (count < memberShareMin * members.length) return null
    return {
      family: 'content',
      value: count,
      weight,
      explains: ['content', 'elicitation'],
      holds: (account) => asksInCommon(account, population),
      text:
        `${ofAccounts(count, members.length)} send mostly messages that other accounts send word for word, ` +
        'as those who run a public benchmark or hand in one assignment do.',
    }
  },
}

function asksInCommon(account: number, population: Population): boolean {
  const common = population.fact('commonMessages', account)
  return (
    common >= commonMessagesMin && common >= commonShareMin * population.fact('exchanges', account)
  )
}
