// What an answer of POST /v1/decide takes inside the process, without HTTP.
//   node tools/build.mjs && node bench/decide.mjs [--rounds 50000]
// Prints one line of JSON for each kind of question: microseconds, mean and 99th percentile.
import { parseArgs } from 'node:util'
// By name, for what the build made is no part of what is linted with types.
const built = (name) => import(new URL(`../dist/gateway/${name}`, import.meta.url).href)
const { plain } = await built('adapters/plain.js')
const { advise } = await built('advice.js')
const { readConfig } = await built('config.js')
const { openEnforcer } = await built('enforcer.js')

const { values: given } = parseArgs({ options: { rounds: { type: 'string', default: '50000' } } })
const rounds = Number(given.rounds)

const text = JSON.stringify({
  upstreams: [],
  on_engine_loss: 'allow',
  decide: { token: 'x'.repeat(16) },
  policy: { enforce: true },
})
const { config, version } = readConfig(text, {})
const none = () => undefined
const metrics = { decided: none, caseOpened: none, delivered: none }
const enforcer = openEnforcer({
  directory: null,
  secret: new Uint8Array(32),
  policy: () => config.policy,
  metrics,
  log: none,
})
const standing = {
  verdict: 'flagged',
  bucket: 6,
  kind: 'relay-pool',
  families: 4,
  case: 'C1',
  since: 1,
}
const standings = new Map(Array.from({ length: 100_000 }, (_, at) => [`rook${at}`, standing]))
const shared = {
  snapshot: () => ({ config, version }),
  standing: (account) => standings.get(account) ?? null,
  enforcer,
  metrics,
  now: () => new Date(),
}
const content = 'When is low tide at Roscoff, and when at Brest? '.repeat(80)
const request = JSON.stringify({
  model: 'm',
  logprobs: true,
  messages: [{ role: 'user', content }],
})
const questions = {
  clear: { account: 'heron', tier: 'paid', model: 'm' },
  'clear, with a body of 4 kB': { account: 'heron', tier: 'paid', request },
  'flagged, slowed': { account: 'rook7', tier: 'paid', model: 'm' },
  'flagged, withheld, with a body of 4 kB': { account: 'rook8', tier: 'paid', request },
}
for (const [kind, question] of Object.entries(questions)) {
  const body = JSON.stringify(question)
  const times = new Float64Array(rounds)
  for (let round = -rounds / 10; round < rounds; round++) {
    const started = performance.now()
    const asked = { raw: [], url: '', body: JSON.parse(body), identify: none }
    const { advice, leave } = advise(shared, plain.question(asked))
    JSON.stringify(plain.answer(advice, asked))
    leave()
    if (round >= 0) times[round] = (performance.now() - started) * 1000
  }
  const mean = times.reduce((sum, each) => sum + each, 0) / rounds
  const sorted = times.sort()
  const [p50, p99] = [0.5, 0.99].map((share) => sorted[Math.floor(rounds * share)])
  process.stdout.write(
    `${JSON.stringify({ kind, mean_us: round1(mean), p50_us: round1(p50), p99_us: round1(p99) })}\n`,
  )
}
await enforcer.close()

function round1(value) {
  return Math.round(value * 10) / 10
}
