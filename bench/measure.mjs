// One measurement in a process of its own, so that its peak memory is its own:
//   node bench/measure.mjs count|ingest|audit DATA FILE…
// Prints one line of JSON: seconds, exchanges and the peak of resident memory in MiB.
import { audit } from '../dist/audit/audit.js'
import { openStore } from '../dist/engine/store.js'
import { literal } from '../dist/engine/sql.js'
import { ingest } from '../dist/ingest/ingest.js'

const [what, data, ...files] = process.argv.slice(2)
const store = await openStore({ data })
const started = performance.now()
const result = await work()
const seconds = (performance.now() - started) / 1000
await store.close()
console.log(
  JSON.stringify({
    seconds,
    ...result,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)

async function work() {
  if (what === 'count') return await count()
  if (what === 'ingest') {
    const summary = await ingest(store.engine, store.directory, files, { now: new Date() })
    return { exchanges: summary.exchanges }
  }
  const report = await audit(store, files, { now: new Date(), version: 'bench' })
  const flagged = report.accounts.filter((account) => account.verdict === 'flagged').length
  return { exchanges: report.log.exchanges, accounts: report.accounts.length, flagged }
}

/** The floor: the engine reads and counts the lines, and does nothing with them. */
async function count() {
  const [row] = await store.engine.rows(
    files
      .map(
        (file) =>
          `SELECT count() AS n, sum(length(line)) AS bytes FROM file(${literal(file)}, 'LineAsString', 'line String')`,
      )
      .join(' UNION ALL '),
  )
  return { exchanges: Number(row.n) }
}
