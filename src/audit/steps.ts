import type { ActivityRow, Detector, StepRows } from '../detect/index.ts'
import type { Columns, Engine } from '../engine/engine.ts'
import { readSql } from '../engine/sql.ts'

const activitySql = readSql(new URL('../detect/activity.sql', import.meta.url))
const sharedTraitsSql = readSql(new URL('shared-traits.sql', import.meta.url))
const never = 4_294_967_295

/** The steps of a log: when step 0 begins and how long each lasts. */
export type StepClock = { readonly originSeconds: number; readonly stepSeconds: number }

/** What a log adds in each of its steps, by step; steps in which nothing happened are absent. */
export type Steps = { readonly count: number; readonly rows: (step: number) => StepRows }

/**
 * Asks the engine for everything the detectors want, once for the whole log: each row carries the step
 * from which it may be known, so that walking the steps shows no future.
 */
export async function readSteps(
  engine: Engine,
  clock: StepClock,
  detectors: readonly Detector[],
): Promise<Steps> {
  const parameters = { origin: clock.originSeconds, step: clock.stepSeconds }
  const builder = emptySteps()
  builder.addActivity(await engine.columns(activitySql, parameters))
  await engine.command('TRUNCATE TABLE trait_use')
  for (const detector of detectors) {
    if (detector.facts !== undefined)
      builder.addFacts(await engine.columns(readSql(detector.facts), parameters))
    if (detector.links !== undefined)
      builder.addLinks(await engine.columns(readSql(detector.links), parameters))
    if (detector.traits !== undefined)
      await engine.command(
        `INSERT INTO trait_use SELECT trait, kind, account, step, body FROM (${readSql(detector.traits)})`,
        parameters,
      )
  }
  builder.addTraits(await engine.columns(sharedTraitsSql))
  return builder.steps()
}

type Mutable = { -readonly [Key in keyof StepRows]: StepRows[Key][number][] }

function emptySteps() {
  const byStep: Mutable[] = []
  const at = (step: number): Mutable => {
    while (byStep.length <= step)
      byStep.push({ activity: [], facts: [], uses: [], habits: [], links: [] })
    const rows = byStep[step]
    if (rows === undefined) throw new RangeError(`step ${step}`)
    return rows
  }
  const counted = new Set(['account', 'step', 'exchanges', 'created_day', 'org', 'hours'])
  const addFacts = (columns: Columns): void => {
    const names = Object.keys(columns).filter((name) => !counted.has(name))
    numbers(columns, 'account').forEach((account, row) => {
      const rows = at(numbers(columns, 'step')[row] ?? 0)
      for (const name of names) {
        const value = numbers(columns, name)[row] ?? 0
        if (value !== 0) rows.facts.push({ account, name, value })
      }
    })
  }
  return {
    addFacts,
    addActivity: (columns: Columns): void => {
      numbers(columns, 'account').forEach((account, row) => {
        const value = (name: string): number => numbers(columns, name)[row] ?? 0
        const activity: ActivityRow = {
          account,
          exchanges: value('exchanges'),
          createdDay: value('created_day'),
          org: value('org'),
          hours: value('hours'),
        }
        at(value('step')).activity.push(activity)
      })
      addFacts(columns)
    },
    addLinks: (columns: Columns): void => {
      numbers(columns, 'account').forEach((account, row) => {
        const value = (name: string): number => numbers(columns, name)[row] ?? 0
        at(value('step')).links.push({ account, other: value('other'), count: value('n') })
      })
    },
    addTraits: (columns: Columns): void => {
      const lists = (name: string, row: number): readonly number[] =>
        (columns[name]?.[row] ?? []) as readonly number[]
      numbers(columns, 'trait').forEach((trait, row) => {
        const kind = numbers(columns, 'kind')[row] ?? 0
        lists('accounts', row).forEach((account, user) => {
          at(lists('firsts', row)[user] ?? 0).uses.push({ account, trait, kind })
          const habit = lists('habits', row)[user] ?? never
          if (habit !== never) at(habit).habits.push({ account, trait })
        })
      })
    },
    steps: (): Steps => {
      for (const rows of byStep) sortRows(rows)
      return { count: byStep.length, rows: at }
    },
  }
}

/** The engine returns shared traits in no order; a walk must not depend on it. */
function sortRows(rows: Mutable): void {
  rows.uses.sort((a, b) => a.trait - b.trait || a.account - b.account)
  rows.habits.sort((a, b) => a.trait - b.trait || a.account - b.account)
}

function numbers(columns: Columns, name: string): readonly number[] {
  return (columns[name] ?? []) as readonly number[]
}
