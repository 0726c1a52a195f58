// `npm run train:marks`: trains the model of what a request asks for and writes src/fingerprint/asks.tsv.
// `-- --languages` measures instead how it does on a language it has not seen; `-- --measure FILE` what the
// shipped weights mark of a file's lines. Takes some minutes.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const made = mkdtempSync(join(tmpdir(), 'stillwatch-marks-'))
process.on('exit', () => rmSync(made, { recursive: true, force: true }))
symlinkSync(join(root, 'package.json'), join(made, 'package.json'))
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const done = spawnSync(
  process.execPath,
  [tsc, '-p', 'tools/marks/tsconfig.json', '--outDir', made],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
if (done.status !== 0) process.exit(1)

const { trainMarks, measureLanguages, measureLines } = await import(
  join(made, 'tools/marks/train.js')
)
const phrases = join(root, 'tools/marks/phrases')
const weights = join(root, 'src/fingerprint/asks.tsv')
const say = (line) => console.log(line)
const measured = process.argv[process.argv.indexOf('--measure') + 1]
if (process.argv.includes('--languages')) measureLanguages(phrases, say)
else if (process.argv.includes('--measure')) measureLines(measured, pathToFileURL(weights), say)
else trainMarks(phrases, weights, say)
