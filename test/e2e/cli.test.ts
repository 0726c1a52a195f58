import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Report } from '../../src/record/index.ts'
import { root, start, stillwatch } from '../support/cli.ts'
import { log } from '../support/exchanges.ts'
import { folder } from '../support/folder.ts'

/** What was said beside progress, which a slow machine shows and a quick one does not. */
const told = (stderr: string): string => stderr.replace(/^.* \(\d+ s\)\n/gm, '')

const loaded = ['--import', join(root, 'test/support/loaded.mjs')]

test('help needs neither the engine nor anything that does the work', async () => {
  for (const words of [['--help'], ['audit', '--help'], ['demo', 'audit', '--help']]) {
    const { code, stdout, stderr } = await stillwatch(words, {
      node: loaded,
      env: { STILLWATCH_LOADED: '1' },
    })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Usage: stillwatch/)
    expect(stdout).toContain('Examples:')
    expect(stderr).toContain('loaded ')
    expect(stderr).not.toMatch(
      /chdb|clickhouse|\/engine\/store|\/audit\/audit|\/sim\/simulate|\/sim\/disguise\/disguise\.|\/report\//,
    )
  }
})

test('the version is that of package.json', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  expect(await stillwatch(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

describe('wrong usage ends in 2 and says what is expected', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['an unknown option', 'audit a.jsonl --frmat native', /unknown option '--frmat'/],
    ['an unknown command', 'audti a.jsonl', /unknown command 'audti'/],
    ['no source', 'audit', /missing required argument 'source'/],
    ['no command', '', /Usage: stillwatch/],
    ['a bare number', 'audit a.jsonl --step 60', /--step was given "60"; it takes a duration/],
    ['a step over a week', 'audit a.jsonl --step 8d', /--step was given "8d".*from 1s to 7d/],
    ['part of a day', 'audit a.jsonl --retain 36h', /--retain was given "36h".*whole days/],
    ['a share without %', 'audit a.jsonl --max-rejected 1', /--max-rejected was given "1"/],
    ['too large a share', 'audit a.jsonl --max-rejected 101%', /a share from 0% to 100%/],
    ['a size without unit', 'audit a.jsonl --memory 3', /--memory was given "3"; it takes a size/],
    ['no processor', 'audit a.jsonl --threads 0', /--threads was given "0".*whole number/],
    ['two outputs in one', 'audit a.jsonl --json - --csv -', /--json and --csv both write/],
    ['nowhere to write', 'audit a.jsonl --html none/r.html', /--html was given none.*no folder/],
    ['a folder to write', 'audit a.jsonl --json .', /--json was given \., which is a folder/],
    ['an odd engine', 'audit a.jsonl --engine mysql://x', /is not an engine address/],
    ['an odd source', 'audit ftp://host/file', /ftp:\/\/ cannot be read/],
  ]
  test.each(cases)('%s', async (_, words, said) => {
    const here = folder({ 'a.jsonl': log(0, 1) })
    const given = words.split(' ').filter((word) => word !== '')
    const { code, stdout, stderr } = await stillwatch(given, { cwd: here })
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(said)
    expect(stderr).toMatch(words === '' ? /audit --help/ : /^fix: .+/m)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(existsSync(join(here, '.stillwatch/lock'))).toBe(false)
  })
})

test('an honest log gives 0, a summary, and files only their owner can read', async () => {
  const here = folder({ 'log.jsonl': log(0, 300) })
  const words = ['--json', 'r.json', '--html', 'r.html', '--csv', 'r.csv']
  const { code, stdout, stderr } = await stillwatch(['audit', 'log.jsonl', ...words], { cwd: here })
  expect({ code, told: told(stderr) }).toEqual({
    code: 0,
    told: 'wrote r.json\nwrote r.html\nwrote r.csv\n',
  })
  expect(stdout).toContain('300 exchanges · 7 accounts · 0 campaigns · 0 flagged')
  expect(stdout).not.toContain('\u001b')
  const report = JSON.parse(readFileSync(join(here, 'r.json'), 'utf8')) as Report
  expect(report.log).toMatchObject({ exchanges: 300, accounts: 7 })
  for (const name of ['r.json', 'r.html', 'r.csv'])
    expect(statSync(join(here, name)).mode & 0o777).toBe(0o600)
  const kept = readFileSync(join(here, '.stillwatch/last-report.json'), 'utf8')
  expect(JSON.parse(kept)).toMatchObject({ pseudonymous: true, log: report.log })
  expect(kept).not.toContain('acct_')
})

test('standard input to standard output leaves nothing between for a machine to trip over', async () => {
  const here = folder()
  const words = ['audit', '-', '--json', '-']
  const { code, stdout, stderr } = await stillwatch(words, { cwd: here, input: log(0, 50) })
  expect({ code, told: told(stderr) }).toEqual({ code: 0, told: '' })
  expect(JSON.parse(stdout)).toMatchObject({ log: { exchanges: 50 } })
})

test('--quiet says nothing', async () => {
  const here = folder({ 'log.jsonl': log(0, 50) })
  const words = ['audit', 'log.jsonl', '--quiet', '--json', 'r.json']
  expect(await stillwatch(words, { cwd: here })).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(existsSync(join(here, 'r.json'))).toBe(true)
})

test('colours on demand, and never with --no-color', async () => {
  const here = folder({ 'log.jsonl': log(0, 50) })
  const env = { FORCE_COLOR: '1' }
  const audit = (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    stillwatch(['audit', 'log.jsonl', ...words], { cwd: here, env: { ...env, ...more } })
  expect((await audit([])).stdout).toContain('\u001b[')
  expect((await audit(['--no-color'])).stdout).not.toContain('\u001b')
  expect((await audit([], { NO_COLOR: '1' })).stdout).not.toContain('\u001b')
})

test('--pseudonymous keeps account ids out of every output', async () => {
  const here = folder({ 'log.jsonl': log(0, 100) })
  const words = ['--pseudonymous', '--json', 'r.json', '--html', 'r.html', '--csv', '-']
  const { code, stdout } = await stillwatch(['audit', 'log.jsonl', ...words], { cwd: here })
  expect(code).toBe(0)
  for (const text of [
    stdout,
    ...['r.json', 'r.html'].map((name) => readFileSync(join(here, name))),
  ])
    expect(text.toString()).not.toContain('acct_')
  expect(stdout).toMatch(/^p-[0-9a-z]+,clear/m)
})

test('a reader that has seen enough is no error', async () => {
  const here = folder({ 'log.jsonl': log(0, 4000) })
  const running = start(['audit', 'log.jsonl', '--csv', '-', '--json', 'r.json'], { cwd: here })
  running.stdout.destroy()
  const { code, stderr } = await running.ended
  expect({ code, told: told(stderr) }).toEqual({ code: 0, told: 'wrote r.json\n' })
  expect(existsSync(join(here, 'r.json'))).toBe(true)
})

test.each([
  ['SIGTERM', 143, 'while the engine opens', 0],
  ['SIGINT', 130, 'while the engine waits for its input', 1500],
  ['SIGTERM', 143, 'while the engine waits for its input', 1500],
] as const)('%s (%i) %s', async (signal, expected, _, milliseconds) => {
  const here = folder()
  const lock = join(here, '.stillwatch/lock')
  const running = start(['audit', '-'], { cwd: here })
  running.stdin.write(log(0, 10))
  while (!existsSync(lock)) await sleep(10)
  await sleep(milliseconds)
  expect(existsSync(lock)).toBe(true)
  running.signal(signal)
  expect((await running.ended).code).toBe(expected)
  expect(existsSync(lock)).toBe(false)
  const again = await stillwatch(['audit', '-', '--quiet'], { cwd: here, input: log(0, 10) })
  expect(again).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('SIGINT while a statement runs: at once, and the next run goes on', async () => {
  const here = folder({ 'log.jsonl': log(0, 10) })
  // A server that never answers keeps the engine in the middle of a statement.
  const server = createServer()
  const asked = new Promise((heard) => server.once('request', heard))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => server.closeAllConnections())
  const { port } = server.address() as AddressInfo
  const running = start(['audit', `http://127.0.0.1:${port}/log.jsonl`], { cwd: here })
  await asked
  const before = performance.now()
  running.signal('SIGINT')
  expect((await running.ended).code).toBe(130)
  expect(performance.now() - before).toBeLessThan(5_000)
  expect(existsSync(join(here, '.stillwatch/lock'))).toBe(false)
  const again = await stillwatch(['audit', 'log.jsonl', '--quiet'], { cwd: here })
  expect(again).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('two runs on one data directory: the second says who holds it', async () => {
  const here = folder({ 'log.jsonl': log(0, 10) })
  const first = start(['audit', '-'], { cwd: here })
  while (!existsSync(join(here, '.stillwatch/lock'))) await sleep(50)
  const second = await stillwatch(['audit', 'log.jsonl'], { cwd: here })
  expect(second.code).toBe(1)
  expect(second.stderr).toMatch(/^error: Another process \(\d+\) is using .*\nfix: .*--data/)
  first.stdin.end(log(0, 10))
  expect((await first.ended).code).toBe(0)
})

test('without the engine for this platform: what is missing, and where it runs', async () => {
  const here = folder({ 'log.jsonl': log(0, 10) })
  const env = { STILLWATCH_WITHOUT: 'chdb' }
  const { code, stderr } = await stillwatch(['audit', 'log.jsonl'], {
    cwd: here,
    node: loaded,
    env,
  })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: The embedded engine .*\nfix: .*glibc.*\n$/)
  expect(existsSync(join(here, '.stillwatch/lock'))).toBe(false)
})

test('a stack only for those who ask', async () => {
  const words = ['audit', 'nowhere.jsonl']
  const here = folder()
  const plain = await stillwatch(words, { cwd: here })
  expect(plain.code).toBe(1)
  expect(plain.stderr).toMatch(/^error: There is no file or folder nowhere.jsonl.\nfix: .+\n$/)
  const asked = await stillwatch(words, { cwd: here, env: { STILLWATCH_DEBUG: '1' } })
  expect(asked.stderr).toMatch(/^ +at /m)
})
