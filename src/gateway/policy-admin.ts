import type { Enforcer } from './enforcer.ts'
import type { PolicyConfig } from './policy-config.ts'

/** An answer of the admin port. */
export type Told = { readonly status: number; readonly body: object }

const casesShownMax = 1000
const minutesMax = 10_080

/** Whether a path of the admin port is the policy's. All of them need the token. */
export function isPolicyPath(path: string): boolean {
  return path === '/cases' || path.startsWith('/cases/') || /^\/policy(\/|$)/.test(path)
}

/** Answers for the policy on the admin port: what it did, the kill switch, passes. */
export function policyAdmin(
  enforcer: Enforcer,
  policy: () => PolicyConfig,
  now: () => Date,
): (method: string, path: string, body: string) => Told {
  return (method, path, body) => {
    switch (`${method} ${path}`) {
      case 'GET /cases':
        return ok({ cases: enforcer.cases.list(casesShownMax), of: enforcer.cases.count() })
      case 'GET /policy':
        return ok(state(enforcer, policy()))
      case 'POST /policy/kill':
      case 'POST /policy/release': {
        const on = path === '/policy/kill'
        enforcer.kill(on)
        enforcer.log(
          'warn',
          on ? 'Nothing is enforced: the kill switch.' : 'The kill switch is off.',
        )
        return ok(state(enforcer, policy()))
      }
      case 'POST /policy/pass':
        return grant(enforcer, body, now().getTime())
      default:
        return method === 'GET' && path.startsWith('/cases/')
          ? one(enforcer, path.slice('/cases/'.length))
          : { status: 404, body: { error: paths } }
    }
  }
}

const paths =
  'There are GET /cases, /cases/{id} and /policy, and POST /policy/kill, /policy/release and /policy/pass.'

function ok(body: object): Told {
  return { status: 200, body }
}

function state(enforcer: Enforcer, policy: PolicyConfig): object {
  const killed = policy.kill_switch || enforcer.killed()
  return {
    enforce: policy.enforce,
    kill_switch: killed,
    enforced: policy.enforce && !killed,
    cases: enforcer.cases.count(),
    decisions: enforcer.rulings().count,
  }
}

function one(enforcer: Enforcer, id: string): Told {
  const found = enforcer.cases.find(id)
  return found === null
    ? { status: 404, body: { error: 'There is no such case, or it is only in the file.' } }
    : ok(found)
}

/** Lets the account of a case pass for a while: somebody else has verified it. */
function grant(enforcer: Enforcer, body: string, nowMs: number): Told {
  const { case: id, minutes } = askedIn(body)
  const found = typeof id === 'string' ? enforcer.cases.find(id) : null
  // A pass for all who share an account would end the challenge for strangers.
  const shared = found?.account === 'anonymous'
  const fits = typeof minutes === 'number' && minutes > 0 && minutes <= minutesMax
  if (found === null || shared || !fits) return wrongGrant
  const untilMs = nowMs + minutes * 60_000
  enforcer.passes.grant(found.account, untilMs)
  return ok({ account: found.account, passed_until: new Date(untilMs).toISOString() })
}

const wrongGrant: Told = {
  status: 400,
  body: {
    error: 'Send {"case": "S-…", "minutes": 60}, with a case there is, of an account of its own.',
  },
}

function askedIn(body: string): { readonly case?: unknown; readonly minutes?: unknown } {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
