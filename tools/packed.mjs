// Packs the package, installs the tarball into an empty folder as a user would, and uses it there.
// The installed folder is printed and left for whoever wants to look; it is gone with its parent.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'stillwatch-packed-'))
const here = join(place, 'empty')
mkdirSync(here)
process.on('exit', () => rmSync(place, { recursive: true, force: true }))

const packed = JSON.parse(run(root, 'npm', ['pack', '--json', '--pack-destination', place]).stdout)
const [{ filename, files, size }] = packed
say(`packed ${filename}: ${files.length} files, ${Math.round(size / 1024)} kB`)
checkContents(files.map(({ path }) => path))

writeFileSync(join(here, 'package.json'), '{ "private": true, "type": "module" }\n')
const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--omit=dev']
run(here, 'npm', ['install', ...quiet, join(place, filename)])
say('installed')

const stillwatch = (words, expected) =>
  run(here, 'npx', ['--no-install', 'stillwatch', ...words], expected)
must(/^\d+\.\d+\.\d+\n$/.test(stillwatch(['--version'], 0).stdout), 'prints its version')
must(stillwatch(['audit', '--help'], 0).stdout.includes('native'), 'lists the formats it reads')

const world = ['--accounts', '60', '--days', '4', '--out', 'log.jsonl.gz']
stillwatch(['simulate', ...world, '--campaigns', 'relay'], 0)
const flagged = stillwatch(['audit', 'log.jsonl.gz', '--json', '-', '--html', 'r.html'], 3)
must(JSON.parse(flagged.stdout).campaigns.length > 0, 'flags a relay pool, exit code 3')
must(existsSync(join(here, 'r.html')), 'writes the page')
stillwatch(['simulate', ...world, '--campaigns', 'none'], 0)
must(
  stillwatch(['audit', 'log.jsonl.gz', '--quiet'], 0).stdout === '',
  'flags nobody in a log without campaigns, exit code 0',
)
must(/^error: /m.test(stillwatch(['audit', 'none.jsonl'], 1).stderr), 'no such file, exit code 1')
must(/^error: /m.test(stillwatch(['audit', '--step', '1'], 2).stderr), 'wrong usage, exit code 2')

const use = `import { families, type Report } from 'stillwatch/record'
export const accounts = (report: Report): number => report.accounts.length
if (families.length !== 7) throw new Error('seven families')
`
writeFileSync(join(here, 'use.ts'), use)
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
run(here, process.execPath, [
  tsc,
  '--strict',
  '--module',
  'nodenext',
  '--target',
  'es2023',
  'use.ts',
])
run(here, process.execPath, ['use.js'])
must(true, 'can be imported, with types')

function checkContents(paths) {
  const stray = paths.filter((path) =>
    /\.test\.|\/golden\/|\/fixtures\/|^(src|test|bench|tools)\//.test(path),
  )
  must(stray.length === 0, `holds no test files ${stray.join(' ')}`)
  const beside = readdirSync(join(root, 'src'), { recursive: true }).filter(
    (name) =>
      /\.(sql|md|proto|schema\.json)$/.test(name) && !/(^|\/)(golden|fixtures)\//.test(name),
  )
  const missing = beside.filter((name) => !paths.includes(`dist/${name}`))
  must(missing.length === 0, `holds every SQL file, schema and page ${missing.join(' ')}`)
}

function run(cwd, command, words, expected = 0) {
  const done = spawnSync(command, words, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (done.status === expected) return done
  say(`FAIL ${command} ${words.join(' ')}: exit code ${done.status}, expected ${expected}`)
  say(done.stderr + done.stdout.slice(0, 2000))
  process.exit(1)
}

function must(holds, what) {
  say(`${holds ? 'ok  ' : 'FAIL'} the package ${what.trimEnd()}`)
  if (!holds) process.exit(1)
}

function say(line) {
  process.stderr.write(`${line}\n`)
}
