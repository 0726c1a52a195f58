import { rmSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { openChdb } from './chdb.ts'
import { type DataDirectory, openDataDirectory } from './data-directory.ts'
import type { Engine, EngineLimits } from './engine.ts'
import { migrate } from './migrate.ts'
import { openServer, serverAddress } from './server.ts'

/** An open engine with its tables in place, and the data directory that goes with it. */
export type Store = {
  readonly engine: Engine
  readonly directory: DataDirectory
  /** Closes the engine and gives up the directory's lock. */
  readonly close: () => Promise<void>
}

export type StoreOptions = {
  /** The data directory: secret, lock and rejected lines; the tables too unless `server` is given. */
  readonly data: string
  /** `clickhouse://user:password@host:8123/database`; without it the engine runs in this process. */
  readonly server?: string
  readonly limits?: EngineLimits
  /** Told how to give up the lock as soon as it is held: a signal may come while the engine opens. */
  readonly locked?: (release: () => void) => void
}

/** Half the machine's memory, at most 3 GiB, and all its cores. */
export function defaultLimits(): EngineLimits {
  return {
    memoryBytesMax: Math.min(3 * 1024 ** 3, Math.floor(totalmem() / 2)),
    threadsMax: availableParallelism(),
  }
}

/**
 * Opens the store, making it on first use. Throws `data-directory-locked`, `-unusable` or `-newer`,
 * `secret-unusable`, `engine-unavailable`.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const directory = openDataDirectory(options.data)
  options.locked?.(directory.release)
  const limits = options.limits ?? defaultLimits()
  try {
    const engine = await openEngine(directory, options.server, limits)
    return {
      engine,
      directory,
      close: async () => {
        await engine.close()
        directory.release()
      },
    }
  } catch (cause) {
    directory.release()
    throw cause
  }
}

async function openEngine(
  directory: DataDirectory,
  server: string | undefined,
  limits: EngineLimits,
): Promise<Engine> {
  const engine =
    server === undefined ? await embedded(directory, limits) : await remote(server, limits)
  try {
    await migrate(engine)
    return engine
  } catch (cause) {
    await engine.close()
    throw cause
  }
}

function embedded(directory: DataDirectory, limits: EngineLimits): Promise<Engine> {
  // chDB spills sorts and aggregations to <store>/tmp; a killed process leaves its files there.
  rmSync(join(directory.store, 'tmp'), { recursive: true, force: true })
  return openChdb(directory.store, limits)
}

function remote(server: string, limits: EngineLimits): Promise<Engine> {
  return openServer(serverAddress(server), limits)
}
