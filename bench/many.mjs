// One campaign of many accounts among many honest ones: after how many of its exchanges was it found?
//   node bench/many.mjs [--honest 225000] [--accounts 25000] [--per-day 26] [--sophistication 0.98]
//     [--dilution 0.45] [--step 600] [--folder DIR]
// The campaign begins on the second day of two. The honest customers' log is kept in the folder and used
// again for other campaigns beside them. Prints one line of JSON.
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { audit } from '../dist/audit/audit.js'
import { writeWorld } from '../dist/cli/world-log.js'
import { openStore } from '../dist/engine/store.js'
import { campaign } from '../dist/sim/campaigns/styles.js'
import { simulate } from '../dist/sim/simulate.js'
import { nativeLine } from '../dist/sim/native.js'
import { truthOf } from '../dist/sim/truth.js'
import { wideWorld } from '../dist/sim/worlds.js'

const given = parseArgs({
  options: {
    honest: { type: 'string', default: '225000' },
    accounts: { type: 'string', default: '25000' },
    'per-day': { type: 'string', default: '26' },
    sophistication: { type: 'string', default: '0.98' },
    dilution: { type: 'string', default: '0.45' },
    variants: { type: 'string', default: '8' },
    step: { type: 'string', default: '600' },
    folder: { type: 'string', default: join(tmpdir(), 'stillwatch-bench') },
  },
}).values
const [honest, accounts, stepSeconds] = [given.honest, given.accounts, given.step].map(Number)
const days = 2
const silent = { tell: () => undefined, end: () => undefined }

mkdirSync(given.folder, { recursive: true })
const honestLog = join(given.folder, `honest-${honest}.jsonl`)
const honestWorld = wideWorld({ seed: 'many-1', accounts: honest, days, campaigns: [] })
if (!existsSync(honestLog)) {
  await writeWorld(honestWorld, `${honestLog}.part`, silent)
  renameSync(`${honestLog}.part`, honestLog)
}

const config = {
  ...honestWorld,
  customers: [],
  campaigns: [
    campaign('hydra', 'many', 1, days, {
      accounts,
      perAccountPerDay: Number(given['per-day']),
      sophistication: Number(given.sophistication),
      dilution: Number(given.dilution),
      variants: Number(given.variants),
    }),
  ],
}
const campaignLog = join(given.folder, `campaign-${process.pid}.jsonl`)
/** When each of the campaign's exchanges was asked, in milliseconds. */
const times = writeCampaign()
const data = mkdtempSync(join(given.folder, 'data-'))
try {
  const store = await openStore({ data })
  const started = performance.now()
  const report = await audit(store, [honestLog, campaignLog], {
    now: new Date(),
    version: 'bench',
    stepSeconds,
  })
  const seconds = Math.round((performance.now() - started) / 1000)
  await store.close()
  console.log(
    JSON.stringify({
      ...given,
      ...figuresOf(report),
      seconds,
      bytesPerAccount: perAccount(report),
      peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  )
} finally {
  rmSync(data, { recursive: true, force: true })
  rmSync(campaignLog, { force: true })
}

function writeCampaign() {
  const file = openSync(campaignLog, 'w')
  const found = []
  let lines = []
  const flush = () => {
    writeSync(file, lines.join(''))
    lines = []
  }
  for (const exchange of simulate(config, Infinity)) {
    found.push(Date.parse(exchange.time))
    // Both logs number their exchanges from 0.
    lines.push(nativeLine({ ...exchange, id: `c${exchange.id}` }))
    if (lines.length === 4000) flush()
  }
  flush()
  closeSync(file)
  return found
}

function figuresOf(report) {
  const members = new Set(Object.keys(truthOf(config).accounts))
  const flagged = report.accounts.filter(({ verdict }) => verdict === 'flagged')
  const own = flagged.filter(({ account }) => members.has(account))
  const moments = own.map(({ detected_at }) => Date.parse(detected_at)).sort((a, b) => a - b)
  const before = (moment) => times.filter((time) => time <= moment).length
  const largest = [...report.campaigns]
    .map((each) => each.accounts.filter((account) => members.has(account)).length)
    .sort((a, b) => b - a)[0]
  const asked = (share) => {
    const moment = moments[Math.ceil(share * members.size) - 1]
    return moment === undefined ? null : before(moment)
  }
  return {
    exchanges: report.log.exchanges,
    accountsSeen: report.accounts.length,
    campaignExchanges: times.length,
    flagged: own.length,
    honestFlagged: flagged.length - own.length,
    inOneCampaign: largest ?? 0,
    untilFirst: moments.length === 0 ? null : before(moments[0]),
    untilOnePercent: asked(0.01),
    untilTenth: asked(0.1),
    untilHalf: asked(0.5),
  }
}

function perAccount(report) {
  const bytes = readdirSync(data, { recursive: true })
    .map((name) => statSync(join(data, name)))
    .filter((each) => each.isFile())
    .reduce((sum, { size }) => sum + size, 0)
  return Math.round(bytes / report.accounts.length)
}
