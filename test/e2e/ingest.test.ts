import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { type ReadExchange, readExchanges } from '../../src/ingest/exchanges.ts'
import { line, log, now } from '../support/exchanges.ts'
import { folder } from '../support/folder.ts'
import { contents, rejectedLines, run, withStore } from '../support/ingesting.ts'

test('a folder of logs, packed and not, is read in one go', async () => {
  const logs = folder({
    'a.jsonl': log(0, 100),
    'deep/b.jsonl.gz': gzipSync(log(100, 250)),
    'notes.md': 'not a log',
  })
  const summary = await run(folder(), [logs])
  expect(summary).toMatchObject({
    files: 2,
    formats: { native: 250 },
    exchanges: 250,
    duplicates: 0,
    rejected: { lines: 0, reasons: {} },
  })
})

test('files, globs and names that the engine takes for patterns', async () => {
  const logs = folder({
    'one.jsonl': log(0, 10),
    'two.log': log(10, 20),
    '{odd}, [name] *?.jsonl': log(20, 30),
    "it's :: here.jsonl": log(30, 40),
  })
  const odd = ['{odd}, [name] *?.jsonl', "it's :: here.jsonl"].map((name) => join(logs, name))
  const summary = await run(folder(), [
    join(logs, 'one.jsonl'),
    join(logs, 'one.jsonl'),
    `${logs}/t*.log`,
    ...odd,
  ])
  expect(summary).toMatchObject({ files: 4, exchanges: 40, duplicates: 0 })
})

test('standard input, packed or not', async () => {
  for (const text of [log(0, 30), gzipSync(log(0, 30))]) {
    const input = (async function* () {
      yield Buffer.from(text).subarray(0, 500)
      yield Buffer.from(text).subarray(500)
    })()
    expect(await run(folder(), ['-'], { input })).toMatchObject({ exchanges: 30, files: 1 })
  }
})

test('every bad line is counted by its reason and its place, and the rest is read', async () => {
  const good = line(1)
  const parts = [
    good,
    '',
    'not json',
    '[1, 2]',
    '{"some": "other record"}',
    line(2, { time: '2031-01-01T00:00:00Z' }),
    line(3, { time: '1999-01-01T00:00:00Z' }),
    line(4, { id: '' }),
    `{"request": "${'x'.repeat(20_000_000)}"}`,
    '{"a":'.repeat(3000) + '1' + '}'.repeat(3000),
    line(5),
  ]
  const data = folder()
  const summary = await run(data, [folder({ 'log.jsonl': parts.join('\n') })])
  expect(summary).toMatchObject({
    exchanges: 2,
    rejected: {
      lines: 8,
      reasons: {
        'not-json': 2,
        'not-an-object': 1,
        'other-format': 1,
        'bad-time': 2,
        'no-id': 1,
        'line-too-long': 1,
      },
    },
  })
  const found = rejectedLines(data)
  expect(found.map(({ line: at, reason }) => [at, reason])).toEqual([
    [3, 'not-json'],
    [4, 'not-an-object'],
    [5, 'other-format'],
    [6, 'bad-time'],
    [7, 'bad-time'],
    [8, 'no-id'],
    [9, 'line-too-long'],
    [10, 'not-json'],
  ])
  for (const { line: at, offset } of found)
    expect(offset).toBe(Buffer.byteLength(parts.slice(0, at - 1).join('\n')) + 1)
  expect(
    found.every(({ text, hash }) => text === undefined && /^[0-9a-f]{32}$/.test(hash ?? '')),
  ).toBe(true)
})

test('a torn gzip gives its whole lines and one reject', async () => {
  const packed = gzipSync(log(0, 500))
  const data = folder()
  const summary = await run(data, [
    folder({
      'torn.jsonl.gz': packed.subarray(0, packed.length / 2),
      'whole.jsonl': log(900, 905),
    }),
  ])
  expect(summary.rejected).toEqual({ lines: 1, reasons: { truncated: 1 } })
  const [tear] = rejectedLines(data)
  const whole = summary.exchanges - 5
  expect(whole).toBeGreaterThan(100)
  expect(tear).toMatchObject({ line: whole + 1, offset: log(0, whole).length, reason: 'truncated' })
})

test('empty files, files that are not what they say, and a folder that is called as a file', async () => {
  const logs = folder({
    'a.jsonl': log(0, 20),
    'empty.jsonl': '',
    'blank.jsonl': '\n\n  \n',
    'wrong.jsonl.gz': 'no gzip at all\n',
    'broken.jsonl.gz': Buffer.from([0x1f, 0x8b, 1, 2, 3]),
    'broken.parquet': 'PAR1 and nothing more',
    'folder.jsonl/b.jsonl': log(20, 30),
  })
  const summary = await run(folder(), [logs])
  expect(summary).toMatchObject({
    exchanges: 30,
    rejected: { lines: 3, reasons: { 'not-json': 1, truncated: 1, unreadable: 1 } },
  })
})

test('only empty files, or none', async () => {
  const logs = folder({ 'a.jsonl': '' })
  await expect(run(folder(), [logs])).rejects.toMatchObject({ code: 'source-is-empty' })
  await expect(run(folder(), [folder()])).rejects.toMatchObject({ code: 'source-is-empty' })
  await expect(run(folder(), [join(logs, 'b.jsonl')])).rejects.toMatchObject({
    code: 'source-not-found',
  })
})

test('a log of no known format says which there are', async () => {
  const logs = folder({ 'a.jsonl': '{"hello": "world"}\n' })
  await expect(run(folder(), [logs])).rejects.toMatchObject({
    code: 'format-unknown',
    fix: expect.stringContaining('native') as string,
  })
  await expect(run(folder(), [logs], { format: 'nonsense' })).rejects.toMatchObject({
    code: 'format-unknown',
  })
  expect(await run(folder(), [logs], { format: 'native' })).toMatchObject({
    exchanges: 0,
    rejected: { reasons: { 'other-format': 1 } },
  })
})

test('too many bad lines end the run, and one more is allowed below the share', async () => {
  const logs = folder({ 'a.jsonl': `${log(0, 98)}bad\nbad\n` })
  const data = folder()
  await expect(run(data, [logs], { maxRejectedShare: 0.01 })).rejects.toMatchObject({
    code: 'too-many-rejected',
    message: expect.stringContaining('not-json 2') as string,
  })
  expect(rejectedLines(data)).toHaveLength(2)
  expect(await run(data, [logs], { maxRejectedShare: 0.02 })).toMatchObject({ exchanges: 98 })
})

test('arrays, objects over several lines, a byte order mark and Windows line ends', async () => {
  const objects = (from: number, to: number): unknown[] =>
    log(from, to)
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as unknown)
  const logs = folder({
    'array.json': JSON.stringify(objects(0, 10)),
    'pretty-array.json': JSON.stringify(objects(10, 20), null, 2),
    'pretty.json': objects(20, 30)
      .map((value) => JSON.stringify(value, null, 2))
      .join('\n'),
    'bom.jsonl': `\ufeff${log(30, 40)}`,
    'windows.jsonl': log(40, 50).replaceAll('\n', '\r\n'),
    'torn.json': `${JSON.stringify(objects(50, 60)).slice(0, -1)},{"id":`,
  })
  const summary = await run(folder(), [logs])
  expect(summary).toMatchObject({ exchanges: 60, rejected: { reasons: { truncated: 1 } } })
})

test('xz, zstd, bzip2, lz4 and Parquet, whole and torn', async () => {
  const fixtures = join(import.meta.dirname, '../support/packed')
  const whole = readdirSync(fixtures)
  const torn = whole.filter((name) => !name.endsWith('.parquet'))
  const summary = await run(folder(), [fixtures])
  expect(summary).toMatchObject({
    files: whole.length,
    exchanges: 50,
    duplicates: 50 * (whole.length - 1),
    rejected: { lines: 0 },
  })
  const logs = folder(
    Object.fromEntries(
      torn.map((name) => {
        const bytes = readFileSync(join(fixtures, name))
        return [name, bytes.subarray(0, bytes.length - 20)]
      }),
    ),
  )
  expect(await run(folder(), [logs])).toMatchObject({
    rejected: { lines: torn.length, reasons: { truncated: torn.length } },
  })
})

test('a row that comes twice counts once, and the earliest stays, whatever the order', async () => {
  const late = line(1, { time: '2026-04-02T00:00:00Z', latency_ms: 222 })
  const forwards = folder({
    'a.jsonl': `${line(1)}\n${line(2)}\n`,
    'b.jsonl': `${late}\n${line(2)}\n`,
  })
  const backwards = folder({
    'a.jsonl': `${late}\n${line(2)}\n`,
    'b.jsonl': `${line(2)}\n${line(1)}\n`,
  })
  for (const logs of [forwards, backwards]) {
    const data = folder()
    expect(await run(data, [logs])).toMatchObject({ exchanges: 2, duplicates: 2 })
    const kept = await withStore(data, ({ engine }) =>
      engine.rows<{ name: string; latency_ms: number }>(
        `SELECT name, latency_ms FROM exchange INNER JOIN source_file USING file_no ORDER BY time`,
      ),
    )
    const first = logs === forwards ? 'a.jsonl' : 'b.jsonl'
    expect(kept.map(({ name, latency_ms }) => [basename(name), latency_ms])).toEqual([
      [first, 100],
      ['a.jsonl', 100],
    ])
  }
})

test('a folder that grows gives the same store in steps as in one run', async () => {
  const logs = folder({ 'a.jsonl': log(0, 50), 'b.jsonl': `${log(50, 80)}bad\n` })
  const data = folder()
  await run(data, [logs])
  const secret = Buffer.from(readFileSync(join(data, 'secret'), 'utf8').trim(), 'hex')
  expect(await run(data, [logs], { sinceLast: true })).toMatchObject({
    filesRead: 0,
    filesSkipped: 2,
  })
  writeFileSync(join(logs, 'b.jsonl'), `${log(50, 80)}bad\n${log(80, 120)}worse\n${line(3)}\n`)
  writeFileSync(join(logs, 'c.jsonl.gz'), gzipSync(log(110, 150)))
  expect(await run(data, [logs], { sinceLast: true })).toMatchObject({
    filesRead: 2,
    filesSkipped: 1,
    exchanges: 150,
    duplicates: 11,
    rejected: { lines: 2 },
  })
  const clean = folder()
  plantSecret(clean, secret)
  await run(clean, [logs])
  expect(await contents(data)).toEqual(await contents(clean))
  expect(rejectedLines(data)).toEqual(rejectedLines(clean))
})

test('what a log held before it was rotated away is kept', async () => {
  const logs = folder({ 'a.jsonl': log(0, 50) })
  const data = folder()
  await run(data, [logs])
  writeFileSync(join(logs, 'a.jsonl'), log(50, 60))
  expect(await run(data, [logs], { sinceLast: true })).toMatchObject({ exchanges: 60, files: 1 })
})

test('only so many days are kept', async () => {
  const logs = folder({ 'a.jsonl': log(0, 5 * 1440) })
  const data = folder()
  const summary = await run(data, [logs], { retainDays: 2 })
  expect(summary).toMatchObject({ exchanges: 2 * 1440 + 1, duplicates: 0 })
  expect(await run(data, [logs], { sinceLast: true, retainDays: 2 })).toMatchObject({
    exchanges: 2 * 1440 + 1,
    duplicates: 0,
  })
})

test('an identity file joins keys to accounts, and no real id is left on disk', async () => {
  const logs = folder({ 'a.jsonl': log(0, 70) })
  const csv = 'key,account,org\nkey_1,"customer, one",north\nkey_2,"customer, one",north\r\n'
  const json = JSON.stringify([
    { key: 'key_1', account: 'customer, one', org: 'north' },
    { key: 'key_2', account: 'customer, one', org: 'north' },
  ])
  for (const text of [csv, json]) {
    const data = folder()
    await run(data, [logs], { identity: join(folder({ identity: text }), 'identity') })
    const [found] = await withStore(data, ({ engine }) =>
      engine.rows(
        'SELECT uniqExact(account) AS accounts, uniqExact(api_key) AS keys, countIf(org != 0) AS known FROM exchange',
      ),
    )
    expect(found).toEqual({ accounts: 6, keys: 7, known: 20 })
    expect(filesWith(data, ['customer, one', 'north', 'key_1', 'acct_3'])).toEqual([])
  }
  for (const text of ['key,org\na,b\n', '[{"key": 1}]', '{', '[{"key": "a"}]', 'key,account\na,\n'])
    await expect(
      run(folder(), [logs], { identity: join(folder({ identity: text }), 'identity') }),
    ).rejects.toMatchObject({ code: 'identity-file' })
})

test('progress goes up to the end, at most four times a second', async () => {
  const logs = folder({ 'a.jsonl': log(0, 20_000), 'b.jsonl': log(0, 20_000) })
  const told: { bytesDone: number; filesDone: number }[] = []
  const { ingest } = await import('../../src/ingest/ingest.ts')
  const from = Date.now()
  await withStore(folder(), (store) =>
    ingest(store.engine, store.directory, [logs], { now }, (state) => told.push(state)),
  )
  expect(told.length).toBeLessThanOrEqual((Date.now() - from) / 250 + 1)
  expect(told.map(({ bytesDone }) => bytesDone)).toEqual(
    told.map(({ bytesDone }) => bytesDone).sort((a, b) => a - b),
  )
  expect(told.at(-1)).toMatchObject({ filesDone: 2, phase: 'tidying' })
})

function filesWith(root: string, needles: readonly string[]): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path)
      return needles.some((needle) => bytes.includes(needle))
    })
}

test('exchanges are read again with their text, wherever they stand now', async () => {
  const logs = folder({ 'a.jsonl': log(0, 100), 'b.jsonl.gz': gzipSync(log(100, 200)) })
  const data = folder()
  await run(data, [logs])
  const read = (): Promise<readonly ReadExchange[]> =>
    withStore(data, async ({ engine, directory }) => {
      const rows = await engine.rows<{ id: number }>(
        `SELECT id FROM exchange WHERE time IN (toDateTime64('2026-04-01 00:07:00', 3), toDateTime64('2026-04-01 02:00:00', 3))`,
      )
      const ids = rows.map(({ id }) => id)
      return await readExchanges(engine, directory, [logs], { now }, ids)
    })
  const found = await read()
  expect(found).toMatchObject([
    {
      contents: [expect.stringContaining('number 7,')],
      roles: ['user'],
      file: join(logs, 'a.jsonl'),
    },
    { contents: [expect.stringContaining('number 120,')], file: join(logs, 'b.jsonl.gz') },
  ])
  writeFileSync(join(logs, 'a.jsonl'), '')
  writeFileSync(join(logs, 'a.1.jsonl'), log(0, 100))
  expect(await read()).toMatchObject([{ file: join(logs, 'a.1.jsonl') }, { id: found[1]?.id }])
})
