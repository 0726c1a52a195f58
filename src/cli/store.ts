import { openStore, type Store, type StoreOptions } from '../engine/store.ts'

const endings = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/** Opens the store, does `work` and closes it, whatever happens; a signal gives up the lock. */
export async function withStore<T>(
  options: StoreOptions,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  let release = (): void => undefined
  const stops = endings.map((signal) => {
    const stop = (): void => {
      release()
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
    const store = await openStore({ ...options, locked: (unlock) => (release = unlock) })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  } finally {
    for (const forget of stops) forget()
  }
}
