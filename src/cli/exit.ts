/** How a run ends, for scripts. */
export const exitCodes = {
  nothingFlagged: 0,
  failed: 1,
  usage: 2,
  flagged: 3,
} as const
