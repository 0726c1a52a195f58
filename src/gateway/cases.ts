import { readFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import type { CaseRecord } from '../record/index.ts'

/** The cases there are: looked up in memory, written down aside. */
export type Cases = {
  /** The last case of each action of an account, of those that are carried out or of those that are not. */
  readonly of: (account: string, enforced: boolean) => readonly CaseRecord[]
  readonly add: (opened: CaseRecord) => void
  readonly find: (id: string) => CaseRecord | null
  /** Newest first. */
  readonly list: (casesMax: number) => readonly CaseRecord[]
  readonly count: () => number
  /** Writes what is left. */
  readonly close: () => Promise<void>
}

/** Cases in memory; beyond, the oldest are only in the file. */
const casesMax = 100_000
const writeEveryMs = 200

/** Opens the cases in a file of JSON Lines, or, without one, those of this run. */
export function openCases(path: string | null, onFailure: (cause: unknown) => void): Cases {
  const byId = new Map<string, CaseRecord>()
  const last = new Map<string, Map<string, CaseRecord>>()
  let unwritten: CaseRecord[] = []
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | null = null

  const keep = (each: CaseRecord): void => {
    byId.set(each.id, each)
    const key = keyOf(each.account, each.enforced)
    const actions = last.get(key) ?? new Map<string, CaseRecord>()
    last.set(key, actions.set(each.action, each))
    if (byId.size <= casesMax) return
    const [oldest] = byId.values()
    if (oldest) forget(oldest)
  }
  const forget = (oldest: CaseRecord): void => {
    byId.delete(oldest.id)
    const key = keyOf(oldest.account, oldest.enforced)
    const actions = last.get(key)
    if (actions?.get(oldest.action) === oldest) actions.delete(oldest.action)
    if (actions?.size === 0) last.delete(key)
  }
  const write = async (): Promise<void> => {
    timer = null
    const batch = unwritten
    unwritten = []
    if (path === null || batch.length === 0) return
    try {
      const lines = batch.map((each) => `${JSON.stringify(each)}\n`)
      await appendFile(path, lines.join(''), { mode: 0o600 })
    } catch (cause) {
      // They come again with the next; what is in memory still answers for them.
      unwritten = [...batch, ...unwritten].slice(-casesMax)
      onFailure(cause)
    }
  }
  if (path !== null) for (const each of readCases(path)) keep(each)
  return {
    of: (account, enforced) => [...(last.get(keyOf(account, enforced))?.values() ?? [])],
    add: (opened) => {
      keep(opened)
      unwritten.push(opened)
      timer ??= setTimeout(() => (writing = writing.then(write)), writeEveryMs)
    },
    find: (id) => byId.get(id) ?? null,
    list: (most) => [...byId.values()].slice(-most).reverse(),
    count: () => byId.size,
    close: async () => {
      if (timer !== null) clearTimeout(timer)
      await writing
      await write()
    },
  }
}

function keyOf(account: string, enforced: boolean): string {
  return `${enforced ? 'done' : 'judged'} ${account}`
}

/** What earlier runs wrote; a line that a crash tore is left out. None where there is no file. */
export function readCases(path: string): readonly CaseRecord[] {
  let text = ''
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    try {
      const value = JSON.parse(line) as Partial<CaseRecord> | null
      return typeof value?.id === 'string' && typeof value.account === 'string'
        ? [value as CaseRecord]
        : []
    } catch {
      return []
    }
  })
}
