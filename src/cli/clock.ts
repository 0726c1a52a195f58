/** The machine's clock, or one that stands at `startMs` until `wallMs` and runs `factor` times as fast from then on. */
export type Clock = {
  readonly startMs: number
  readonly wallMs: number
  readonly factor: number
}

export const machineClock: Clock = { startMs: 0, wallMs: 0, factor: 1 }

export function clockOf({ startMs, wallMs, factor }: Clock): () => Date {
  return () => new Date(startMs + Math.max(0, Date.now() - wallMs) * factor)
}
