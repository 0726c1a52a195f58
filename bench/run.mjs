// `npm run bench [-- --big] [-- --only NAME]`: each figure beside its floor, from the same run on the
// same machine. Absolute times here are this machine's; the ratios travel.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeLog } from './worlds.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = process.env['STILLWATCH_BENCH'] ?? join(tmpdir(), 'stillwatch-bench')
const repeats = 3
mkdirSync(folder, { recursive: true })

const benches = {
  start: startUp,
  short: () => reading('short-1m', 'exchanges of some 600 bytes', 'target: 60,000 a second'),
  agents: () => reading('agents-50kb', 'exchanges of some 50 kB', 'target: 100 MB a second'),
  'walk-100k': () => walking(14, 'target: 5 s'),
  'audit-1m': () => auditing('world-1m'),
  'audit-10m': () => auditing('world-10m', 'target: 15 min, 3 GB'),
  'walk-1m': () => walking(135, 'target: 60 s'),
  many: manyAccounts,
}
/** What takes many minutes and much disk. */
const big = new Set(['audit-10m', 'walk-1m', 'many'])

const only = argument('--only')
for (const [name, bench] of Object.entries(benches)) {
  if (only ? name !== only : big.has(name) && !process.argv.includes('--big')) continue
  await bench()
}

function argument(name) {
  const at = process.argv.indexOf(name)
  return at < 0 ? null : process.argv[at + 1]
}

function startUp() {
  const bare = median(times(() => run(['-e', '0'])))
  const help = median(times(() => run([join(root, 'dist/cli/main.js'), '--help'])))
  row('stillwatch --help', `${ms(help)} (target: 300 ms)`, `node -e 0: ${ms(bare)}`, help / bare)
}

async function reading(name, what, target) {
  const { files, bytes } = await writeLog(folder, name)
  const floors = []
  const reads = []
  for (let at = 0; at < repeats; at++) {
    floors.push(measure('count', files))
    reads.push(measure('ingest', files))
  }
  const floor = byMedian(floors)
  const read = byMedian(reads)
  const line = Math.round(bytes / read.exchanges)
  row(
    `read and fingerprint ${what} (${read.exchanges} of ${line} bytes)`,
    `${perSecond(read.exchanges, read.seconds)}, ${megabytes(bytes, read.seconds)}, peak ${read.peakMiB} MiB (${target})`,
    `the engine counting them: ${perSecond(floor.exchanges, floor.seconds)}`,
    read.seconds / floor.seconds,
  )
}

async function auditing(name, target = '') {
  const { files, bytes } = await writeLog(folder, name)
  const floor = measure('count', files)
  const read = measure('ingest', files)
  const whole = measure('audit', files)
  row(
    `audit of ${whole.exchanges} exchanges, ${whole.accounts} accounts (${(bytes / 1e9).toFixed(1)} GB)`,
    `${whole.seconds.toFixed(0)} s, peak ${whole.peakMiB} MiB, ${whole.flagged} flagged ${target === '' ? '' : `(${target})`}`,
    `reading alone: ${read.seconds.toFixed(0)} s; counting: ${floor.seconds.toFixed(1)} s`,
    whole.seconds / read.seconds,
  )
}

/** A day is a step, so that nearly everybody is judged in it; the second one is told, of accounts known. */
async function walking(copies, target) {
  const { files } = await writeLog(folder, 'days-10k')
  const words = [join(root, 'bench/walk.mjs'), '--copies', String(copies), ...files]
  const { accounts, steps, peakMiB } = lastLine(run(['--max-old-space-size=16000', ...words]))
  const { active, seconds, floor } = steps.at(-1)
  row(
    `one step of the walk in which ${active} of ${accounts} accounts were active`,
    `${seconds} s of processor time, peak ${peakMiB} MiB (${target})`,
    `counting the same rows by account: ${floor} s`,
    seconds / floor,
  )
}

/** One campaign of 25,000 accounts among 225,000 honest ones: bench/many.mjs says what is varied. */
function manyAccounts() {
  const words = [join(root, 'bench/many.mjs'), '--folder', folder]
  const found = lastLine(run(['--max-old-space-size=9000', ...words]))
  const { exchanges, accountsSeen, campaignExchanges, flagged, untilOnePercent } = found
  console.log(
    `a campaign of ${found.accounts} accounts among ${accountsSeen} (${exchanges} exchanges)
  ${flagged} of its accounts flagged; 1 % of them after ${untilOnePercent ?? 'more than'} of ${campaignExchanges} exchanges (target: 288,000)
  store: ${found.bytesPerAccount} bytes an account (target: 8,192); ${found.seconds} s, peak ${found.peakMiB} MiB
`,
  )
}

function lastLine(text) {
  return JSON.parse(text.trim().split('\n').at(-1))
}

function measure(what, files) {
  const data = mkdtempSync(join(folder, 'data-'))
  try {
    return lastLine(run([join(root, 'bench/measure.mjs'), what, data, ...files]))
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

function run(args) {
  const done = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (done.status !== 0)
    throw new Error(`${args.join(' ')} ended with ${done.status ?? done.signal}`)
  return done.stdout
}

function times(work) {
  return Array.from({ length: 7 }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}

function byMedian(results) {
  return [...results].sort((a, b) => a.seconds - b.seconds)[results.length >> 1]
}

function ms(value) {
  return `${Math.round(value)} ms`
}

function perSecond(count, seconds) {
  return `${Math.round(count / seconds).toLocaleString('en')} a second`
}

function megabytes(bytes, seconds) {
  return `${Math.round(bytes / 1e6 / seconds)} MB a second`
}

function row(what, figure, floor, ratio) {
  console.log(`${what}\n  ${figure}\n  floor – ${floor}\n  ratio ${ratio.toFixed(1)}\n`)
}
