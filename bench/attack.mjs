// `npm run attack [-- --rounds 8 --others 4 --honest 600 --days 4 --repeats 3 --seed 1]`: an attacker that
// reads the verdicts, under three conditions, beside one that learns nothing. What it ends with is measured
// in worlds that none of them has seen. Prints a table, and with --json FILE writes every round.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { withPassingStore } from '../dist/cli/store.js'
import { adapt, play } from '../dist/evaluate/adaptive.js'
import { carelessPolicy } from '../dist/sim/adaptive/policy.js'

const given = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    others: { type: 'string', default: '4' },
    honest: { type: 'string', default: '600' },
    days: { type: 'string', default: '4' },
    repeats: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
}).values
const [rounds, others, honest, days, repeats] = [
  given.rounds,
  given.others,
  given.honest,
  given.days,
  given.repeats,
].map(Number)

const now = new Date()
const version = 'attack'
const secretOf = (name) => createHash('sha256').update(name).digest()
const deployment = secretOf('deployment')

/** `open`: who answers, by whose secret, in whose world. */
const conditions = [
  {
    name: 'reads verdicts of its live accounts',
    secret: deployment,
    world: `provider/${given.seed}`,
  },
  {
    name: 'runs the detector itself, another secret',
    secret: secretOf('attacker'),
    world: `house/${given.seed}`,
  },
  {
    name: 'runs the detector itself, the same secret',
    secret: deployment,
    world: `house/${given.seed}`,
  },
]

const results = [{ name: 'learns nothing', policy: carelessPolicy, rounds: [] }]
for (const { name, secret, world } of conditions) {
  const found = await withPassingStore({ secret }, (store, folder) =>
    adapt(
      store,
      carelessPolicy,
      { rounds, others, folder, now, version, provider: { seed: world, honest, days } },
      (round) => process.stderr.write(`${name}: round ${round + 1} of ${rounds}\n`),
    ),
  )
  for (const { outcomes, honestFlagged } of found.rounds)
    process.stderr.write(`  ${outcomes.map(brief).join('  ')}  honest flagged: ${honestFlagged}\n`)
  results.push({ name, ...found })
}

const measured = []
for (const result of results) {
  const outcomes = []
  for (let at = 0; at < repeats; at++) {
    const played = await withPassingStore({ secret: deployment }, (store, folder) =>
      play(store, [result.policy], {
        folder,
        now,
        version,
        seed: `deployed/${given.seed}/${at}`,
        provider: { seed: '', honest, days },
      }),
    )
    outcomes.push(...played.outcomes)
  }
  measured.push({ ...result, outcomes })
}

const base = mean(measured[0].outcomes, 'taken')
console.log(
  '| attacker | accounts flagged | taken an account and day | of what it asked | times the first |',
)
console.log('|---|---|---|---|---|')
for (const { name, outcomes } of measured) {
  const taken = mean(outcomes, 'taken')
  const share = taken / mean(outcomes, 'asked')
  console.log(
    `| ${name} | ${percent(mean(outcomes, 'flagged'))} | ${(taken / days).toFixed(1)} | ${percent(share)} | ${(taken / base).toFixed(1)} |`,
  )
}
for (const { name, policy } of measured) console.log(`${name}: ${JSON.stringify(policy)}`)
if (given.json) writeFileSync(given.json, `${JSON.stringify({ given, measured })}\n`)

function mean(outcomes, field) {
  return outcomes.reduce((sum, each) => sum + each[field], 0) / outcomes.length
}

function percent(share) {
  return `${Math.round(100 * share)} %`
}

function brief({ flagged, taken, asked }) {
  return `${percent(flagged)} (${taken.toFixed(0)}/${asked.toFixed(0)})`
}
