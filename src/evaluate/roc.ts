import type { AccountTruth } from '../sim/truth.ts'

/** How suspicious a method finds each account, higher is more; an account it left out it never flags. */
export type Scores = ReadonlyMap<string, number>

type Labels = Readonly<Record<string, AccountTruth>>

/** Accounts that count, most suspicious first; those with equal scores stand together. */
type Level = { readonly score: number; readonly benign: number; readonly attack: number }

/** Corners of the staircase [false positive rate, true positive rate], from [0, 0] to [1, 1]; grey accounts left out. */
export function rocOf(scores: Scores, labels: Labels): readonly (readonly [number, number])[] {
  const levels = levelsOf(scores, labels)
  const all = sumOf(levels)
  const points: (readonly [number, number])[] = [[0, 0]]
  let [benign, attack] = [0, 0]
  for (const level of levels) {
    benign += level.benign
    attack += level.attack
    if (level.attack > 0)
      points.push([benign / Math.max(1, all.benign), attack / Math.max(1, all.attack)])
  }
  const last = points.at(-1)
  if (last?.[0] !== 1 || last[1] !== 1) points.push([1, last?.[1] ?? 0])
  return points
}

/**
 * The lowest score that flags at most `share` of the benign accounts, as an oracle that knows the truth
 * would set it; null where even the highest flags more, or there is no score.
 */
export function oracleThreshold(scores: Scores, labels: Labels, share: number): number | null {
  const levels = levelsOf(scores, labels)
  const allowed = Math.floor(share * sumOf(levels).benign + 1e-9)
  let benign = 0
  let threshold: number | null = null
  for (const level of levels) {
    benign += level.benign
    if (benign > allowed || level.score === -Infinity) break
    threshold = level.score
  }
  return threshold
}

function levelsOf(scores: Scores, labels: Labels): readonly Level[] {
  const levels = new Map<number, { score: number; benign: number; attack: number }>()
  for (const [account, { label }] of Object.entries(labels)) {
    if (label === 'grey') continue
    const score = scores.get(account) ?? -Infinity
    let level = levels.get(score)
    if (level === undefined) levels.set(score, (level = { score, benign: 0, attack: 0 }))
    level[label] += 1
  }
  // Not by subtraction: −∞ from −∞ is no number.
  return [...levels.values()].sort((a, b) => (a.score > b.score ? -1 : 1))
}

function sumOf(levels: readonly Level[]): Omit<Level, 'score'> {
  return {
    benign: levels.reduce((sum, level) => sum + level.benign, 0),
    attack: levels.reduce((sum, level) => sum + level.attack, 0),
  }
}
