import { log10ChiSquaredLower, mean, quantile } from '../../../core/statistics.ts'
import type { Detector, Evidence } from '../../detector.ts'
import type { Group } from '../../group.ts'
import { dailyPace } from '../../pace.ts'
import type { Population } from '../../population.ts'
import { chanceOf, ofAccounts, weightOf } from '../../weight.ts'

const weightMax = 2
const membersMin = 4
const exchangesMin = 5
/**
 * Honest accounts of one kind differ in how much they do by at least this (standard deviation of
 * log10 exchanges per day: a factor of 1.5). People differ more; the value is the tight end, so that
 * a class with one assignment passes for honest.
 */
const honestSpread = 0.176
/**
 * How widely people differ who sit one assignment at one time: the closest of the classes and hackathons of two simulated
 * worlds (13 of 33 to 38 accounts) differed by 0.089.
 */
const assignedSpread = 0.09
/** How widely accounts picked at random differ, likewise: a factor of 3. */
const randomSpread = 0.5
/** No pace is taken to be equal to better than this; exact equality is seldom what it seems. */
const spreadMin = 0.02
/**
 * Below this many exchanges on a day with any, days of activity are taken at face value by nobody: who
 * asks twice a day on the days he asks is like everybody who does.
 */
const busyDayMin = 8
/** Two ways to take a pace, each held against two kinds of honest people. */
const tries = 4

/** Accounts driven alike: the same pace in each. */
export const synchrony: Detector = {
  id: 'synchrony',
  title: 'Synchronised activity',
  family: 'timing',
  clears:
    'One program that all of them run, with a timer of its own, under a contract that names them.',
  shows: new URL('shows.sql', import.meta.url),
  weighGroup: (group, population) => {
    if (group.members.size < membersMin) return null
    const steady = evenPace(group, population, sinceBegun)
    const busy = evenPace(group, population, onActiveDays)
    if (steady === null || busy === null) return steady ?? busy
    return busy.weight > steady.weight ? busy : steady
  },
}

/** A way to take an account's pace, and how the sentence calls it. */
type Pace = {
  readonly words: string
  readonly of: (account: number, population: Population) => number
  /** The least median pace for which this way says anything. */
  readonly medianMin: number
}

const sinceBegun: Pace = { words: 'a day since each began', of: dailyPace, medianMin: 0 }
/** Accounts that are given up and replaced keep a pace only while they live. */
const onActiveDays: Pace = {
  words: 'on each day with any',
  of: (account, population) =>
    population.fact('exchanges', account) / Math.max(1, population.fact('activeDays', account)),
  medianMin: busyDayMin,
}

/** One dispatcher loads its accounts evenly (threat catalogue C7): paces closer than people's ever are. */
function evenPace(group: Group, population: Population, pace: Pace): Evidence | null {
  const members = [...group.members].filter(
    (account) => population.fact('exchanges', account) >= exchangesMin,
  )
  if (members.length < membersMin) return null
  const logPace = (account: number): number => Math.log10(pace.of(account, population))
  const paces = members.map(logPace).sort((a, b) => a - b)
  if (10 ** quantile(paces, 0.5) < pace.medianMin) return null
  const centre = mean(paces)
  // Counting noise spreads even perfectly equal paces: var(log10 n) ≈ 1 / (n · ln²10).
  const noise = mean(
    members.map((account) => 1 / (population.fact('exchanges', account) * Math.LN10 ** 2)),
  )
  const scatter = paces.reduce((sum, each) => sum + (each - centre) ** 2, 0)
  const spread = Math.max(spreadMin, Math.sqrt(scatter / (members.length - 1)))
  const closerThan = (honest: number): number =>
    log10ChiSquaredLower(scatter / (honest ** 2 + noise), members.length - 1)
  const pool = members.length / group.members.size
  const alike = {
    share: pool * (randomSpread / spread),
    expected: 1,
    log10Probability: closerThan(honestSpread),
  }
  // Against those who differ least, chance alone says how much it is worth: no lift is claimed or needed.
  const driven = { share: Infinity, expected: 1, log10Probability: closerThan(assignedSpread) }
  return {
    family: 'timing',
    value: spread,
    weight: Math.max(weightOf(alike, weightMax, tries), weightOf(driven, weightMax, tries)),
    share: pool,
    chance: chanceOf(alike, tries),
    holds: (account) =>
      population.fact('exchanges', account) >= exchangesMin &&
      Math.abs(logPace(account) - centre) <= 2 * Math.max(spread, honestSpread / 2),
    text:
      `${ofAccounts(members.length, group.members.size)} keep nearly the same pace, ${(10 ** centre).toPrecision(2)} exchanges ` +
      `${pace.words}, within a factor of ${(10 ** spread).toFixed(2)}; honest accounts of one kind differ by 1.5 or more.`,
  }
}
