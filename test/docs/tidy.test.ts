import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from '../../src/cli/program.ts'
import { longFlag } from '../../src/cli/option.ts'
import { rooms, violations } from '../../tools/layers.mjs'
import { root } from '../support/cli.ts'

/** Every file of the project that is text, as git knows it; also new ones, but none that it ignores. */
const names = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((name) => /\.(ts|mjs|sql|md|sh|yml|json)$/.test(name) || name === '.ci/run')
  .filter((name) => existsSync(join(root, name)))
const files = names.map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }))
const own = `test/docs/tidy.test.ts`

/** `file:line text` of every line that matches, so that a failure can be clicked on. */
function lines(pattern: RegExp, wanted: (name: string) => boolean): readonly string[] {
  return files
    .filter(({ name }) => name !== own && wanted(name))
    .flatMap(({ name, text }) =>
      text
        .split('\n')
        .map((line, at) => ({ line, place: `${name}:${at + 1}` }))
        .filter(({ line }) => pattern.test(line))
        .map(({ line, place }) => `${place} ${line.trim().slice(0, 100)}`),
    )
}

const source = (name: string): boolean => /\.(ts|mjs|sql|sh)$/.test(name)

test('no FIXME, and no TODO without the number of its issue', () => {
  expect(lines(/\bFIXME\b|\bXXX\b|\bTODO\b(?!\(#\d+\))/, source)).toEqual([])
})

test('no lint rule is switched off without a reason on the line', () => {
  expect(lines(/(oxlint|eslint)-disable(?!.* -- .{10})|@ts-(ignore|nocheck)/, source)).toEqual([])
  expect(lines(/@ts-expect-error(?! .{10})/, source)).toEqual([])
})

test('nothing is focused or left out of the tests without a reason', () => {
  expect(lines(/\b(test|describe|it)\.only\b|\b(test|describe|it)\.skip\(/, source)).toEqual([])
})

test('no path of somebody’s machine', () => {
  expect(lines(/\/(work|home|Users)\/[a-z]/, () => true)).toEqual([])
})

test('links between the pages lead somewhere', () => {
  const broken = files
    .filter(({ name }) => name.endsWith('.md'))
    .flatMap(({ name, text }) =>
      [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(root, dirname(name), target)))
        .map((target) => `${name}: ${target}`),
    )
  expect(broken).toEqual([])
})

test('every option that a page or a message names exists', () => {
  const known = new Set([
    ...commands.flatMap((each) => Object.values(each.options).map(({ flags }) => longFlag(flags))),
    '--help',
    '--version',
  ])
  // Options of other programs (vitest, Node, a proxy, the benchmarks, the training), where the pages use them.
  const others = new Set([
    '--project',
    '--include-body',
    '--big',
    '--only',
    '--minutes',
    '--slow',
    '--base',
    '--max-old-space-size',
    '--honest',
    '--sophistication',
    '--cpu-prof',
    '--languages',
    '--preserve-status',
    '--measure',
    '--count',
    '--long',
  ])
  const shown = files.filter(({ name }) =>
    /^(docs\/.*\.md|README\.md|src\/(core|ingest|audit|engine|report|evaluate|gateway|cli)\/[\w-]+\.ts)$/.test(
      name,
    ),
  )
  const wrong = shown
    .filter(({ name }) => !name.endsWith('.test.ts'))
    .flatMap(({ name, text }) =>
      [...text.matchAll(/(?<![\w-])(--[a-z][a-z-]+[a-z])\b/g)]
        .map(([, flag = '']) => flag)
        .filter((flag) => !known.has(flag) && !others.has(flag))
        .map((flag) => `${name}: ${flag}`),
    )
  expect(wrong).toEqual([])
})

test('docs/cli.md says what --help says', async () => {
  // Of the built program, as the package has it; tools/cli-docs.mjs writes the page.
  const { cliPage } = await import('../../tools/cli-docs.mjs')
  const page = readFileSync(join(root, 'docs/cli.md'), 'utf8')
  // Made anew by: npm run build && node tools/cli-docs.mjs
  expect(page).toBe(cliPage())
})

test('no room reaches into one below it', () => {
  expect(violations(join(root, 'src'))).toEqual([])
})

test('ARCHITECTURE.md quotes the table of rooms as it is, in at most 200 lines', () => {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  expect(page.split('\n').length).toBeLessThanOrEqual(200)
  const rows = Object.entries(rooms).map(([room, { from, node, packages }]) => {
    const machine = node ? 'yes' : 'no'
    return `| \`${room}\` | ${from.join(', ') || 'nothing'} | ${machine} | ${packages.join(', ') || 'none'} |`
  })
  for (const row of rows) expect(page).toContain(row)
  const quoted = page.split('\n').filter((line) => /^\| `\w+` \| .* \| (yes|no) \| /.test(line))
  expect(quoted).toEqual(rows)
})
