import { overlap, readSketches, type Sketches } from '../../sketch.ts'
import type { Baseline } from '../baseline.ts'
import { shapiroWilk } from './shapiro-wilk.ts'

/** Distances needed before anything is said. The authors take 100; see README.md. */
const distancesMin = 40
/** Distances farther than this from their mean, in standard deviations, are left out. */
const outlierDeviations = 3
/** The growing set keeps its newest; comparing with all would cost the square of an account's queries. */
const growingSetMax = 1_000
/** The weights of the test hold for no more values; the newest count. */
const testedMax = 5_000

/** PRADA (Juuti et al. 2019): how far the distances between an account's queries are from normal. */
export const prada: Baseline = {
  id: 'prada',
  title: 'PRADA on text sketches',
  score: async (engine) => {
    const scores = new Map<number, number>()
    for await (const sketches of readSketches(engine)) {
      const tested = withoutOutliers(distancesOf(sketches))
      if (tested.length >= distancesMin)
        scores.set(sketches.account, 1 - shapiroWilk(tested.slice(-testedMax)))
    }
    return scores
  },
}

/** The distance of each query from the nearest one of the growing set, by Algorithm 1 of the paper. */
function distancesOf({ messages, places }: Sketches): readonly number[] {
  const distances: number[] = []
  const set: number[] = [0]
  // The authors' code begins with the distance 0 of the first query, and so does this.
  let [count, sum, squares, threshold] = [1, 0, 0, 0]
  for (let query = 1; query < messages.length; query++) {
    let nearest = 1
    for (const earlier of set) nearest = Math.min(nearest, 1 - overlap(places, query, earlier))
    distances.push(nearest)
    if (nearest <= threshold) continue
    set.push(query)
    if (set.length > growingSetMax) set.shift()
    count += 1
    sum += nearest
    squares += nearest * nearest
    const mean = sum / count
    threshold = Math.max(threshold, mean - Math.sqrt(Math.max(0, squares / count - mean * mean)))
  }
  return distances
}

function withoutOutliers(values: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const reach = outlierDeviations * Math.sqrt(variance)
  return values.filter((value) => Math.abs(value - mean) <= reach)
}
