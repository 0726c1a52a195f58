// The walk alone, without the engine, over many accounts: a log's rows are read once and handed to the
// walk as those of so many providers side by side, each with accounts and traits of its own.
//   node --max-old-space-size=16000 bench/walk.mjs [--copies 100] [--step 86400] LOG…
// Prints one line of JSON: seconds of each step beside the accounts active in it, and the floor: counting
// the same rows by account.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startClock } from '../dist/audit/audit.js'
import { readSteps } from '../dist/audit/steps.js'
import { detectors, emptyWalk, falseShareUsual } from '../dist/detect/index.js'
import { openStore } from '../dist/engine/store.js'
import { ingest } from '../dist/ingest/ingest.js'

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    copies: { type: 'string', default: '100' },
    step: { type: 'string', default: '86400' },
  },
})
const copies = Number(given.copies)
const stepSeconds = Number(given.step)

const data = mkdtempSync(join(tmpdir(), 'stillwatch-walk-'))
const store = await openStore({ data })
try {
  await ingest(store.engine, store.directory, positionals, { now: new Date() })
  const clock = await startClock(store, stepSeconds)
  const walk = emptyWalk(detectors, { stepSeconds, falseShareMax: falseShareUsual })
  const steps = []
  for await (const { step, rows } of readSteps(store.engine, clock, detectors)) {
    const many = copied(rows)
    const floor = timed(() => counted(many))
    const { seconds } = timed(() => walk.advance(step, many))
    steps.push({ active: floor.result, seconds: round(seconds), floor: round(floor.seconds) })
  }
  const flagged = walk.accounts().filter(({ verdict }) => verdict === 'flagged').length
  console.log(
    JSON.stringify({
      accounts: walk.population.size(),
      flagged,
      seconds: round(steps.reduce((sum, { seconds }) => sum + seconds, 0)),
      floor: round(steps.reduce((sum, step) => sum + step.floor, 0)),
      peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      steps,
    }),
  )
} finally {
  await store.close()
  rmSync(data, { recursive: true, force: true })
}

/** Columns that hold fingerprints, which are other ones in each copy; 0 stands for none. */
function isName(column) {
  return ['account', 'trait', 'other', 'org'].includes(column)
}

function copied(rows) {
  const parts = (tables) =>
    Array.from({ length: copies }, (_, copy) =>
      tables.map(({ columns, from, to }) => ({
        columns: Object.fromEntries(
          Object.entries(columns).map(([name, values]) => {
            const kept = values.slice(from, to)
            return [name, isName(name) ? kept.map((hash) => other(hash, copy)) : kept]
          }),
        ),
        from: 0,
        to: to - from,
      })),
    ).flat()
  return {
    activity: parts(rows.activity),
    facts: parts(rows.facts),
    traits: parts(rows.traits),
    links: parts(rows.links),
  }
}

/** Another fingerprint of 53 bits, never 0. */
function other(hash, copy) {
  const space = 2 ** 53
  const shift = copy * 90_071_992_547_409
  return hash === 0 ? 0 : hash >= space - shift ? hash - (space - shift) + 1 : hash + shift
}

function counted({ activity, facts, traits, links }) {
  const active = new Map()
  for (const { columns, to } of [...activity, ...facts, ...traits, ...links])
    for (let row = 0; row < to; row++)
      active.set(columns.account[row], (active.get(columns.account[row]) ?? 0) + 1)
  return active.size
}

function timed(work) {
  const started = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(started)
  return { result, seconds: (user + system) / 1e6 }
}

function round(value) {
  return Math.round(value * 100) / 100
}
