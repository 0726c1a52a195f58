import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { plantSecret } from '../../src/engine/data-directory.ts'
import type { StoreOptions } from '../../src/engine/store.ts'
import { line, log } from '../support/exchanges.ts'
import { folder } from '../support/folder.ts'
import { startFront } from '../support/front.ts'
import { rejectedLines, run, withStore } from '../support/ingesting.ts'

// The contract of src/engine/engine.ts and of ingest over it, run against both engines: what one
// stores the other must store, to the bit.

const password = 'pass word/:@%'
const secret = new Uint8Array(32).fill(9)

async function store(kind: 'chdb' | 'clickhouse'): Promise<StoreOptions> {
  const data = folder()
  plantSecret(data, secret)
  if (kind === 'chdb') return { data }
  return { data, server: (await startFront(password)).address }
}

const packed = join(import.meta.dirname, '../support/packed')

function logs(): string {
  const bad = ['not json', '[1]', '{"other": 1}', line(900, { time: '1999-01-01T00:00:00Z' }), '']
  const torn = gzipSync(log(500, 700))
  return folder({
    'a.jsonl': `${log(50, 150)}${bad.join('\n')}\n${line(3)}\n`,
    'b.jsonl.gz': gzipSync(log(150, 250)),
    'c.jsonl.gz': torn.subarray(0, torn.length - 50),
    'd.json': `[${log(250, 260).trim().replaceAll('\n', ',')}]`,
    ...Object.fromEntries(
      ['zst', 'xz', 'bz2', 'lz4'].map((kind) => [
        `e.jsonl.${kind}`,
        readFileSync(join(packed, `log.jsonl.${kind}`)),
      ]),
    ),
  })
}

const digest = `
  SELECT count() AS rows, toString(groupBitXor(cityHash64(* EXCEPT (file_no)))) AS hash,
    (SELECT toString(groupBitXor(cityHash64(account, sealed))) FROM account_name FINAL) AS names
  FROM exchange`

describe.each(['chdb', 'clickhouse'] as const)('%s', (kind) => {
  test('values go in and come out as they are', async () => {
    const text = `tab\t newline\n quote ' back\\slash "double" \u0000 … 🐢`
    await withStore(await store(kind), async ({ engine }) => {
      expect(engine.kind).toBe(kind)
      const parameters = { text, list: [text, ''], big: 2n ** 63n, flag: true, numbers: [1, 2] }
      const [row] = await engine.rows(
        `SELECT {text:String} AS text, {list:Array(String)} AS list, toString({big:UInt64}) AS big,
           {flag:Bool} AS flag, {numbers:Array(UInt32)} AS numbers, toUInt64(9007199254740991) AS exact`,
        parameters,
      )
      expect(row).toEqual({
        ...parameters,
        big: '9223372036854775808',
        exact: 9007199254740991,
      })
      expect(await engine.columns('SELECT number AS n FROM numbers(3)')).toEqual({ n: [0, 1, 2] })
      await engine.command('CREATE TABLE raw (line String) ENGINE = Memory')
      await engine.insertLines('raw', 'one\ntwo "2"\n')
      expect(await engine.rows('SELECT line FROM raw ORDER BY line')).toEqual([
        { line: 'one' },
        { line: 'two "2"' },
      ])
    })
  })

  test('failures have a code, and quote nothing', async () => {
    await withStore(await store(kind), async ({ engine }) => {
      await expect(engine.command(`SELECT toUInt8('hush')`)).rejects.toMatchObject({
        code: 'engine-query',
        message: expect.not.stringContaining('hush') as string,
      })
      await expect(
        engine.rows(
          'SELECT groupArray(number) FROM numbers(100000000) SETTINGS max_memory_usage = 10000000',
        ),
      ).rejects.toMatchObject({ code: 'out-of-memory' })
      expect(await engine.rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
    })
  })

  test('standard input, an identity file, and another run over the same lines', async () => {
    const options = await store(kind)
    const identity = join(folder({ i: 'key,account,org\nkey_1,one,o\nkey_2,one,o\n' }), 'i')
    const input = async function* (): AsyncIterable<Uint8Array> {
      yield gzipSync(log(0, 70))
    }
    await run(options, ['-'], { identity, input: input() })
    const again = { identity, input: input(), sinceLast: true }
    expect(await run(options, ['-'], again)).toMatchObject({ exchanges: 70, duplicates: 70 })
    const [found] = await withStore(options, ({ engine }) =>
      engine.rows('SELECT uniqExact(account) AS accounts FROM exchange'),
    )
    expect(found).toEqual({ accounts: 6 })
  })

  test('a table of a ClickHouse server is a log like another', async () => {
    const front = await startFront(password)
    await withStore({ data: folder(), server: front.address }, async ({ engine }) => {
      await engine.command(
        `CREATE TABLE log (id String, time DateTime64(3), account String, status UInt16,
           request Tuple(model String, messages Array(Tuple(role String, content String))), output String)
         ENGINE = MergeTree ORDER BY time`,
      )
      await engine.command(
        `INSERT INTO log SELECT concat('r', toString(number)), toDateTime64('2026-04-01', 3) + number, 'a',
           200, ('m', [('user', concat('What is ', toString(number), '?'))]), 'It is a number.' FROM numbers(40)`,
      )
    })
    const address = `clickhouse://default:${encodeURIComponent(password)}@${front.host}/logs_of_ours/log`
    expect(await run(await store(kind), [address])).toMatchObject({ exchanges: 40, files: 1 })
  })
})

test('logs give the same store through both, bit for bit', async () => {
  const sources = logs()
  const stored: unknown[] = []
  for (const kind of ['chdb', 'clickhouse'] as const) {
    const options = await store(kind)
    const summary = await run(options, [sources])
    const rows = await withStore(options, ({ engine }) => engine.rows(digest))
    stored.push({ summary, rows, rejected: rejectedLines(options.data) })
    expect(await run(options, [sources], { sinceLast: true })).toMatchObject({ filesRead: 0 })
  }
  expect(stored[0]).toMatchObject({
    summary: {
      files: 8,
      rejected: {
        reasons: {
          'not-json': 1,
          'not-an-object': 1,
          'other-format': 1,
          'bad-time': 1,
          truncated: 1,
        },
      },
    },
  })
  expect(stored[1]).toEqual(stored[0])
})

test('files go to a server as they are packed, and Parquet does not go at all', async () => {
  const front = await startFront(password)
  const data = folder()
  await run({ data, server: front.address }, [logs()])
  const encodings = new Set((await front.requests()).map(({ encoding }) => encoding))
  expect([...encodings].sort()).toEqual(['', 'gzip', 'lz4', 'xz', 'zstd'])
  await expect(
    run({ data, server: front.address }, [join(packed, 'log.parquet')]),
  ).rejects.toMatchObject({
    code: 'source-unreadable',
    fix: expect.stringContaining('s3://') as string,
  })
})

test('a server that is not there, or does not know us, is named as the cause', async () => {
  const data = folder()
  mkdirSync(data, { recursive: true })
  await expect(run({ data, server: 'clickhouse://127.0.0.1:9/default' }, [])).rejects.toMatchObject(
    { code: 'engine-unavailable' },
  )
  const front = await startFront(password)
  const wrong = front.address.replace(encodeURIComponent(password), 'guess')
  await expect(run({ data, server: wrong }, [])).rejects.toMatchObject({
    code: 'engine-unavailable',
    message: expect.not.stringContaining('guess') as string,
  })
})
