import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { openDataDirectory, plantSecret } from '../../src/engine/data-directory.ts'
import { built } from '../support/built.ts'
import { type Child, startChild } from '../support/child.ts'
import { line, log } from '../support/exchanges.ts'
import { folder } from '../support/folder.ts'
import { contents, rejectedLines, run, withStore } from '../support/ingesting.ts'

const code = built('ingest-processes')
const secret = new Uint8Array(32).fill(7)
const children: Child[] = []

afterEach(() => {
  for (const { process: child } of children.splice(0)) child.kill('SIGKILL')
})

function start(...errand: Parameters<typeof startChild>): Child {
  const child = startChild(...errand)
  children.push(child)
  return child
}

/** Files that cannot go together in one statement, as they are packed in turn. */
function manyGroups(count: number, lines: number): string {
  const files: Record<string, string | Uint8Array> = {}
  for (let n = 0; n < count; n++) {
    const text = `${log(n * lines, (n + 1) * lines + 5)}not json ${n}\n`
    const name = `${String(n).padStart(2, '0')}.jsonl`
    if (n % 2 === 0) files[name] = text
    else files[`${name}.gz`] = gzipSync(text)
  }
  return folder(files)
}

test('a second process on a data directory is told who has it', async () => {
  const data = folder()
  const holder = start({ built: code, data, sources: [], hold: true })
  await holder.said('open')
  expect(() => openDataDirectory(data)).toThrow(
    expect.objectContaining({
      code: 'data-directory-locked',
      message: expect.stringContaining(String(holder.process.pid)) as string,
    }) as Error,
  )
  const second = start({ built: code, data, sources: [folder({ 'a.jsonl': log(0, 1) })] })
  expect(await second.ended).toBe(1)
  expect(second.output()).toContain('data-directory-locked')
  holder.process.kill('SIGKILL')
  await holder.ended
  openDataDirectory(data).release()
})

test('killed again and again, a run loses nothing that was committed and counts nothing twice', async () => {
  const logs = manyGroups(12, 2500)
  const [data, clean] = [folder(), folder()]
  plantSecret(data, secret)
  plantSecret(clean, secret)
  let committed = 0
  for (const afterMs of [0, 150, 400, 800]) {
    const child = start({ built: code, data, sources: [logs], options: { sinceLast: true } })
    await child.said('open')
    await sleep(afterMs)
    child.process.kill('SIGKILL')
    await child.ended
    const files = await withStore(data, ({ engine }) =>
      engine.rows<{ name: string }>('SELECT name FROM source_file FINAL'),
    )
    expect(files.length).toBeGreaterThanOrEqual(committed)
    committed = files.length
  }
  await run(data, [logs], { sinceLast: true })
  await run(clean, [logs])
  expect(await contents(data)).toEqual(await contents(clean))
  expect(rejectedLines(data)).toEqual(rejectedLines(clean))
})

/** Words that no compressor can shorten, and so would be found in a packed column too. */
const planted = {
  prompt: 'Xq7Zr9Kw2Vb8Tn4Lm6Pd',
  output: 'Jh3Gf5Ds1Aq9We7Rt2Yu',
  rejected: 'Mn8Bv6Cx4Zl2Kj1Hg9Fd',
  torn: 'Pw5Oe3Iu7Yt8Re1Wq6As',
  input: 'Vc9Xz1Lk3Jh5Gf7Ds2Qw',
}

const plantedLines = [
  line(1, {
    request: { model: 'm', messages: [{ role: 'user', content: `Say ${planted.prompt}.` }] },
  }),
  line(2, { output: `You said: ${planted.output}. `.repeat(9) }),
  `not json ${planted.rejected} 'quoted ${planted.rejected}' "${planted.rejected}"`,
  `{"request": "${planted.rejected}", "time": 5}`,
  `{"id": "${planted.torn}`,
].join('\n')

test('without keepText no prompt and no answer is on disk, in any table or in any message', async () => {
  const logs = folder({
    'a.jsonl': plantedLines,
    'b.jsonl.gz': gzipSync(`${plantedLines}\n${log(0, 3000)}`).subarray(0, 4000),
    'c.json': `[${plantedLines.split('\n').slice(0, 2).join(',')}, {"torn": "${planted.torn}`,
    'd.jsonl': log(0, 20_000),
  })
  const [data, temporary] = [folder(), folder()]
  const errand = { built: code, data, sources: [logs, '-'], options: { sinceLast: true } }
  const input = `${line(5, { output: planted.input.repeat(5) })}\n${planted.input}\n`
  const killed = start(errand, { TMPDIR: temporary }, input)
  await killed.said('reading')
  killed.process.kill('SIGKILL')
  await killed.ended
  expect(filesWithPlanted(data, temporary)).toEqual([])
  const whole = start(errand, { TMPDIR: temporary }, input)
  expect(await whole.ended).toBe(0)
  expect(whole.output()).toContain('"truncated"')
  expect(filesWithPlanted(data, temporary)).toEqual([])
  expect(await tablesWithPlanted(data)).toEqual([])
  expect(hasPlanted(killed.output() + whole.output())).toBe(false)
  expect(rejectedLines(data).length).toBeGreaterThan(8)
})

test('errors quote no line, no password and no query string', async () => {
  const logs = folder({
    'a.jsonl': `{"a": "${planted.prompt}"}\n`,
    identity: planted.rejected,
  })
  const address = `http://user:${planted.torn}@127.0.0.1:9/logs.jsonl?prompt=${planted.input}`
  for (const errand of [
    { sources: [logs] },
    { sources: [logs], options: { identity: join(logs, 'identity') } },
    { sources: [address] },
    { sources: [`clickhouse://user:${planted.torn}@127.0.0.1:9/db/table`] },
  ]) {
    const child = start({ built: code, data: folder(), ...errand })
    expect(await child.ended).toBe(1)
    expect(child.output()).toMatch(/format-unknown|identity-file|source-unreadable/)
    expect(hasPlanted(child.output())).toBe(false)
  }
})

test('with keepText the rejected lines can be read', async () => {
  const data = folder()
  await run(data, [folder({ 'a.jsonl': plantedLines })], { keepText: true })
  expect(rejectedLines(data)[0]?.text).toContain(planted.rejected)
})

function hasPlanted(text: string): boolean {
  return Object.values(planted).some((word) => text.includes(word))
}

function filesWithPlanted(...roots: readonly string[]): readonly string[] {
  return roots
    .flatMap((root) => readdirSync(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => hasPlanted(readFileSync(path, 'latin1')))
}

async function tablesWithPlanted(data: string): Promise<readonly string[]> {
  return await withStore(data, async ({ engine }) => {
    const tables = await engine.rows<{ name: string }>(
      `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'`,
    )
    const found: string[] = []
    for (const { name } of tables)
      if (hasPlanted(JSON.stringify(await engine.rows(`SELECT * FROM ${name}`)))) found.push(name)
    return found
  })
}
