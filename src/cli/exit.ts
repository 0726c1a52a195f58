/** How a run ends, for scripts. */
export const exitCodes = {
  nothingFlagged: 0,
  failed: 1,
  usage: 2,
  flagged: 3,
} as const

/** A process ended by a signal says so as shells do: 128 and the signal's number (signal(7)). */
export const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
