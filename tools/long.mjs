// `npm run long`: whether the one number holds where it is too small for `npm test`. Simulates more than
// 300,000 honest accounts in worlds of their own, audits each with 1 in 10,000, and counts whoever was ever
// flagged. Ends in exit code 1 where that is more than the number allows. `npm run long -- 4` stops after 4 worlds.
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { withPassingStore } from '../dist/cli/store.js'
import { writeWorld } from '../dist/cli/world-log.js'
import { clopperPearson } from '../dist/core/statistics.js'
import { everFlagged } from '../dist/evaluate/held.js'
import { truthOf } from '../dist/sim/truth.js'
import { wideWorld, world } from '../dist/sim/worlds.js'

const falseShareMax = 1 / 10_000
const days = 3
/** Grey ones (resellers, test data) are among them and not counted. */
const accounts = 15_250
const worlds = Number(process.argv[2] ?? 20)
const silent = { tell: () => undefined, end: () => undefined }

/** The usual customers, the same while they change, and every fourth time every kind of look-alike. */
function worldOf(number) {
  const options = { seed: `long ${number}`, accounts, days }
  if (number % 4 === 3) return wideWorld(options)
  return { ...world(options), drift: number % 2 === 1 }
}

async function count(number) {
  const config = worldOf(number)
  const secret = createHash('sha256').update(config.seed).digest()
  return await withPassingStore({ secret }, async (store, folder) => {
    const file = join(folder, 'log.jsonl')
    await writeWorld(config, file, silent)
    const now = new Date(Date.parse(config.start) + days * 86_400_000)
    const known = { sources: [file], truth: truthOf(config) }
    const [held] = await everFlagged(store, known, [falseShareMax], now)
    rmSync(file, { force: true })
    return held
  })
}

const classes = new Map()
const groups = []
for (let number = 0; number < worlds; number++) {
  const held = await count(number)
  for (const [cls, { accounts: of, flagged }] of held.classes) {
    const known = classes.get(cls) ?? { of: 0, flagged: 0 }
    classes.set(cls, { of: known.of + of, flagged: known.flagged + flagged })
  }
  groups.push(...held.groups)
  const now = total()
  console.log(`world ${number + 1} of ${worlds}: ${now.flagged} of ${now.of} so far`)
}
for (const [cls, { of, flagged }] of [...classes].sort((a, b) => b[1].flagged - a[1].flagged))
  console.log(line(cls, flagged, of))
const all = total()
console.log(line('all', all.flagged, all.of))
console.log(`${groups.length} groups: ${groups.sort((a, b) => b - a).join(', ') || 'none'}`)
process.exit(all.flagged <= falseShareMax * all.of ? 0 : 1)

function total() {
  let of = 0
  let flagged = 0
  for (const each of classes.values()) {
    of += each.of
    flagged += each.flagged
  }
  return { of, flagged }
}

function line(name, flagged, of) {
  const { low, high } = clopperPearson(flagged, of)
  const share = (part) => `${(part * 100).toPrecision(2)} %`
  return `${name.padEnd(12)} ${flagged} of ${of} (${share(low)} to ${share(high)})`
}
