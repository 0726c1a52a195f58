import { readSql } from '../../../engine/sql.ts'
import { sketchPlaces } from '../../sketch.ts'
import { type Baseline, scoresFrom } from '../baseline.ts'

const mmdSql = readSql(new URL('mmd.sql', import.meta.url))

/** Messages of an account below which the statistic is noise, and above which no more are taken. */
const messagesMin = 10
const messagesMax = 100
/** Messages of each account in the population, so that it is made of customers and not of the busiest. */
const messagesInPopulationMax = 10

/** A kernel two-sample test: how far an account's messages are from everybody's. */
export const mmd: Baseline = {
  id: 'mmd',
  title: 'MMD from the population',
  score: (engine) =>
    scoresFrom(engine, mmdSql, {
      places: sketchPlaces,
      least: messagesMin,
      most: messagesMax,
      mostInPopulation: messagesInPopulationMax,
    }),
}
