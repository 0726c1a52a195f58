// `npm run check`: types, lint, format and layers side by side, then the unit tests; seconds, not minutes.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name) => `${root}node_modules/.bin/${name}`
const folders = ['src', 'test', 'tools', 'bench', 'examples']
const steps = {
  types: [bin('tsc'), ['-p', 'tsconfig.json']],
  lint: [bin('oxlint'), ['--type-aware', '--deny-warnings', ...folders]],
  format: [bin('oxfmt'), ['--check', ...folders]],
  layers: [process.execPath, ['tools/layers.mjs']],
}
const unit = [bin('vitest'), ['run', '--project', 'unit']]

const results = await Promise.all(
  Object.entries(steps).map(([name, [command, args]]) => run(name, command, args)),
)
if (!process.argv.includes('--no-unit')) results.push(await run('unit', ...unit))
process.exit(results.every(Boolean) ? 0 : 1)

function run(name, command, args) {
  return new Promise((settle) => {
    const started = Date.now()
    let text = ''
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (part) => (text += part))
    child.stderr.on('data', (part) => (text += part))
    child.on('close', (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1)
      process.stderr.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`)
      if (code !== 0) process.stderr.write(text)
      settle(code === 0)
    })
  })
}
