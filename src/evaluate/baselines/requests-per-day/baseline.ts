import { readSql } from '../../../engine/sql.ts'
import { type Baseline, scoresFrom } from '../baseline.ts'

const requestsSql = readSql(new URL('requests.sql', import.meta.url))

/** A rate limit: the most requests that an account made in one day. */
export const requestsPerDay: Baseline = {
  id: 'requests-per-day',
  title: 'Requests per day',
  score: (engine) => scoresFrom(engine, requestsSql),
}
