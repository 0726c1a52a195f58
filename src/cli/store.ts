import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plantSecret } from '../engine/data-directory.ts'
import { openStore, type Store, type StoreOptions } from '../engine/store.ts'

const endings = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/**
 * Opens the store, does `work` and closes it, whatever happens; a signal gives up the lock, and does
 * `afterSignal`.
 */
export async function withStore<T>(
  options: StoreOptions,
  work: (store: Store) => Promise<T>,
  afterSignal: () => void = () => undefined,
): Promise<T> {
  const store = await openStore(options)
  const stops = endings.map((signal) => {
    const stop = (): void => {
      store.directory.release()
      afterSignal()
      // Removing the only listener gives the signal its usual effect back, and the process dies of it:
      // shells say 130 for SIGINT. `process.exit` would wait for the statement that is running, minutes
      // sometimes, for the engine cannot be told to stop (chDB 3.4).
      process.off(signal, stop)
      process.kill(process.pid, signal)
    }
    process.on(signal, stop)
    return () => process.off(signal, stop)
  })
  try {
    return await work(store)
  } finally {
    for (const forget of stops) forget()
    await store.close()
  }
}

/** A store with a given secret in a temporary folder, which is gone afterwards; `work` may use the folder too. */
export async function withPassingStore<T>(
  { secret, limits }: { readonly secret: Uint8Array } & Pick<StoreOptions, 'limits'>,
  work: (store: Store, folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const data = join(folder, 'data')
    plantSecret(data, secret)
    const options = { data, ...(limits === undefined ? {} : { limits }) }
    return await withStore(options, (store) => work(store, folder), remove)
  } finally {
    remove()
  }
}
