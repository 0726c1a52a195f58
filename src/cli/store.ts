import { openStore, type Store, type StoreOptions } from '../engine/store.ts'
import { signalCodes } from './exit.ts'

/**
 * Opens the store, does `work` and closes it, whatever happens. A signal gives up the directory's lock
 * and ends the process: the engine cannot be asked to stop in the middle of a statement.
 */
export async function withStore<T>(
  options: StoreOptions,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openStore(options)
  const stops = Object.entries(signalCodes).map(([signal, code]) => {
    const stop = (): void => {
      store.directory.release()
      process.exit(code)
    }
    process.once(signal, stop)
    return () => process.off(signal, stop)
  })
  try {
    return await work(store)
  } finally {
    for (const forget of stops) forget()
    await store.close()
  }
}
