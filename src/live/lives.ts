import type { Rows } from '../detect/index.ts'

/**
 * How long accounts have been heard of and their longest pauses (detectors/succession/facts.sql), told from one
 * step to the next: the SQL reads every step of an account, and two numbers say as much.
 */
export type Lives = {
  /** What a step adds, by the accounts active in it. */
  readonly next: (step: number, activity: readonly Rows[]) => Rows
}

export function emptyLives(): Lives {
  const lives = new Map<number, { last: number; pause: number }>()
  return {
    next: (step, activity) => {
      const [account, lifeSteps, longestPause]: [number[], number[], number[]] = [[], [], []]
      for (const { columns, from, to } of activity)
        for (const hash of columns['account']?.slice(from, to) ?? []) {
          const life = lives.get(hash) ?? { last: step, pause: 0 }
          const pause = Math.max(life.pause, step - life.last)
          account.push(hash)
          lifeSteps.push(step - life.last)
          longestPause.push(pause - life.pause)
          lives.set(hash, { last: step, pause })
        }
      return { columns: { account, lifeSteps, longestPause }, from: 0, to: account.length }
    },
  }
}
