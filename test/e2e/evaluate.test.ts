import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { baselines } from '../../src/evaluate/baselines/catalogue.ts'
import { type Evaluation, families } from '../../src/record/index.ts'
import { root, start, stillwatch } from '../support/cli.ts'
import { folder } from '../support/folder.ts'

// A small world with two campaigns and a smaller one with none, measured as a user would.

const place = mkdtempSync(join(tmpdir(), 'stillwatch-evaluate-'))
const temporary = join(place, 'tmp')
const measured = ['--ablation', '--json', 'e.json', '--picture', 'roc.svg']
let said: Awaited<ReturnType<typeof stillwatch>>

beforeAll(async () => {
  mkdirSync(temporary)
  await simulate('busy', ['--accounts', '90', '--days', '4', '--campaigns', 'relay', 'farm'])
  await simulate('calm', ['--accounts', '30', '--days', '2', '--campaigns', 'none'])
  said = await stillwatch(['evaluate', 'busy', 'calm', ...measured], {
    cwd: place,
    env: { TMPDIR: temporary },
  })
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

async function simulate(name: string, words: readonly string[]): Promise<void> {
  mkdirSync(join(place, name))
  const files = ['--out', `${name}/log.jsonl.gz`, '--truth', `${name}/truth.json`, '--quiet']
  const { code, stderr } = await stillwatch(['simulate', ...words, ...files], { cwd: place })
  if (code !== 0) throw new Error(stderr)
}

const read = (): Evaluation => JSON.parse(readFileSync(join(place, 'e.json'), 'utf8')) as Evaluation

test('it measures and ends in 0, in at most 100 columns', () => {
  expect(said.code).toBe(0)
  expect(said.stderr).toContain('wrote e.json\nwrote roc.svg\n')
  for (const part of ['busy: ', 'calm: ', 'All 2 worlds', 'BESIDE OTHER METHODS', 'SWITCHED OFF'])
    expect(said.stdout).toContain(part)
  expect(said.stdout).toContain('There is none in this world.')
  expect(Math.max(...said.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  expect(said.stdout).not.toContain('\u001b')
})

test('the figures keep to their schema', () => {
  const file = join(root, 'src/record/evaluation.schema.json')
  const schema = JSON.parse(readFileSync(file, 'utf8')) as object
  const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
    schema,
  )
  validate(read())
  expect(validate.errors ?? []).toEqual([])
})

test('both campaigns are found, nobody honest is flagged, and 100 % is claimed of nothing', () => {
  const { worlds, total } = read()
  expect(total.totals).toMatchObject({ campaigns: 2, campaigns_found: 2 })
  expect(total.totals.false_positives.count).toBe(0)
  expect(total.totals.precision).toBeLessThan(0.5)
  for (const { style, first_flag_seconds, before_first_flag, exchanges } of worlds[0]?.campaigns ??
    []) {
    expect(['relay', 'farm']).toContain(style)
    expect(first_flag_seconds).toBeGreaterThan(0)
    expect(before_first_flag).toBeLessThan(exchanges)
  }
})

test('every method is there, and no oracle goes over its share', () => {
  const { worlds } = read()
  const ids = ['stillwatch', 'stillwatch-score', ...baselines.map(({ id }) => id)]
  for (const { methods, roc } of worlds) {
    expect(methods.map(({ id }) => id)).toEqual(ids)
    expect(roc.map(({ id }) => id)).toEqual(ids.slice(1))
    // 0.1 % of so few is nobody.
    for (const each of methods) expect(each.false_positives.count, `of ${each.id}`).toBe(0)
  }
})

test('the ablation switches off every detector and every family, and nothing is the audit itself', () => {
  const { ablation, totals } = read().worlds[0] ?? {}
  const detectors = readdirSync(join(root, 'src/detect/detectors'))
  const off = (kind: string) =>
    ablation?.filter((each) => each.kind === kind).map((each) => each.off)
  expect(off('detector')?.toSorted()).toEqual(detectors.sort())
  expect(off('family')).toEqual([...families])
  expect(ablation?.[0]).toMatchObject({
    kind: 'nothing',
    true_positives: totals?.true_positives,
    campaigns_found: totals?.campaigns_found,
    exposed: totals?.exposed,
  })
})

test('the picture has a panel for each world, and nothing is left behind', () => {
  const picture = readFileSync(join(place, 'roc.svg'), 'utf8')
  expect(picture.match(/class="title"/g)).toHaveLength(2)
  expect(readdirSync(temporary)).toEqual([])
  expect(existsSync(join(place, '.stillwatch'))).toBe(false)
})

test('the same world gives the same figures again, and --json - nothing else', async () => {
  const { code, stdout } = await stillwatch(['evaluate', 'calm', '--json', '-'], { cwd: place })
  expect(code).toBe(0)
  const [again] = (JSON.parse(stdout) as Evaluation).worlds
  expect(again).toEqual({ ...read().worlds[1], ablation: null })
})

test('under other names the same accounts are found', async () => {
  const words = ['evaluate', 'busy', '--disguise', 'names', '--json', '-']
  const { code, stdout } = await stillwatch(words, { cwd: place })
  expect(code).toBe(0)
  const [disguised] = (JSON.parse(stdout) as Evaluation).worlds
  const [plain] = read().worlds
  expect(disguised).toMatchObject({ name: 'busy, other names', exchanges: plain?.exchanges })
  expect(disguised?.totals.false_positives).toEqual(plain?.totals.false_positives)
  expect(disguised?.totals.true_positives).toEqual(plain?.totals.true_positives)
})

test('a log in another format has no disguise', async () => {
  const here = folder({
    'truth.json': JSON.stringify({ accounts: {}, campaigns: {} }),
    'log.jsonl': '{"time":1}\n',
  })
  const { code, stderr } = await stillwatch(['evaluate', here, '--disguise', 'both'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: Line 1 of .* is no exchange in the native format.\nfix: /m)
})

test.each([
  [
    'a folder without truth',
    ['evaluate', '.'],
    1,
    /^error: The world \. has no truth.json.\nfix: /,
  ],
  ['no such disguise', ['evaluate', '--disguise', 'hats'], 2, /names, wording, both/],
  ['a base rate of nothing', ['evaluate', '--base-rate', '0%'], 2, /a share above 0% and below/],
  [
    'two outputs in one',
    ['evaluate', '--json', '-', '--picture', '-'],
    2,
    /both write to standard/,
  ],
  ['nowhere to write', ['evaluate', '--picture', 'none/roc.svg'], 2, /no folder/],
])('%s: what is wrong, and what to do', async (_, words, expected, pattern) => {
  const { code, stdout, stderr } = await stillwatch(words, { cwd: folder() })
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
  expect(stderr).toMatch(pattern)
  expect(stderr).toMatch(/^fix: /m)
})

test('SIGINT: at once, and nothing is left behind', async () => {
  const running = start(['evaluate', 'busy'], { cwd: place, env: { TMPDIR: temporary } })
  while (readdirSync(temporary).length === 0) await sleep(20)
  await sleep(1000)
  running.signal('SIGINT')
  expect((await running.ended).code).toBe(130)
  expect(readdirSync(temporary)).toEqual([])
})

test('a truth that does not name every account is refused', async () => {
  const chat = { label: 'benign', cls: 'chat', campaign: null }
  const here = folder({
    'truth.json': JSON.stringify({ accounts: { somebody: chat }, campaigns: {} }),
    'log.jsonl.gz': readFileSync(join(place, 'calm/log.jsonl.gz')),
  })
  const { code, stderr } = await stillwatch(['evaluate', here])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: The truth of .* does not name \d+ accounts of its log/m)
})
