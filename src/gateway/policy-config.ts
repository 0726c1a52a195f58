import type { Tier } from '../access/tier.ts'
import { type Policy, type Rule, ruleProblems } from '../policy/index.ts'
import type { WithholdLimits } from '../wire/withhold.ts'
import type { SlowLimits } from './slow.ts'
import type { Hook } from './webhook.ts'

/** The settings under `policy`, each filled in. */
export type PolicyConfig = Policy & {
  readonly rules: readonly Rule[]
  /** `{case}` in it is replaced. */
  readonly reasons_url?: string
  readonly slow: SlowLimits
  readonly withhold: WithholdLimits
  readonly challenge: {
    readonly interactive_tiers: readonly Tier[]
    readonly url?: string
    readonly pass_minutes: number
    readonly work_iterations: number
    readonly webhook?: Hook
  }
  readonly alerts?: Hook & { readonly format: 'json' | 'slack' }
}

type Oddity = { readonly path: readonly string[]; readonly message: string }

/** What the schema cannot say of a policy. */
export function policyOddities({ rules, ...policy }: PolicyConfig): readonly Oddity[] {
  const odd = rules.flatMap((rule, at) =>
    ruleProblems(rule).map(({ field, message }) => ({
      path: ['policy', 'rules', String(at), field],
      message: `policy.rules.${at}: ${message}`,
    })),
  )
  const urls: readonly (readonly [string, string | undefined])[] = [
    ['reasons_url', policy.reasons_url],
    ['challenge.url', policy.challenge.url],
    ['challenge.webhook.url', policy.challenge.webhook?.url],
    ['alerts.url', policy.alerts?.url],
  ]
  const wrong = urls
    .filter(([, url]) => url !== undefined && !URL.canParse(url))
    .map(([name]) => ({
      path: ['policy', ...name.split('.')],
      message: `policy.${name} is no address. Write one such as https://api.example.com/cases.`,
    }))
  return [...odd, ...wrong]
}
