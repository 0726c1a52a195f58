import { mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StillwatchError } from '../core/error.ts'
import type { Sink } from './queue.ts'
import { recordFile } from './record-file.ts'

/** A folder in which records lie until the engine process has read them. */
export type Spool = {
  readonly sink: Sink
  /** Hands what was written so far to the engine, and notes what would be lost if the process died now. */
  readonly roll: (unwritten: number) => Promise<void>
  readonly bytes: () => number
  /** What the run before this one lost, where it ended without saying so. */
  readonly lostBefore: number
  /** Hands on the rest and says that nothing is missing. */
  readonly close: () => Promise<void>
}

const open = 'next.part'
const note = 'run.json'
const noteMade = 'run.json.part'

type Note = { readonly unwritten: number }

/**
 * Opens the spool; what an earlier run left in it is handed on first. Records lie here in the clear, for seconds as
 * long as the engine keeps up, so only their owner may read them. Beyond `bytesMax` the sink throws: records then wait
 * in the queue, and are lost, and counted, when that is full.
 */
export function openSpool(folder: string, bytesMax: number, now: () => Date): Spool {
  const part = join(folder, open)
  const lostBefore = takeOver(folder, now)
  const write = recordFile(part)
  let held = 0
  let rolled = 0
  /** Writing and handing on take turns: a file that was handed on must not grow. */
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  const handOn = async (): Promise<void> => {
    held = await bytesIn(folder)
    const { size } = await stat(part).catch(() => ({ size: 0 }))
    if (size === 0) return
    rolled += 1
    await rename(part, join(folder, nameOf(now(), rolled)))
  }
  return {
    lostBefore,
    bytes: () => held,
    sink: (batch) =>
      inTurn(async () => {
        if (held > bytesMax)
          throw new StillwatchError('spool-full', `${folder} holds more than ${bytesMax} bytes.`)
        await write(batch)
      }),
    roll: (unwritten) =>
      inTurn(async () => {
        const text: Note = { unwritten }
        // Whole or not at all, also where the process dies meanwhile.
        await writeFile(join(folder, noteMade), JSON.stringify(text), { mode: 0o600 })
        await rename(join(folder, noteMade), join(folder, note))
        await handOn()
      }),
    close: () =>
      inTurn(async () => {
        await handOn()
        for (const name of [note, noteMade]) await rm(join(folder, name), { force: true })
      }),
  }
}

/** Names sort as their files were finished. */
function nameOf(now: Date, count: number): string {
  return `${now.toISOString().replaceAll(/[:.]/g, '-')}-${String(count).padStart(8, '0')}.jsonl`
}

function takeOver(folder: string, now: () => Date): number {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const names = readdirSync(folder)
    if (names.includes(open) && statSync(join(folder, open)).size > 0)
      renameSync(join(folder, open), join(folder, nameOf(now(), 0)))
    return names.includes(note) ? unwrittenIn(join(folder, note)) : 0
  } catch (cause) {
    throw new StillwatchError('data-directory-unusable', `Cannot use the spool ${folder}.`, {
      fix: 'Choose another data directory with --data, or allow this user to write there.',
      cause,
    })
  }
}

/** A note that was torn by the same end says nothing. */
function unwrittenIn(path: string): number {
  try {
    const { unwritten } = JSON.parse(readFileSync(path, 'utf8')) as Note
    return Number.isSafeInteger(unwritten) ? unwritten : 0
  } catch {
    return 0
  }
}

async function bytesIn(folder: string): Promise<number> {
  let sum = 0
  for (const name of await readdir(folder))
    // The engine may have removed it by now.
    sum += (await stat(join(folder, name)).catch(() => ({ size: 0 }))).size
  return sum
}
