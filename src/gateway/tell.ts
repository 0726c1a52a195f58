import type { CaseRecord } from '../record/index.ts'
import type { Enforcer } from './enforcer.ts'
import type { PolicyConfig } from './policy-config.ts'

/** Tells who wants to know of a new case; beside the request, never in its way. */
export function tell(enforcer: Enforcer, policy: PolicyConfig, opened: CaseRecord): void {
  const { alerts, challenge } = policy
  const isNews = enforcer.isNews(opened)
  if (isNews)
    enforcer.log('warn', 'A case was opened, the first of its campaign and action.', {
      case: opened.id,
      action: opened.action,
      enforced: opened.enforced,
    })
  if (alerts && isNews)
    enforcer.alerts.send(alerts, alerts.format === 'slack' ? slackText(opened) : caseAlert(opened))
  const asksAgain =
    opened.action === 'challenge' &&
    opened.enforced &&
    !challenge.interactive_tiers.some((tier) => tier === opened.tier)
  if (challenge.webhook && asksAgain)
    enforcer.verifications.send(challenge.webhook, { event: 'verification-needed', case: opened })
}

function caseAlert(opened: CaseRecord): object {
  return { event: 'case-opened', case: opened }
}

/** As Slack's incoming webhooks take it; `<`, `>` and `&` would be its markup. */
function slackText({ id, action, enforced, account, campaign, statement }: CaseRecord): object {
  const what = enforced ? action : `${action} (not enforced)`
  const who = campaign === null ? account : `${account}, first of campaign ${campaign}`
  const text = `Stillwatch opened case ${id}: ${what} for ${who}. ${statement}`
  return { text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') }
}
