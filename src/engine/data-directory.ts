import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { StillwatchError } from '../core/error.ts'

/** A data directory held by this process until `release`. */
export type DataDirectory = {
  readonly path: string
  /** Where the embedded engine keeps its tables. */
  readonly store: string
  /** Where engine work may spill; emptied on open. */
  readonly temporary: string
  /** 32 bytes, made on first use, mode 0600. Every keyed fingerprint depends on it. */
  readonly secret: Uint8Array
  readonly release: () => void
}

/**
 * Opens or makes a data directory and takes its lock. Throws `data-directory-locked` while another
 * process holds it, `data-directory-unusable` or `secret-unusable` where the disk says no.
 */
export function openDataDirectory(path: string): DataDirectory {
  const root = resolve(path)
  const temporary = join(root, 'tmp')
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new StillwatchError(
      'data-directory-unusable',
      `Cannot make the data directory ${root}.`,
      {
        fix: 'Choose another with --data, or allow this user to write there.',
        cause,
      },
    )
  }
  const release = lock(root)
  try {
    rmSync(temporary, { recursive: true, force: true })
    mkdirSync(temporary, { recursive: true, mode: 0o700 })
    return { path: root, store: join(root, 'store'), temporary, secret: readSecret(root), release }
  } catch (cause) {
    release()
    if (cause instanceof StillwatchError) throw cause
    throw new StillwatchError('data-directory-unusable', `Cannot use the data directory ${root}.`, {
      fix: 'Choose another with --data, or allow this user to write there.',
      cause,
    })
  }
}

function lock(root: string): () => void {
  const file = join(root, 'lock')
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = openSync(
        file,
        constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY,
        0o600,
      )
      writeSync(handle, `${process.pid} ${startTime(process.pid)}\n`)
      closeSync(handle)
      return () => rmSync(file, { force: true })
    } catch (cause) {
      if (!isCode(cause, 'EEXIST')) throw unusable(root, cause)
      const holder = readHolder(file)
      if (holder !== null && isRunning(holder)) throw locked(root, holder.pid)
      // Its process is gone (killed, or the machine went down): the lock is stale.
      rmSync(file, { force: true })
    }
  }
  throw locked(root, 0)
}

type Holder = { readonly pid: number; readonly started: string }

function readHolder(file: string): Holder | null {
  try {
    const [pid, started] = readFileSync(file, 'utf8').trim().split(' ')
    return pid === undefined || pid === '' ? null : { pid: Number(pid), started: started ?? '' }
  } catch {
    return null
  }
}

function isRunning(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (cause) {
    return isCode(cause, 'EPERM')
  }
  // A number may have been given to a new process since; its start time tells the two apart.
  return holder.started === '' || startTime(holder.pid) === holder.started
}

/** Field 22 of /proc/PID/stat, clock ticks since boot (proc(5)); empty where there is no /proc. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/**
 * The secret of a data directory, without its lock: for a process that only names things by it, while an
 * audit may hold the directory. Made on first use, as `openDataDirectory` makes it, with the same errors.
 */
export function secretOf(path: string): Uint8Array {
  const root = resolve(path)
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 })
    return readSecret(root)
  } catch (cause) {
    if (cause instanceof StillwatchError) throw cause
    throw new StillwatchError('data-directory-unusable', `Cannot use the data directory ${root}.`, {
      fix: 'Choose another with --data, or allow this user to write there.',
      cause,
    })
  }
}

function readSecret(root: string): Uint8Array {
  const file = join(root, 'secret')
  try {
    const handle = openSync(file, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600)
    writeSync(handle, `${randomBytes(32).toString('hex')}\n`)
    closeSync(handle)
  } catch (cause) {
    if (!isCode(cause, 'EEXIST')) throw cause
  }
  const mode = statSync(file).mode & 0o777
  if ((mode & 0o077) !== 0)
    throw new StillwatchError(
      'secret-unusable',
      `${file} can be read by others (mode ${mode.toString(8)}).`,
      {
        fix: `Run: chmod 600 ${file}`,
      },
    )
  const secret = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
  if (secret.length !== 32)
    throw new StillwatchError('secret-unusable', `${file} does not hold 32 bytes in hexadecimal.`, {
      fix: 'Restore it from a backup. Without it this store cannot be matched with new logs; a new data directory starts afresh.',
    })
  return secret
}

/** Replaces the secret by one the caller chose, so that tests and the demonstration repeat exactly. */
export function plantSecret(path: string, secret: Uint8Array): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  writeFileSync(join(path, 'secret'), `${Buffer.from(secret).toString('hex')}\n`, { mode: 0o600 })
}

function locked(root: string, pid: number): StillwatchError {
  return new StillwatchError(
    'data-directory-locked',
    `Another process (${pid}) is using ${root}.`,
    {
      fix: 'Wait for it to end, or give this run its own directory with --data.',
    },
  )
}

function unusable(root: string, cause: unknown): StillwatchError {
  return new StillwatchError('data-directory-unusable', `Cannot write to ${root}.`, {
    fix: 'Choose another with --data, or allow this user to write there.',
    cause,
  })
}

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code
}
