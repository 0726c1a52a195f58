// Live detection at the gateway's rate: a stretch of traffic comes in, step by step, over a store that has a log already.
//   node --max-old-space-size=8000 bench/live.mjs [--base world-1m] [--rate 5000] [--minutes 10] [--step 2] [--folder DIR] [--slow]
// Prints one line of JSON: seconds that opening took, seconds of a step (ingest, detection), and the lag from an exchange's
// time to the verdict that knows of it, as one processor would have it that does both in turn. `--slow` tells
// the dearest statements.
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { startClock } from '../dist/audit/audit.js'
import { falseShareUsual } from '../dist/detect/index.js'
import { openStore } from '../dist/engine/store.js'
import { ingest } from '../dist/ingest/ingest.js'
import { openLive } from '../dist/live/index.js'
import { writeLog } from './worlds.mjs'

const { values: given } = parseArgs({
  options: {
    base: { type: 'string', default: 'world-1m' },
    rate: { type: 'string', default: '5000' },
    minutes: { type: 'string', default: '10' },
    step: { type: 'string', default: '2' },
    folder: { type: 'string', default: join(tmpdir(), 'stillwatch-bench') },
    slow: { type: 'boolean', default: false },
  },
})
const stepSeconds = Number(given.step)
const perStep = Number(given.rate) * stepSeconds
const steps = Math.round((Number(given.minutes) * 60) / stepSeconds)

const { files } = await writeLog(given.folder, given.base)
const data = mkdtempSync(join(given.folder, 'live-'))
const store = await openStore({ data: join(data, 'store') })
const spent = new Map()
const engine = timed(store.engine)
try {
  await ingest(store.engine, store.directory, files, { now: new Date() })
  const clock = await startClock(store, stepSeconds)
  const [{ last }] = await store.engine.rows(
    'SELECT toUnixTimestamp(max(time)) AS last FROM exchange',
  )
  // The stretch begins with the first step after the log.
  const begins =
    clock.originSeconds + Math.ceil((last + 1 - clock.originSeconds) / stepSeconds) * stepSeconds
  const settings = { falseShareMax: falseShareUsual, closeDelaySeconds: 0 }
  const opening = await measured(() => openLive(engine, clock, settings, begins))
  const live = opening.result
  spent.clear()
  const source = again(files)
  const taken = []
  for (let step = 0; step < steps; step++) {
    const file = join(data, `step-${step}.jsonl`)
    const starts = begins + step * stepSeconds
    writeFileSync(file, await batch(source, starts))
    const read = await measured(() =>
      ingest(store.engine, store.directory, [file], {
        now: new Date('2100-01-01'),
        sinceLast: true,
      }),
    )
    const detect = await measured(() => live.advance(starts + stepSeconds))
    rmSync(file)
    taken.push({ read, detect, exchanges: detect.result.exchanges })
  }
  const told = {
    opening: summary([opening]),
    steps,
    exchanges: taken.reduce((sum, each) => sum + each.exchanges, 0),
    ingest: summary(taken.map(({ read }) => read)),
    detection: summary(taken.map(({ detect }) => detect)),
    lag: lags(taken),
    lagOfDetectionAlone: lags(taken.map(({ detect }) => ({ detect, read: { seconds: 0 } }))),
    firstAndLastQuarter: quarters(taken.map(({ detect }) => detect.seconds)),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }
  console.log(JSON.stringify(told))
  if (given.slow)
    for (const [words, seconds] of [...spent].sort((a, b) => b[1] - a[1]).slice(0, 25))
      console.log(`${((1000 * seconds) / steps).toFixed(1)} ms a step: ${words}`)
} finally {
  await store.close()
  rmSync(data, { recursive: true, force: true })
}

/** The lines of the log again and again: the same accounts go on asking, under other ids and each time in other words. */
async function* again(names) {
  for (let turn = 1; ; turn++)
    for (const name of names)
      for await (const line of createInterface({ input: createReadStream(name) }))
        yield otherwise(JSON.parse(line), turn)
}

function otherwise(exchange, turn) {
  exchange.id += `-${turn}`
  for (const message of exchange.request.messages)
    if (typeof message.content === 'string') message.content += ` ${turn}`
  return exchange
}

async function batch(source, starts) {
  const lines = []
  for (let at = 0; at < perStep; at++) {
    const { value } = await source.next()
    value.time = new Date(1000 * (starts + (at * stepSeconds) / perStep)).toISOString()
    lines.push(`${JSON.stringify(value)}\n`)
  }
  return lines.join('')
}

/** Each statement's time, under its first words. */
function timed(inner) {
  const watched = (name) => async (sql, parameters) => {
    const { result, seconds } = await measured(() => inner[name](sql, parameters))
    const words = sql
      .replaceAll(/^--.*$/gm, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, 110)
    spent.set(words, (spent.get(words) ?? 0) + seconds)
    return result
  }
  return {
    ...inner,
    command: watched('command'),
    rows: watched('rows'),
    columns: watched('columns'),
  }
}

async function measured(work) {
  const used = process.cpuUsage()
  const started = performance.now()
  const result = await work()
  const { user, system } = process.cpuUsage(used)
  return { result, seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 }
}

function summary(times) {
  const seconds = times.map((each) => each.seconds)
  return {
    median: round(quantile(seconds, 0.5)),
    p99: round(quantile(seconds, 0.99)),
    processor: round(times.reduce((sum, each) => sum + each.processor, 0) / times.length),
  }
}

/** A step's exchanges wait for its end, for the step before to be done with, and for their own. */
function lags(taken) {
  const found = []
  let free = 0
  taken.forEach(({ read, detect }, step) => {
    const ended = (step + 1) * stepSeconds
    free = Math.max(free, ended) + read.seconds + detect.seconds
    for (let at = 0; at < 100; at++) found.push(free - ended + stepSeconds * (1 - at / 100))
  })
  return { median: round(quantile(found, 0.5)), p99: round(quantile(found, 0.99)) }
}

function quarters(seconds) {
  const size = Math.max(1, Math.floor(seconds.length / 4))
  return [seconds.slice(0, size), seconds.slice(-size)].map((part) => round(quantile(part, 0.5)))
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

function round(value) {
  return Math.round(value * 1000) / 1000
}
