import { StillwatchError } from '../core/error.ts'
import type { Engine } from '../engine/engine.ts'
import { type Links, linesRelation, type Numbered, rawLines } from './lines.ts'
import { canMend, mend } from './mend.ts'
import type { Source } from './sources.ts'
import { isTorn } from './torn.ts'

/** Rows that no file reaches, so that doubling ends. */
const triedMax = 2 ** 40

/**
 * Before the engine looks at a source: that source, marked where it ends too early without the engine
 * saying so. Its last line is then half a line.
 */
export async function markTorn(engine: Engine, source: Source, links: Links): Promise<Source> {
  if (!isTorn(source.path, source.bytes, source.compression)) return source
  if (source.isSent) throw tornForServer(source)
  const [row] = await engine.rows<{ lines: number }>(
    `SELECT count() AS lines FROM ${rawLines([{ no: 0, source }], links)}`,
  )
  const linesMax = Math.max(0, (row?.lines ?? 0) - 1)
  return { ...source, damage: { truncated: true, linesMax, cuts: [] } }
}

/**
 * After the engine failed on one source: that source as far as it can be read, or null where nothing
 * of it can. Throws `cause` where the source is sound and so the failure was not its fault, and
 * `source-unreadable` where it is not a file.
 */
export async function salvage(
  engine: Engine,
  entry: Numbered,
  places: { readonly links: Links; readonly temporary: string },
  cause: unknown,
): Promise<Source | null> {
  const { source } = entry
  if (isFinal(cause)) throw cause
  if (source.kind !== 'file' && source.kind !== 'stdin') throw unreachable(source, cause)
  if (source.isSent) return await mendSent(source, places.temporary, cause)
  if (await isReadable(engine, entry, places.links)) throw cause
  if (canMend(source)) return await mendOrNull(source, places.temporary)
  const lines = await readableLines(engine, entry, places.links)
  if (lines === 0) return null
  return { ...source, damage: { truncated: true, linesMax: lines, cuts: [] } }
}

function isFinal(cause: unknown): boolean {
  return cause instanceof StillwatchError && cause.code === 'disk-full'
}

function unreachable(source: Source, cause: unknown): StillwatchError {
  return new StillwatchError('source-unreadable', `Cannot read ${source.name}.`, {
    fix: 'Check the address and the right to read it. A damaged remote file must be copied here first.',
    cause,
  })
}

/** Only this process can tell what is wrong with a file that it sends. */
async function mendSent(source: Source, temporary: string, cause: unknown): Promise<Source | null> {
  if (!canMend(source)) throw cause
  const mended = await mendOrNull(source, temporary)
  if (mended?.damage === null) throw cause
  return mended
}

function tornForServer(source: Source): StillwatchError {
  return new StillwatchError('source-unreadable', `${source.name} ends in the middle.`, {
    fix: 'Copy it again, unpack what there is of it yourself, or audit it without --engine.',
  })
}

async function mendOrNull(source: Source, temporary: string): Promise<Source | null> {
  try {
    return await mend(source, temporary)
  } catch (cause) {
    if (isFinal(cause)) throw cause
    return null
  }
}

async function isReadable(engine: Engine, entry: Numbered, links: Links): Promise<boolean> {
  return await succeeds(
    engine,
    `SELECT sum(length(line)) FROM ${linesRelation([entry], links)} FORMAT Null`,
  )
}

/**
 * How many lines from its beginning the engine can read: doubling, then halving. Slow (some forty
 * partial readings of a large file), and only for torn files that Node cannot unpack.
 */
async function readableLines(engine: Engine, entry: Numbered, links: Links): Promise<number> {
  const canRead = (count: number): Promise<boolean> => {
    const source: Source = {
      ...entry.source,
      damage: { truncated: true, linesMax: count, cuts: [] },
    }
    const raw = rawLines([{ ...entry, source }], links)
    return succeeds(engine, `SELECT sum(length(raw)) FROM ${raw} FORMAT Null`)
  }
  let [good, bad] = [0, 1]
  while (bad < triedMax && (await canRead(bad))) [good, bad] = [bad, bad * 2]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (await canRead(middle)) good = middle
    else bad = middle
  }
  return good
}

async function succeeds(engine: Engine, query: string): Promise<boolean> {
  try {
    await engine.command(query)
    return true
  } catch (cause) {
    if (isFinal(cause)) throw cause
    return false
  }
}
