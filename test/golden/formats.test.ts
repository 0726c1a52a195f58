import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openChdb } from '../../src/engine/chdb.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { fill, literal } from '../../src/engine/sql.ts'
import { formatNamed, loadFormats } from '../../src/ingest/formats.ts'

const root = fileURLToPath(new URL('../../src/ingest/formats', import.meta.url))
const formats = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort()

const loaded = loadFormats()

/** docs/formats/README.md, as DESCRIBE prints it. */
const contract = {
  line_no: 'UInt64',
  problem: 'String',
  id: 'String',
  time: "DateTime64(3, 'UTC')",
  account: 'String',
  key: 'String',
  org: 'String',
  ip: 'String',
  country: 'String',
  user_agent: 'String',
  account_created: 'Nullable(Date)',
  path: 'String',
  model: 'String',
  status: 'UInt16',
  roles: 'Array(String)',
  contents: 'Array(String)',
  tools: 'String',
  params: 'Map(String, String)',
  output: 'String',
  finish_reason: 'String',
  prompt_tokens: 'Nullable(UInt32)',
  completion_tokens: 'Nullable(UInt32)',
  latency_ms: 'Nullable(UInt32)',
}

const blank = {
  id: '',
  time: '1970-01-01T00:00:00.000Z',
  account: '',
  key: '',
  org: '',
  ip: '',
  country: '',
  user_agent: '',
  account_created: null,
  path: '',
  model: '',
  status: 0,
  roles: [],
  contents: [],
  tools: '',
  params: {},
  output: '',
  finish_reason: '',
  prompt_tokens: null,
  completion_tokens: null,
  latency_ms: null,
}

type Row = { readonly line_no: number; readonly problem: string } & typeof blank

let folder = ''
let engine: Engine
let files = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-formats-'))
  engine = await openChdb(join(folder, 'store'), { memoryBytesMax: 2e9, threadsMax: 1 })
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(formats)('%s', (format) => {
  test('gives the columns of the contract', async () => {
    const columns = await engine.rows<{ name: string; type: string }>(
      `DESCRIBE TABLE (${formatSql(format, "SELECT 1::UInt64 AS line_no, materialize('') AS line")})`,
    )
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]))
    expect(types).toEqual(contract)
  })

  test('reads its fixtures as expected', async () => {
    const rows: Record<string, readonly Row[]> = {}
    for (const file of fixtures(format)) rows[basename(file)] = await read(format, file)
    const file = join(root, format, 'fixtures/expected.json')
    await expect(unlessSame(file, rows)).toMatchFileSnapshot(file)
  })

  test('recognises its own fixtures, and nobody else does', async () => {
    // simdjson cannot read a line that has to be mended first; one sound line in a sample is enough.
    for (const file of fixtures(format).filter((name) => !basename(name).startsWith('mended'))) {
      const others = new Set(
        (await read(format, file))
          .filter((row) => ['not-json', 'not-an-object', 'other-format'].includes(row.problem))
          .map((row) => row.line_no),
      )
      const seen = await engine.rows<{ line_no: number; by: readonly string[] }>(
        `SELECT line_no, arrayFilter((name, yes) -> yes, ${quoted(formats)}, [${formats
          .map((name) => `toBool(${recogniser(name)})`)
          .join(', ')}]) AS by FROM (${linesOf(file)}) ORDER BY line_no`,
      )
      for (const { line_no, by } of seen)
        expect({ file, line_no, by }).toEqual({
          file,
          line_no,
          by: others.has(line_no) ? [] : [format],
        })
    }
  })

  test('answers every hostile line with one problem and nothing else', async () => {
    const rows = await read(format, linesFile(hostileLines))
    const expected = rows.map(({ problem }, index) => ({ ...blank, line_no: index + 1, problem }))
    expect(rows.length).toBe(hostileLines.length)
    expect(rows).toEqual(expected)
    expect(rows.filter((row) => row.problem === '')).toEqual([])
  })

  test('never throws on a fixture line cut, or with any field dropped or replaced', async () => {
    const lines = fixtures(format).flatMap((file) => splitLines(readFileSync(file)))
    const mutants = fc.sample(mutant(lines), { numRuns: 2_000, seed: 26 })
    const rows = await read(format, linesFile(mutants))
    const answered = new Set(rows.map((row) => row.line_no))
    const silent = mutants.filter((_, index) => !answered.has(index + 1))
    // No row is an answer only to a line of this format, such as a span that is no call of a model.
    expect(await countOthers(format, linesFile(silent))).toBe(0)
    const refused = rows.filter((row) => row.problem !== '')
    expect(refused).toEqual(refused.map(({ line_no, problem }) => ({ ...blank, line_no, problem })))
    expect(rows.filter((row) => row.roles.length !== row.contents.length)).toEqual([])
    expect(
      rows.filter((row) => row.problem === '' && (row.id === '' || row.account === '')),
    ).toEqual([])
  })
})

describe('the schema of the exchange record', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, formats: fullFormats })
  const schema = new URL('../../src/record/exchange.schema.json', import.meta.url)
  const conforms = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')) as object)

  test('holds for the fixtures that can be used', async () => {
    const file = join(root, 'native/fixtures/exchanges.jsonl')
    const lines = splitLines(readFileSync(file))
    const rows = (await read('native', file)).filter((row) => row.problem === '')
    const wrong = rows.filter(
      ({ line_no }) => !conforms(tryParse(lines[line_no - 1]?.toString('utf8') ?? '')),
    )
    expect(wrong).toEqual([])
    expect(rows.length).toBeGreaterThan(0)
  })

  test('does not hold without what is needed', () => {
    expect(conforms({ id: 'x', time: '2026-03-02T08:15:30Z', account: 'a', status: 200 })).toBe(
      false,
    )
    expect(conforms({ id: 'x', time: 'soon', account: 'a', request: null, status: 200 })).toBe(
      false,
    )
  })
})

const hostileLines: readonly Buffer[] = [
  '',
  ' ',
  '{',
  '{}',
  'null',
  'true',
  '[]',
  '[{}]',
  '"x"',
  '1e999',
  '{"id":1e999}',
  '{"id":"x"} trailing',
  '{"id":"x"',
  '{"id":"\\ud800"}',
  '{"\\udfff":"\\ud800"}',
  '{"id":123456789012345678901234567890}',
  '{"a":'.repeat(5_000),
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  '['.repeat(5_000) + ']'.repeat(5_000),
  '\u0000\u0000\u0000',
  '{"id":"a\u0000b"}',
  '- - -',
  '"" "" ""',
  'x'.repeat(100_000),
]
  .map((line) => Buffer.from(line, 'utf8'))
  .concat([Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), Buffer.from([0xff, 0xc0, 0x80])])

/** One fixture line, damaged as a disk, a truncating shipper or an attacker would. */
function mutant(lines: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const line = fc.constantFrom(...lines)
  const cut = fc
    .tuple(line, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([bytes, share]) => bytes.subarray(0, Math.floor(bytes.length * share)))
  const flip = fc
    .tuple(line, fc.nat(), fc.integer({ min: 0, max: 255 }))
    .filter(([, , byte]) => byte !== 10 && byte !== 13)
    .map(([bytes, at, byte]) => {
      const copy = Buffer.from(bytes)
      if (copy.length > 0) copy[at % copy.length] = byte
      return copy
    })
  const value = fc.oneof(
    fc.constantFrom<unknown>(null, true, -1, 0, 1e308, 4294967296, 1.5, '', '{}', '[', [], {}, [
      [],
    ]),
    fc.constantFrom<unknown>([null], [1, 'x', {}], { a: { b: [] } }, '9999-99-99', 'NaN', '\ud800'),
    fc.jsonValue({ maxDepth: 3 }),
  )
  const reshape = fc.tuple(line, fc.nat(), fc.boolean(), value).map(([bytes, at, drop, put]) => {
    const parsed = tryParse(bytes.toString('utf8'))
    if (parsed === undefined) return bytes
    const places = placesIn(parsed)
    const place = places[at % Math.max(places.length, 1)]
    if (place === undefined) return bytes
    if (drop) delete place.holder[place.name]
    else place.holder[place.name] = put
    return Buffer.from(JSON.stringify(parsed), 'utf8')
  })
  return fc.oneof(cut, flip, { arbitrary: reshape, weight: 6 })
}

type Holder = Record<string, unknown>

function placesIn(value: unknown): readonly { holder: Holder; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Holder
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...placesIn(holder[name])])
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The stored text where it says the same in other white space: the formatter may have been there. */
function unlessSame(file: string, rows: unknown): string {
  const stored = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return isDeepStrictEqual(tryParse(stored), rows) ? stored : `${JSON.stringify(rows, null, 2)}\n`
}

function read(format: string, file: string): Promise<readonly Row[]> {
  return engine.rows<Row>(
    `SELECT * FROM (${formatSql(format, linesOf(file))}) ORDER BY line_no, time, id`,
  )
}

async function countOthers(format: string, file: string): Promise<number> {
  const [row] = await engine.rows<{ others: number }>(
    // Lines that have to be mended before anybody can recognise them are left out.
    `SELECT countIf(NOT (${recogniser(format)})) AS others FROM (${linesOf(file)})
     WHERE isValidUTF8(line) AND (isValidJSON(line) OR NOT startsWith(line, '{'))`,
  )
  return row?.others ?? 0
}

function formatSql(format: string, lines: string): string {
  return fill(formatNamed(loaded, format).select, { lines: `(${lines})` })
}

function recogniser(format: string): string {
  return `(\n${readFileSync(join(root, format, 'recognise.sql'), 'utf8')}\n)`
}

function linesOf(file: string): string {
  return `SELECT assumeNotNull(_row_number)::UInt64 + 1 AS line_no, line FROM file(${literal(file)}, 'LineAsString', 'line String')`
}

function fixtures(format: string): readonly string[] {
  const under = join(root, format, 'fixtures')
  return readdirSync(under)
    .filter((name) => name !== 'expected.json')
    .sort()
    .map((name) => join(under, name))
}

function linesFile(lines: readonly Buffer[]): string {
  const file = join(folder, `lines-${files++}.txt`)
  writeFileSync(file, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])))
  return file
}

function splitLines(bytes: Buffer): readonly Buffer[] {
  const lines = bytes.toString('latin1').split('\n')
  return lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'latin1'))
}

function quoted(names: readonly string[]): string {
  return `[${names.map(literal).join(', ')}]`
}
