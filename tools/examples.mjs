// Runs every file in examples/ on a small simulated log, and checks the types of the JavaScript ones.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const main = join(root, 'dist', 'cli', 'main.js')
const place = mkdtempSync(join(tmpdir(), 'stillwatch-examples-'))
process.on('exit', () => rmSync(place, { recursive: true, force: true }))
symlinkSync(main, join(place, 'stillwatch'))

const example = (name) => join(root, 'examples', name)
const log = join(place, 'log.jsonl')
const world = ['--accounts', '60', '--days', '4', '--campaigns', 'relay', '--out', log, '--quiet']
run('a simulated log', process.execPath, [main, 'simulate', ...world])

const scripts = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.mjs'))
const strict = [
  '--ignoreConfig',
  '--noEmit',
  '--allowJs',
  '--checkJs',
  '--strict',
  '--module',
  'nodenext',
]
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
run(
  'types',
  process.execPath,
  [tsc, ...strict, '--target', 'es2023', '--types', 'node', ...scripts.map(example)],
  { cwd: root },
)

const read = run('read-a-report.mjs', process.execPath, [example('read-a-report.mjs'), log])
must(/^C1 relay-pool, \d+ accounts$/m.test(read), 'names the relay pool')

const rows = ['2026-11-01T10:00:00Z\tr1\tann\t198.51.100.1\theron-2\tHello\tHi.', 'not a row', '']
const made = run('your-own-log.mjs', process.execPath, [example('your-own-log.mjs')], {
  input: rows.join('\n'),
})
writeFileSync(join(place, 'own.jsonl'), made)
const own = run('its log, audited', process.execPath, [main, 'audit', 'own.jsonl', '--json', '-'])
must(JSON.parse(own).log.exchanges === 1, 'gives one exchange')

for (const night of [1, 2]) {
  const said = run(`nightly.sh, night ${night}`, '/bin/sh', [example('nightly.sh')], {
    env: {
      ...process.env,
      PATH: `${place}${delimiter}${process.env['PATH']}`,
      LOGS: log,
      REPORTS: place,
    },
  })
  must(said.includes('something was flagged'), 'says that something was flagged')
}
must(
  existsSync(join(place, 'report.html')) && readFileSync(join(place, 'report.json')).length > 0,
  'leaves a page and a report',
)

function run(name, command, words, options = {}) {
  const done = spawnSync(command, words, {
    cwd: place,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    ...options,
  })
  process.stderr.write(`${done.status === 0 ? 'ok  ' : 'FAIL'} ${name}\n`)
  if (done.status === 0) return done.stdout
  process.stderr.write(`${done.stdout}${done.stderr}`)
  process.exit(1)
}

function must(holds, what) {
  process.stderr.write(`${holds ? 'ok  ' : 'FAIL'}   ${what}\n`)
  if (!holds) process.exit(1)
}
