import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root, stillwatch } from '../support/cli.ts'

// Blocks fenced as ```sh run are run as they stand, each in a folder of its own that holds `logs/`, with
// `stillwatch` and `npx` being the program just built. An audit may end in 0 or 3, all else in 0.
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]
const blocks = pages
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) =>
    [...readFileSync(join(root, name), 'utf8').matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map(
      ([, text = ''], at) => ({ name: `${name}, block ${at + 1}`, text }),
    ),
  )

const place = mkdtempSync(join(tmpdir(), 'stillwatch-docs-'))
const bin = join(place, 'bin')
const logs = join(place, 'logs')

beforeAll(async () => {
  mkdirSync(bin)
  mkdirSync(logs)
  script('stillwatch', `exec '${process.execPath}' '${join(root, 'dist/cli/main.js')}' "$@"`)
  script('npx', 'exec "$@"')
  const world = ['--accounts', '40', '--days', '3', '--campaigns', 'relay', '--quiet']
  const made = await stillwatch(['simulate', ...world, '--out', join(logs, 'exchanges.jsonl.gz')])
  if (made.code !== 0) throw new Error(made.stderr)
})

afterAll(() => rmSync(place, { recursive: true, force: true }))

function script(name: string, text: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`)
  chmodSync(join(bin, name), 0o755)
}

test('there are commands to run', () => {
  expect(blocks.length).toBeGreaterThan(3)
})

test.each(blocks)('$name', ({ name, text }) => {
  const here = join(place, name.replace(/\W+/g, '-'))
  mkdirSync(here)
  cpSync(logs, join(here, 'logs'), { recursive: true })
  const steps = text.split('\n').filter((line) => line.trim() !== '')
  // Joined again where a command goes on in the next line.
  const whole = steps.join('\n').replaceAll('\\\n', ' ').split('\n')
  const guarded = whole.map(
    (line) => `${line}\ncode=$?; [ $code = 0 ] || [ $code = 3 ] || exit $code`,
  )
  const done = spawnSync('/bin/sh', ['-c', guarded.join('\n')], {
    cwd: here,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` },
    encoding: 'utf8',
  })
  expect({ code: done.status, stderr: done.status === 0 ? '' : done.stderr }).toEqual({
    code: 0,
    stderr: '',
  })
})
