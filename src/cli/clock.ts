/** The machine's clock, or one that ran `factor` times as fast since `wallMs`, when it showed `startMs`. */
export type Clock = {
  readonly startMs: number
  readonly wallMs: number
  readonly factor: number
}

export const machineClock: Clock = { startMs: 0, wallMs: 0, factor: 1 }

export function clockOf({ startMs, wallMs, factor }: Clock): () => Date {
  return () => new Date(startMs + (Date.now() - wallMs) * factor)
}
