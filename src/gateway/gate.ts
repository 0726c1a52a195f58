/** A place at an upstream, taken or waited for. */
export type Place = {
  /** Gives it up, whether it was taken or waited for. Any further call does nothing. */
  readonly leave: () => void
}

/** Lets so many requests at an upstream at a time, and so many more wait. */
export type Gate = {
  /** Calls `start` when there is room, perhaps at once; null where not even waiting is possible. */
  readonly enter: (limits: GateLimits, start: () => void) => Place | null
  readonly state: () => { readonly running: number; readonly waiting: number }
}

export type GateLimits = { readonly runningMax: number; readonly waitingMax: number }

type Waiter = { readonly limits: GateLimits; readonly start: () => void }

/**
 * Whoever leaves while waiting is forgotten at once. Requests that wait inside an HTTP client's own pool
 * are not: a burst of clients that leave has been seen to hang a proxy built that way for good.
 */
export function gate(): Gate {
  const waiting = new Set<Waiter>()
  let running = 0
  const next = (): void => {
    for (const waiter of waiting) {
      if (running >= waiter.limits.runningMax) return
      waiting.delete(waiter)
      running += 1
      waiter.start()
    }
  }
  return {
    state: () => ({ running, waiting: waiting.size }),
    enter: (limits, start) => {
      let left = false
      const waiter: Waiter = { limits, start }
      const leave = (): void => {
        if (left) return
        left = true
        if (waiting.delete(waiter)) return
        running -= 1
        next()
      }
      if (running < limits.runningMax) {
        running += 1
        start()
        return { leave }
      }
      if (waiting.size >= limits.waitingMax) return null
      waiting.add(waiter)
      return { leave }
    },
  }
}
