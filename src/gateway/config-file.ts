import { readFileSync, statSync } from 'node:fs'
import { StillwatchError } from '../core/error.ts'
import { readConfig, type Environment, type VersionedConfig } from './config.ts'

const fileBytesMax = 1024 * 1024

/** Reads a settings file. Throws `config-unusable` with every problem, each by line and column. */
export function loadConfig(path: string, environment: Environment): VersionedConfig {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new StillwatchError('config-unusable', `Cannot read the settings file ${path}.`, {
      fix: 'Check the name, and that this user may read it.',
      cause,
    })
  }
  if (bytes.length > fileBytesMax)
    throw new StillwatchError('config-unusable', `${path} is larger than 1 MiB.`, {
      fix: 'Check that it is a settings file.',
    })
  const read = readConfig(bytes.toString('utf8'), environment)
  if (read.is === 'config') return { config: read.config, version: read.version }
  const said = read.problems.map(
    ({ line, column, message }) => `${path}:${line}:${column} ${message}`,
  )
  throw new StillwatchError('config-unusable', said.join(' '), {
    fix: 'docs/gateway.md explains each setting; docs/stillwatch.schema.json lets an editor check it.',
  })
}

const lookEveryMs = 1000

/** What changes when the file does, or another takes its place; empty where there is none. */
export function stampOf(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path)
    return `${ino} ${size} ${mtimeMs}`
  } catch {
    // Gone, or out of reach for now: the settings in use stay.
    return ''
  }
}

/**
 * Calls `changed` when the file is another than `stamp` was taken of; gives back how to stop. It looks
 * each second, for editors rename over a file and Kubernetes swaps a link above it, and what watches a
 * file notices neither.
 */
export function watchConfig(path: string, stamp: string, changed: () => void): () => void {
  let last = stamp
  const timer = setInterval(() => {
    const now = stampOf(path)
    if (now === last) return
    last = now
    changed()
  }, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}
