// The gateway beside nginx as a plain reverse proxy, @portkey-ai/gateway and a proxy on Node that does nothing:
//   npm run bench:gateway -- [--only json,big,open,flat,paced,streams,soak] [--rounds 3] [--seconds 1.5] [--long] [--minutes 24]
// Each proxy has one process, on one core, and the API behind them and the load the other. The rounds of all are
// interleaved and medians are told; where other work disturbs the machine, trust processor time per request.
// What is not there (nginx on PATH, the npm registry for Portkey) is skipped with a line that says so.
import { execFileSync, fork, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { soak } from './gateway/soak.mjs'
import { streams } from './gateway/streams.mjs'
import { eventsPerStream } from './gateway/events.mjs'

const { values: given } = parseArgs({
  options: {
    only: { type: 'string', default: 'json,big,open,flat,paced' },
    targets: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1.5' },
    long: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '24' },
    count: { type: 'string', default: '10000' },
    /** Another build to stand beside this one, as the target `before`. */
    before: { type: 'string', default: '' },
  },
})
/** With the versions of its own lockfile: with the newest that its ranges allow it answers every stream with 500. */
const portkeyPackages = {
  dependencies: { '@portkey-ai/gateway': '1.15.2' },
  overrides: { '@hono/node-server': '1.13.5', hono: '4.9.7' },
}
const token = 'token-for-the-bench-only'

const cases = {
  json: {
    title: 'JSON, 4 kB, 64 connections',
    bytes: 4096,
    mock: 'json',
    connections: 64,
    targets: ['nginx', 'portkey', 'bare', 'stillwatch', 'detecting'],
  },
  big: {
    title: 'JSON, 40 kB, 64 connections',
    bytes: 40_960,
    mock: 'json',
    connections: 64,
    targets: ['nginx', 'portkey', 'bare', 'stillwatch'],
  },
  open: {
    title: 'JSON, 4 kB, 500 requests a second',
    bytes: 4096,
    mock: 'json',
    rate: 500,
    targets: ['direct', 'nginx', 'portkey', 'stillwatch', 'detecting'],
  },
  flat: {
    title: '200 events at once, 16 streams',
    bytes: 4096,
    mock: 'flat',
    connections: 16,
    targets: ['nginx', 'portkey', 'bare', 'unrecorded', 'stillwatch'],
  },
  paced: {
    title: '50 events a second, 50 streams',
    bytes: 4096,
    mock: 'paced',
    connections: 50,
    targets: ['direct', 'nginx', 'stillwatch'],
  },
}

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-bench-gateway-'))
const children = []
const cores = availableParallelism()
try {
  await run()
} finally {
  // Asked first: the workers of an nginx that is killed live on.
  for (const child of children) child.kill('SIGTERM')
  await sleep(1000)
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}

async function run() {
  const wanted = given.only.split(',')
  const mock = await startMock()
  if (given.long || wanted.includes('soak')) {
    const start = (port) => stillwatch(port, true)
    return await soak({ minutes: Number(given.minutes), start, metric })
  }
  if (wanted.includes('streams')) {
    const gateway = await stillwatch(mock.port, true)
    return await streams({ count: Number(given.count), ...gateway })
  }
  const chosen = (name) => (given.targets === '' ? cases[name].targets : given.targets.split(','))
  const targets = await startTargets(mock, new Set(wanted.flatMap(chosen)))
  const results = {}
  for (const name of wanted) {
    const these = Object.entries(targets).filter(([target]) => chosen(name).includes(target))
    results[name] = await measure(name, cases[name], Object.fromEntries(these))
  }
  await checkRecords(targets)
  console.log(JSON.stringify(results))
}

async function startTargets(mock, names) {
  const starters = {
    direct: () => ({ port: mock.port, pid: mock.pid }),
    nginx: () => nginx(mock.port),
    portkey: () => portkey(mock.port),
    bare: () => bare(mock.port),
    stillwatch: () => stillwatch(mock.port, true),
    unrecorded: () => stillwatch(mock.port, false),
    detecting: () => detecting(mock.port),
    before: () => stillwatch(mock.port, true, { main: given.before }),
  }
  const targets = {}
  for (const name of names) {
    const target = await starters[name]()
    if (target) targets[name] = target
  }
  return targets
}

/** Rounds of all targets in turn, in another order each time. */
async function measure(name, made, targets) {
  const rounds = Object.fromEntries(Object.keys(targets).map((target) => [target, []]))
  // Until Node has compiled what it runs.
  for (const target of Object.values(targets)) await once({ ...made, warm: 3 }, target)
  for (let turn = 0; turn < Number(given.rounds); turn++) {
    const names = Object.keys(targets)
    const order = [...names.slice(turn % names.length), ...names.slice(0, turn % names.length)]
    for (const target of order) rounds[target].push(await once(made, targets[target]))
  }
  const rows = Object.entries(rounds).map(([target, all]) => [target, summary(name, all)])
  tell(made.title, rows)
  return Object.fromEntries(rows)
}

async function once(made, { port, pid, headers }) {
  const seconds = made.mock === 'paced' ? Math.max(3, Number(given.seconds)) : Number(given.seconds)
  const load = fork(
    join(import.meta.dirname, 'gateway/load.mjs'),
    [
      JSON.stringify({
        connections: 1,
        ...made,
        port,
        headers,
        seconds,
        warm: made.warm ?? (made.mock === 'paced' ? 1.2 : 0.5),
      }),
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  pin(load.pid, 0)
  let used = 0
  return await new Promise((settle, fail) => {
    load.on('message', (message) => {
      if (message.is === 'fault') fail(new Error(`an answer that is none: ${message.text}`))
      if (message.is === 'begin') used = cpuSeconds(pid)
      if (message.is === 'end') settle({ ...message.result, cpu: cpuSeconds(pid) - used })
    })
    load.on('error', fail)
  })
}

function summary(name, all) {
  const of = (read) => median(all.map(read))
  const unit = name === 'flat' ? eventsPerStream : 1
  return {
    perSecond: Math.round(of((each) => each.perSecond * unit)),
    cpuMicros: round(
      of((each) => (each.cpu * 1e6) / Math.max(1, each.done * unit)),
      2,
    ),
    p50: round(
      of((each) => each.latency.p50),
      3,
    ),
    p99: round(
      of((each) => each.latency.p99),
      3,
    ),
    first50: round(
      of((each) => each.first.p50),
      3,
    ),
    first99: round(
      of((each) => each.first.p99),
      3,
    ),
    chunk50: round(
      of((each) => each.chunk.p50),
      3,
    ),
    chunk99: round(
      of((each) => each.chunk.p99),
      3,
    ),
    chunkMax: round(
      of((each) => each.chunk.max),
      1,
    ),
    loadCpu: round(
      of((each) => each.own),
      2,
    ),
    failed: all.reduce((sum, each) => sum + each.failed, 0),
  }
}

function tell(title, rows) {
  console.error(`\n${title}`)
  const found = Object.fromEntries(rows)
  const ratio = (row, other) =>
    found[other] === undefined ? '-' : (row.perSecond / found[other].perSecond).toFixed(2)
  const byCpu = (row, other) =>
    found[other] === undefined ? '-' : (found[other].cpuMicros / row.cpuMicros).toFixed(2)
  for (const [name, row] of rows)
    console.error(
      `${name.padEnd(11)} ${String(row.perSecond).padStart(8)}/s  ${String(row.cpuMicros).padStart(8)} us cpu  ` +
        `nginx x${ratio(row, 'nginx')} (cpu x${byCpu(row, 'nginx')})  portkey x${ratio(row, 'portkey')} (cpu x${byCpu(row, 'portkey')})  ` +
        `p50 ${row.p50} p99 ${row.p99}  first ${row.first50}/${row.first99}  event ${row.chunk50}/${row.chunk99}/${row.chunkMax}  load ${row.loadCpu}  failed ${row.failed}`,
    )
}

/** Everything asked was recorded, or the figures are of something else. */
async function checkRecords(targets) {
  if (!targets.stillwatch) return
  await sleep(1500)
  const lost = await metric(targets.stillwatch, 'stillwatch_records_lost_total')
  const kept = await metric(targets.stillwatch, 'stillwatch_records_kept_total')
  console.error(`\nrecords: ${kept} kept, ${lost} lost`)
}

async function startMock() {
  const child = fork(join(import.meta.dirname, 'gateway/mock.mjs'))
  children.push(child)
  pin(child.pid, 0)
  const port = await new Promise((settle) => child.once('message', (told) => settle(told.port)))
  return { port, pid: child.pid }
}

async function nginx(upstream) {
  const port = await freePort()
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
events { worker_connections 4096; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  client_body_buffer_size 64k; keepalive_requests 100000000;
  upstream api { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 100000000; }
  server { listen 127.0.0.1:${port} backlog=4096;
    location / { proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } }
}
`,
  )
  return await started('nginx', port, () => spawn('nginx', ['-p', folder, '-c', config]))
}

async function portkey(upstream) {
  const place = join(folder, 'portkey')
  try {
    mkdirSync(place)
    writeFileSync(join(place, 'package.json'), JSON.stringify(portkeyPackages))
    const words = ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts']
    execFileSync('npm', words, { cwd: place, stdio: 'pipe', timeout: 120_000 })
  } catch {
    console.error('SKIPPED portkey: it could not be installed from the npm registry')
    return null
  }
  const port = await freePort()
  const main = join(place, 'node_modules/@portkey-ai/gateway/build/start-server.js')
  const headers = [
    'x-portkey-provider: openai',
    `x-portkey-custom-host: http://127.0.0.1:${upstream}/v1`,
  ]
  const found = await started('portkey', port, () =>
    spawn(process.execPath, [main, `--port=${port}`, '--headless']),
  )
  return found && { ...found, headers }
}

async function bare(upstream) {
  const port = await freePort()
  const main = join(import.meta.dirname, 'gateway/bare.mjs')
  return await started('bare', port, () =>
    spawn(process.execPath, [main, `http://127.0.0.1:${upstream}`, String(port)]),
  )
}

/** With the process that detects on the other core, where the load is, too. */
async function detecting(upstream) {
  const found = await stillwatch(upstream, false, { detection: true })
  if (found) for (const pid of tree(found.pid)) if (pid !== found.pid) pin(pid, 0)
  return found
}

async function stillwatch(
  upstream,
  records,
  { main = join(import.meta.dirname, '../dist/cli/main.js'), detection = false } = {},
) {
  const [port, admin] = [await freePort(), await freePort()]
  const config = join(folder, `stillwatch-${port}.yaml`)
  const settings = {
    listen: { port },
    admin: { port: admin, token },
    upstreams: [{ url: `http://127.0.0.1:${upstream}`, dialect: 'both' }],
    on_engine_loss: 'allow',
    detection: { enabled: detection },
    limits: {
      connections_max: 65_000,
      upstream_connections_max: 65_000,
      upstream_waiting_max: 65_000,
      queue_records_max: 100_000,
      queue_bytes_max: 512 * 1024 * 1024,
    },
  }
  writeFileSync(config, JSON.stringify(settings))
  const file = join(folder, `records-${port}.jsonl`)
  const data = join(folder, `data-${port}`)
  const words = [
    'serve',
    '--config',
    config,
    '--data',
    data,
    ...(records ? ['--record', file] : []),
  ]
  const node = process.env.BENCH_NODE_OPTIONS?.split(' ') ?? []
  const found = await started('stillwatch', port, () =>
    spawn(process.execPath, [...node, main, ...words], {
      cwd: folder,
      env: { ...process.env, HOME: folder },
    }),
  )
  return { ...found, admin, token, file }
}

async function started(name, port, start) {
  const child = start()
  children.push(child)
  let said = ''
  child.stdout?.on('data', () => undefined)
  child.stderr?.on('data', (part) => (said = `${said}${part}`.slice(-500)))
  const missing = new Promise((settle) => child.on('error', () => settle(true)))
  if (await Promise.race([missing, listening(port)])) {
    console.error(`SKIPPED ${name}: there is no such program on PATH`)
    return null
  }
  if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`)
  await sleep(300)
  for (const pid of tree(child.pid)) pin(pid, cores - 1)
  return { port, pid: child.pid, child }
}

async function listening(port) {
  for (let at = 0; at < 200; at++) {
    const open = await new Promise((settle) => {
      const socket = connect(port, '127.0.0.1', () => settle(true))
      socket.on('connect', () => socket.destroy())
      socket.on('error', () => settle(false))
    })
    if (open) return false
    await sleep(50)
  }
  throw new Error(`nothing listens on ${port}`)
}

async function freePort() {
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

async function metric({ admin }, name) {
  const answer = await fetch(`http://127.0.0.1:${admin}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return (await answer.text())
    .split('\n')
    .filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/** Where there are two cores or more and `taskset`, each side keeps to its own. */
function pin(pid, core) {
  if (cores < 2) return
  try {
    execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'pipe' })
  } catch {
    // Told once, by the figures: without it the proxies share the cores with the load.
  }
}

function tree(pid) {
  try {
    const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
    return [pid, ...below.filter((each) => each !== '').flatMap((each) => tree(Number(each)))]
  } catch {
    return [pid]
  }
}

/** Of all threads of a process and of its children, to the nanosecond; Linux only. */
function cpuSeconds(pid) {
  let sum = 0
  for (const each of tree(pid))
    for (const task of readdirSync(`/proc/${each}/task`))
      try {
        sum += Number(readFileSync(`/proc/${each}/task/${task}/schedstat`, 'utf8').split(' ')[0])
      } catch {
        // A thread that has just ended.
      }
  return sum / 1e9
}

function median(values) {
  const sorted = values.filter((each) => each !== null).sort((a, b) => a - b)
  return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)]
}

function round(value, places) {
  return value === null ? null : Number(value.toFixed(places))
}
