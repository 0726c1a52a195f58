/** How slowed accounts are served. */
export type SlowLimits = {
  readonly delay_ms_first: number
  readonly delay_ms_max: number
  readonly relax_seconds: number
  readonly concurrency_max: number
}

/** A slowed request that may go on after `delayMs`; `leave` when it is over. */
export type SlowPlace = { readonly delayMs: number; readonly leave: () => void }

export type Slowness = {
  /** null where the account has as many requests in progress as it may. */
  readonly enter: (account: string, limits: SlowLimits, nowMs: number) => SlowPlace | null
}

type State = { level: number; atMs: number; running: number }

/** Accounts whose pace is remembered; beyond, those that have nothing in progress are forgotten. */
const accountsMax = 100_000
const levelMax = 30

/**
 * Keeps the pace of slowed accounts. Each request doubles the delay of the next, up to its bound; each
 * `relax_seconds` without one halve it. Refused requests count too: to hammer does not shorten it.
 */
export function slowness(): Slowness {
  const states = new Map<string, State>()
  return {
    enter: (account, limits, nowMs) => {
      if (states.size >= accountsMax && !states.has(account)) forgetIdle(states)
      const state = states.get(account) ?? { level: 0, atMs: nowMs, running: 0 }
      states.set(account, state)
      const eased = Math.floor((nowMs - state.atMs) / (limits.relax_seconds * 1000))
      const level = Math.max(0, state.level - Math.max(0, eased))
      state.level = Math.min(level + 1, levelMax)
      state.atMs = nowMs
      if (state.running >= limits.concurrency_max) return null
      state.running += 1
      let left = false
      return {
        delayMs: Math.min(limits.delay_ms_max, limits.delay_ms_first * 2 ** level),
        leave: () => {
          if (!left) state.running -= 1
          left = true
        },
      }
    },
  }
}

function forgetIdle(states: Map<string, State>): void {
  for (const [account, { running }] of states) if (running === 0) states.delete(account)
}
