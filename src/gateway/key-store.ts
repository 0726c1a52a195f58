import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { entropyBytes, makeKey } from '../access/key.ts'
import {
  keysMax,
  keyState,
  type KeyRecord,
  type KeyWish,
  newRecord,
  readKeys,
  revoke,
  rotate,
  writeKeys,
} from '../access/key-record.ts'
import { StillwatchError } from '../core/error.ts'
import { stampOf, watchConfig } from './config-file.ts'
import type { HashKey, KeyHash } from './key-hash.ts'

/** A key just made. It is nowhere but here. */
export type IssuedKey = { readonly key: string; readonly record: KeyRecord }

/** The keys of a deployment, in a file that the command line and running gateways share. */
export type KeyStore = {
  /** As of the last reading. */
  readonly find: (id: string) => KeyRecord | undefined
  readonly list: () => readonly KeyRecord[]
  readonly create: (wish: KeyWish) => Promise<IssuedKey>
  /** Says whose a provider's key is, by the name that records have of it. */
  readonly assign: (id: string, wish: KeyWish) => Promise<KeyRecord>
  /** A new key in place of one, which is good for some hours more. Throws `key-unknown`. */
  readonly rotate: (id: string, graceHours: number) => Promise<IssuedKey>
  /** Throws `key-unknown`. */
  readonly revoke: (id: string) => Promise<KeyRecord>
  /** Follows the file, and says when it could not be read; gives back how to stop. */
  readonly watch: (failed: (cause: unknown) => void) => () => void
}

type Ring = ReadonlyMap<string, KeyRecord>

/** Opens a file of keys; one that does not exist holds none. Throws `keys-unusable`. */
export function openKeyStore(made: {
  readonly path: string
  readonly hash: HashKey
  readonly now: () => Date
}): KeyStore {
  const { path, hash, now } = made
  let stamp = stampOf(path)
  let ring = readRing(path)
  /** Reads, changes and writes the file while no other process does. */
  const change = <T>(how: Change<T>): Promise<T> =>
    alone(path, async () => {
      const before = readRing(path)
      const [result, ...changed] = how(before)
      const after = new Map([...before, ...changed.map((each) => [each.id, each] as const)])
      if (after.size > keysMax)
        throw new StillwatchError('keys-unusable', `${path} holds as many keys as it may.`, {
          fix: `There can be ${keysMax}; remove lines of keys that ended long ago.`,
        })
      await writeWhole(path, writeKeys([...after.values()]))
      ring = after
      return result
    })
  return {
    find: (id) => ring.get(id),
    list: () => [...ring.values()],
    create: (wish) => change(creating(wish, fresh(hash), now())),
    assign: (id, wish) => change(assigning(id, wish, now())),
    rotate: (id, graceHours) => change(rotating(id, graceHours, fresh(hash), now())),
    revoke: (id) => change(revoking(id, now())),
    watch: (failed) =>
      watchConfig(path, stamp, () => {
        try {
          stamp = stampOf(path)
          // A file that is gone is no wish to refuse everybody: keys are ended by name.
          if (stamp === '') throw missing(path)
          ring = readRing(path)
        } catch (cause) {
          failed(cause)
        }
      }),
  }
}

/** From the keys there are: what came of it, and the records that are new or other now. */
type Change<T> = (ring: Ring) => readonly [T, ...KeyRecord[]]

type Fresh = KeyHash & { readonly key: string }

function fresh(hash: HashKey): Fresh {
  const key = makeKey(randomBytes(entropyBytes))
  return { key, ...hash(key) }
}

function creating(wish: KeyWish, { key, ...hashed }: Fresh, now: Date): Change<IssuedKey> {
  return () => {
    const record = newRecord(wish, { ...hashed, kind: 'virtual' }, now)
    return [{ key, record }, record]
  }
}

function assigning(id: string, wish: KeyWish, now: Date): Change<KeyRecord> {
  return (ring) => {
    if (ring.get(id)?.kind === 'virtual')
      throw new StillwatchError('usage', `${id} was issued here, to an account of its own.`, {
        fix: 'Create another key for the other account.',
      })
    const record = newRecord(wish, { id, hash: '', kind: 'provider' }, now)
    return [record, record]
  }
}

function rotating(
  id: string,
  graceHours: number,
  { key, ...hashed }: Fresh,
  now: Date,
): Change<IssuedKey> {
  return (ring) => {
    const old = found(ring, id)
    if (old.kind !== 'virtual' || keyState(old, now) !== 'valid')
      throw new StillwatchError('usage', `${id} is no key that can be replaced.`, {
        fix: 'Only a key issued here can be, while it is valid; create a new one.',
      })
    const both = rotate(old, hashed, graceHours, now)
    return [{ key, record: both.fresh }, both.old, both.fresh]
  }
}

function revoking(id: string, now: Date): Change<KeyRecord> {
  return (ring) => {
    const record = revoke(found(ring, id), now)
    return [record, record]
  }
}

function found(ring: Ring, id: string): KeyRecord {
  const record = ring.get(id)
  if (record) return record
  throw new StillwatchError('key-unknown', 'There is no key of this name.', {
    fix: '"stillwatch key list" shows the keys there are; check --data, too.',
  })
}

function readRing(path: string): Ring {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return new Map()
    throw new StillwatchError('keys-unusable', `Cannot read the keys in ${path}.`, {
      fix: 'Check that this user may read it.',
      cause,
    })
  }
  const keys = readKeys(text)
  if (keys) return new Map(keys.map((each) => [each.id, each]))
  throw new StillwatchError('keys-unusable', `${path} holds no keys as this version writes them.`, {
    fix: 'Restore it from a backup, or remove it and create the keys anew.',
  })
}

function missing(path: string): StillwatchError {
  return new StillwatchError('keys-unusable', `The keys in ${path} are gone.`, {
    fix: 'Restore the file from a backup.',
  })
}

/** Beside its place first, then renamed over it, so that a reader or a crash never sees half. */
async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${process.pid}.part`
  try {
    const file = await open(part, 'w', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (cause) {
    await rm(part, { force: true })
    throw new StillwatchError('keys-unusable', `Cannot write the keys to ${path}.`, {
      fix: 'Check that this user may write there and that the disk has room.',
      cause,
    })
  }
}

const lockEveryMs = 20
const lockMsMax = 5000
/** Changing takes milliseconds; who has held the lock for so long was killed. */
const staleMs = 10_000

/** Runs while no other process changes the file. */
async function alone<T>(path: string, run: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`
  const until = performance.now() + lockMsMax
  while (!(await taken(lock))) {
    if (performance.now() < until) await sleep(lockEveryMs)
    else
      throw new StillwatchError('keys-unusable', `Another process is changing ${path}.`, {
        fix: `Try again; if there is none, remove ${lock}.`,
      })
  }
  try {
    return await run()
  } finally {
    await rm(lock, { force: true })
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close()
    return true
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'))
      throw new StillwatchError('keys-unusable', `Cannot write ${lock}.`, {
        fix: 'Check that this user may write there and that the disk has room.',
        cause,
      })
    const age = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > staleMs) await rm(lock, { force: true })
    return false
  }
}
