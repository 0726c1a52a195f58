import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plantSecret } from '../engine/data-directory.ts'
import { openStore, type Store, type StoreOptions } from '../engine/store.ts'

const endings = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/** Opens the store, does `work` and closes it, whatever happens; a signal gives up the lock. */
export async function withStore<T>(
  options: StoreOptions,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  let release = (): void => undefined
  const forget = beforeEnding(() => release())
  try {
    const store = await openStore({ ...options, locked: (unlock) => (release = unlock) })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  } finally {
    forget()
  }
}

/** Does something before a signal ends the process; gives back how to call that off. */
function beforeEnding(act: () => void): () => void {
  const stops = endings.map((signal) => {
    const stop = (): void => {
      act()
      // Removing the last listener gives the signal its usual effect back, and the process dies of it:
      // shells say 130 for SIGINT. `process.exit` would wait for the statement that is running, minutes
      // sometimes, for the engine cannot be told to stop (chDB 3.4).
      process.off(signal, stop)
      process.kill(process.pid, signal)
    }
    process.on(signal, stop)
    return () => process.off(signal, stop)
  })
  return () => {
    for (const forget of stops) forget()
  }
}

/** A store with a given secret in a temporary folder, which is gone afterwards; `work` may use the folder too. */
export async function withPassingStore<T>(
  { secret, limits }: { readonly secret: Uint8Array } & Pick<StoreOptions, 'limits'>,
  work: (store: Store, folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-'))
  // From here on, for the store takes its time to open.
  const forget = beforeEnding(() => removeUnderEngine(folder))
  try {
    const data = join(folder, 'data')
    plantSecret(data, secret)
    const options = { data, ...(limits === undefined ? {} : { limits }) }
    return await withStore(options, (store) => work(store, folder))
  } finally {
    forget()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

const removalsMax = 400
const removalPauseMs = 5

/**
 * After a signal the engine still writes, from threads of its own, and makes anew the folders it misses.
 * A file in the folder's place stops it; the file goes last, right before the process ends.
 */
function removeUnderEngine(folder: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let at = 0; at < removalsMax; at++) {
    try {
      rmSync(folder, { recursive: true, force: true })
      writeFileSync(folder, '', { flag: 'wx' })
      break
    } catch {
      // The engine was quicker, between listing and removing or between removing and writing.
      Atomics.wait(pause, 0, 0, removalPauseMs)
    }
  }
  rmSync(folder, { recursive: true, force: true })
}
