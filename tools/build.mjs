// Compiles src/ to dist/ and copies what is not TypeScript (SQL, schemas, detector pages) beside it.
// Built aside and moved into place, so that a run that starts meanwhile never finds half of it.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const copied = new Set(['.sql', '.json', '.md', '.css', '.txt', '.tsv', '.proto'])
const made = join(root, `dist.${process.pid}.part`)
const dist = join(root, 'dist')

process.on('exit', () => rmSync(made, { recursive: true, force: true }))
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const done = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', made], {
  cwd: root,
  stdio: 'inherit',
})
if (done.status !== 0) process.exit(1)

for (const name of readdirSync(join(root, 'src'), { recursive: true })) {
  const from = join(root, 'src', name)
  if (
    statSync(from).isFile() &&
    copied.has(extname(name)) &&
    !/(^|\/)(golden|fixtures)\//.test(name)
  )
    cpSync(from, join(made, name))
}
chmodSync(join(made, 'cli', 'main.js'), 0o755)
rmSync(dist, { recursive: true, force: true })
renameSync(made, dist)
