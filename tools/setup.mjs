// What `npm start` and `npm test` do first on a fresh clone: install and build, each only if needed.
// Plain JavaScript without dependencies, because nothing is installed yet when it runs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const installStamp = join(root, 'node_modules', '.stillwatch-install')
const buildStamp = join(root, 'dist', '.stillwatch-build')

checkNode()
checkPlatform()
install()
if (!process.argv.includes('--no-build')) build()

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  stop(`Stillwatch needs Node.js 20.19 or newer; this is ${process.versions.node}.`)
}

/** chDB is published for glibc Linux and for macOS; elsewhere npm would install it without its library. */
function checkPlatform() {
  if (process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime)
    stop(
      'Stillwatch needs a Linux with glibc: its embedded engine, chDB, has no build for musl (Alpine). Use a Debian-based image.',
    )
  if (process.platform !== 'linux' && process.platform !== 'darwin')
    stop(
      `Stillwatch runs on Linux x64 and macOS; chDB has no build for ${process.platform}. On Windows use WSL2.`,
    )
}

function install() {
  const wanted = hash([join(root, 'package-lock.json')])
  if (existsSync(installStamp) && readFileSync(installStamp, 'utf8') === wanted) return
  say('Installing dependencies (once; the embedded engine is about 550 MB on disk) …')
  // Not `npm ci`: it refuses a lockfile without the optional packages of other platforms, and npm
  // leaves those out wherever the registry in use cannot serve them. Versions are pinned exactly.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(installStamp, wanted)
}

function build() {
  const sources = hash([...files(join(root, 'src')), join(root, 'tsconfig.build.json')])
  if (existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === sources) return
  say('Building …')
  run(process.execPath, [join(root, 'tools', 'build.mjs')])
  writeFileSync(buildStamp, sources)
}

function files(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort()
}

function hash(paths) {
  const sum = createHash('sha256')
  for (const path of paths) sum.update(path).update(readFileSync(path))
  return sum.digest('hex')
}

function run(command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (done.status !== 0) stop(`"${command} ${args.join(' ')}" failed; see the lines above.`)
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

function stop(line) {
  say(line)
  process.exit(1)
}
