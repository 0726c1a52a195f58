import { createHmac } from 'node:crypto'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { StillwatchError } from '../core/error.ts'
import { type Compression, compressionOf, isParquet } from './magic.ts'
import { spool } from './spool.ts'

/** One thing to read lines from. */
export type Source = {
  readonly kind: 'file' | 'stdin' | 'url' | 's3' | 'table'
  /** What messages, the ledger and `rejected.jsonl` call it. Holds no password and no query string. */
  readonly name: string
  /** What the engine opens. */
  readonly path: string
  /** 0 where the size is not known before reading. */
  readonly bytes: number
  readonly modifiedMs: number
  readonly compression: Compression
  readonly container: 'lines' | 'values' | 'parquet'
  /** `length:hash` of the first bytes; '' for what is not a file. */
  readonly head: string
  /** Whether its bytes are sent to the engine, because it cannot open `path` itself. */
  readonly isSent: boolean
  /** What had to be left out so that the rest can be read; null for a sound source. */
  readonly damage: Damage | null
  /** Gives up the copy that `path` is, where it is one. */
  readonly release: () => void
}

/** What is missing from a source that the engine could not read as it was. */
export type Damage = {
  /** Whether it ends before its end: nothing after the last whole line was read. */
  readonly truncated: boolean
  /** Lines that can be read, where the engine must stop; null where the copy holds only those. */
  readonly linesMax: number | null
  /** Bytes cut out of overlong lines, so that offsets can still be given in the original. */
  readonly cuts: readonly { readonly line: number; readonly bytes: number }[]
}

/** What finding sources needs beside their names. */
export type Finding = {
  readonly secret: Uint8Array
  readonly temporary: string
  /** Whether the engine opens this machine's files itself. */
  readonly readsLocalFiles: boolean
  readonly input: AsyncIterable<string | Uint8Array>
}

/** How much of a file's beginning tells it from another of the same name. */
const headBytesMax = 4096

/** What a folder is searched for; a file named outright may be called anything. */
const logFiles = ['', '.gz', '.zst', '.xz', '.bz2', '.lz4'].flatMap((packed) =>
  ['jsonl', 'ndjson', 'json', 'log', 'txt', 'parquet'].map((kind) => `**/*.${kind}${packed}`),
)

/**
 * The sources that the arguments name, each once, in the order of their names. Throws
 * `source-not-found`, `source-unreadable`, `source-is-empty` (a folder without logs) or `usage`.
 */
export async function findSources(
  names: readonly string[],
  finding: Finding,
): Promise<readonly Source[]> {
  const found = new Map<string, Source>()
  for (const name of names)
    for (const source of await expand(name, finding)) found.set(source.name, source)
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function expand(name: string, finding: Finding): Promise<readonly Source[]> {
  if (name === '-') return [await standardInput(finding)]
  if (/^[a-z0-9]+:\/\//i.test(name)) return [remoteSource(name)]
  const stat = statSync(name, { throwIfNoEntry: false })
  if (stat?.isDirectory()) return await inFolder(name, finding)
  if (stat) return [localSource(resolve(name), finding)]
  if (isDynamicPattern(name)) return await matching(name, finding)
  throw new StillwatchError('source-not-found', `There is no file or folder ${name}.`, {
    fix: 'Check the path. Quote a glob so that the shell leaves it alone.',
  })
}

async function inFolder(name: string, finding: Finding): Promise<readonly Source[]> {
  const files = await glob(logFiles, { cwd: name, absolute: true, expandDirectories: false })
  if (files.length === 0)
    throw new StillwatchError('source-is-empty', `The folder ${name} holds no log files.`, {
      fix: 'Log files end in .jsonl, .ndjson, .json, .log, .txt or .parquet, packed or not; name others outright.',
    })
  return files.map((file) => localSource(file, finding))
}

async function matching(pattern: string, finding: Finding): Promise<readonly Source[]> {
  const files = await glob(pattern, { absolute: true, expandDirectories: false, dot: true })
  if (files.length === 0)
    throw new StillwatchError('source-not-found', `No file matches ${pattern}.`, {
      fix: 'Check the pattern: ** crosses folders, * does not.',
    })
  return files.map((file) => localSource(file, finding))
}

function localSource(path: string, { secret, readsLocalFiles }: Finding): Source {
  const head = readHead(path)
  const stat = statSync(path)
  return {
    kind: 'file',
    name: path,
    path,
    bytes: stat.size,
    modifiedMs: Math.floor(stat.mtimeMs),
    compression: compressionOf(head),
    container: isParquet(head) ? 'parquet' : 'lines',
    head: headMark(head, head.length, secret),
    isSent: !readsLocalFiles,
    damage: null,
    release: () => undefined,
  }
}

async function standardInput(finding: Finding): Promise<Source> {
  const { path, release } = await spool(finding.input, finding.temporary)
  const source = localSource(path, finding)
  return { ...source, kind: 'stdin', name: '-', modifiedMs: 0, head: '', release }
}

const remoteKinds: ReadonlyMap<string, Source['kind']> = new Map([
  ['http', 'url'],
  ['https', 'url'],
  ['s3', 's3'],
  ['clickhouse', 'table'],
  ['clickhouses', 'table'],
])

function remoteSource(address: string): Source {
  const scheme = address.slice(0, address.indexOf(':')).toLowerCase()
  const kind = remoteKinds.get(scheme)
  if (!kind || !URL.canParse(address))
    throw new StillwatchError('usage', `Sources of the kind ${scheme}:// cannot be read.`, {
      fix: 'Use a file, a folder, a glob, - for standard input, or http(s)://, s3://, clickhouse://.',
    })
  const url = new URL(address)
  return {
    kind,
    name: `${scheme}://${url.host}${url.pathname}`,
    path: address,
    bytes: 0,
    modifiedMs: 0,
    compression: 'auto',
    container: /\.parquet$/i.test(url.pathname) ? 'parquet' : 'lines',
    head: '',
    isSent: false,
    damage: null,
    release: () => undefined,
  }
}

/** Whether `source` begins with the bytes that a file of the ledger began with. */
export function sameHead(source: Source, mark: string, secret: Uint8Array): boolean {
  if (source.kind !== 'file' || mark === '') return false
  const length = Number(mark.split(':', 1)[0])
  return headMark(readHead(source.path), length, secret) === mark
}

function headMark(head: Uint8Array, length: number, secret: Uint8Array): string {
  const hash = createHmac('sha256', secret).update(head.subarray(0, length)).digest('hex')
  return `${Math.min(length, head.length)}:${hash.slice(0, 32)}`
}

function readHead(path: string): Uint8Array {
  try {
    const handle = openSync(path, 'r')
    try {
      const head = Buffer.alloc(headBytesMax)
      return head.subarray(0, readSync(handle, head, 0, headBytesMax, 0))
    } finally {
      closeSync(handle)
    }
  } catch (cause) {
    throw new StillwatchError('source-unreadable', `Cannot read ${path}.`, {
      fix: 'Allow this user to read it, or leave it out.',
      cause,
    })
  }
}
