// Audits a log and reads the report: the command line does the work, `stillwatch/record` gives the
// types. Prints who a person should look at first, and why.
//
//   node examples/read-a-report.mjs logs/
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** @typedef {import('stillwatch/record').Report} Report */

const sources = process.argv.slice(2)
const report = await audit(sources)
const { exchanges, accounts, rejected } = report.log
console.log(`${exchanges} exchanges of ${accounts} accounts; ${rejected.lines} lines rejected`)

for (const campaign of report.campaigns) {
  const [strongest] = [...campaign.reasons].sort((a, b) => b.weight - a.weight)
  console.log(`${campaign.id} ${campaign.kind}, ${campaign.accounts.length} accounts`)
  console.log(`   ${strongest?.text ?? 'no reason given'}`)
}

const alone = report.accounts.filter((each) => each.verdict === 'flagged' && !each.campaign)
console.log(`${alone.length} accounts are flagged outside campaigns`)

/**
 * @param {readonly string[]} logs
 * @returns {Promise<Report>}
 */
async function audit(logs) {
  const main = join(
    dirname(createRequire(import.meta.url).resolve('stillwatch/package.json')),
    'dist/cli/main.js',
  )
  const words = [main, 'audit', ...logs, '--quiet', '--json', '-']
  const run = promisify(execFile)
  // 0: nothing flagged. 3: something flagged, which is an answer and not a failure.
  const { stdout } = await run(process.execPath, words, { maxBuffer: 1024 ** 3 }).catch((ended) => {
    if (ended.code === 3) return ended
    throw ended
  })
  return JSON.parse(stdout)
}
