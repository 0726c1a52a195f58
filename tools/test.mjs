// `npm test`: types, lint, format, layers, then every test. Arguments go to vitest (`npm test -- -u`).
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = (args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1

const checked = run(['tools/check.mjs', '--no-unit'])
const tested = run(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)])
process.exit(checked || tested)
