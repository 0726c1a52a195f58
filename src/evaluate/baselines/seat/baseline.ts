import { overlap, readSketches, type Sketches } from '../../sketch.ts'
import type { Baseline } from '../baseline.ts'

/** Two messages are near-duplicates from this overlap of their shingles on. */
const overlapMin = 0.7
/** Each query is compared with so many before it; with all would cost the square of their number. */
const earlierMax = 200

/** SEAT (Zhang, Chen & Wagner 2021): pairs of queries of one account that are nearly but not quite the same. */
export const seat: Baseline = {
  id: 'seat',
  title: 'SEAT on text sketches',
  score: async (engine) => {
    const scores = new Map<number, number>()
    for await (const sketches of readSketches(engine)) {
      const pairs = similarPairs(sketches)
      if (pairs > 0) scores.set(sketches.account, pairs)
    }
    return scores
  },
}

function similarPairs({ messages, places }: Sketches): number {
  let pairs = 0
  for (let query = 1; query < messages.length; query++)
    for (let earlier = Math.max(0, query - earlierMax); earlier < query; earlier++)
      if (messages[query] !== messages[earlier] && overlap(places, query, earlier) >= overlapMin)
        pairs += 1
  return pairs
}
