import { StillwatchError } from '../core/error.ts'
import type { Engine } from '../engine/engine.ts'
import { markTorn, salvage } from './damage.ts'
import { formatNamed, type LogFormat } from './formats.ts'
import type { Links, Numbered } from './lines.ts'
import { unpack, unpackHead } from './mend.ts'
import { type Look, recognise, sampleKey } from './recognise.ts'
import type { Source } from './sources.ts'

/** So many files are looked at in one query: a branch of its own for each large one. */
const largePerLookMax = 64
const smallPerLookMax = 512

/** What looking at sources needs. */
export type Looking = {
  readonly engine: Engine
  readonly formats: readonly LogFormat[]
  readonly links: Links
  readonly temporary: string
}

/**
 * What each source holds: its container, its format, and how far it can be read. Throws
 * `format-unknown` where no source is in a known format and none was `chosen`.
 */
export async function look(
  looking: Looking,
  sources: readonly Source[],
  chosen: string | undefined,
): Promise<readonly Look[]> {
  const fixed = chosen === undefined ? null : formatNamed(looking.formats, chosen)
  const looks: Look[] = []
  for (const batch of batches(sources)) {
    const entries: Numbered[] = []
    for (const source of batch) entries.push({ no: 0, source: await samplable(looking, source) })
    const seen = await lookSafely(looking, entries)
    looks.push(...seen.map((entry, at) => withOriginal(entry, batch[at] ?? entry.source)))
  }
  // A file that nothing recognises is read as what the others are, so that its lines are counted.
  const common = fixed ?? mostCommon(looks)
  if (common === null && looks.some(({ lines }) => lines !== 0))
    throw new StillwatchError('format-unknown', 'No source is in a log format known here.', {
      fix: `Say which it is with --format (${looking.formats.map(({ name }) => name).join(', ')}).`,
    })
  return looks.map((entry) => ({ ...entry, format: fixed ?? entry.format ?? common }))
}

/** Neighbours that one query can look at. */
function batches(sources: readonly Source[]): readonly (readonly Source[])[] {
  const done: { sources: Source[]; key: string | null }[] = []
  for (const source of sources) {
    const key = sampleKey(source)
    const last = done.at(-1)
    const most = key === null ? largePerLookMax : smallPerLookMax
    if (last?.key === key && last.sources.length < most) last.sources.push(source)
    else done.push({ sources: [source], key })
  }
  return done.map((batch) => batch.sources)
}

/** What the engine can look at: of bzip2, which this build of it does not know, the beginning. */
async function samplable(looking: Looking, source: Source): Promise<Source> {
  if (source.kind !== 'file' && source.kind !== 'stdin') return source
  if (source.compression === 'bz2') return await unpackHead(source, looking.temporary)
  return await markTorn(looking.engine, source, looking.links)
}

/** A folder of bzip2 files is unpacked one by one when each is read, not all at once beforehand. */
function withOriginal(entry: Look, original: Source): Look {
  if (original.compression !== 'bz2' || entry.lines === null) return entry
  entry.source.release()
  return { ...entry, source: { ...original, container: entry.source.container } }
}

/** A source as the engine can read it whole. */
export async function openable(source: Source, temporary: string): Promise<Source> {
  return source.compression === 'bz2' ? await unpack(source, temporary) : source
}

/** Looks at sources together; one that cannot be read is found by halving, and mended. */
async function lookSafely(
  looking: Looking,
  sources: readonly Numbered[],
): Promise<readonly Look[]> {
  try {
    const { engine, formats, links } = looking
    return await lookAgain(looking, await recognise(engine, sources, formats, links))
  } catch (cause) {
    const [first] = sources
    if (first && sources.length === 1) return [await lookAtDamaged(looking, first, cause)]
    const half = Math.ceil(sources.length / 2)
    const before = await lookSafely(looking, sources.slice(0, half))
    return [...before, ...(await lookSafely(looking, sources.slice(half)))]
  }
}

async function lookAgain(looking: Looking, looks: readonly Look[]): Promise<readonly Look[]> {
  const values = looks.filter(({ again }) => again)
  if (values.length === 0) return looks
  const better = await lookSafely(looking, values)
  return looks.map((entry) => better[values.indexOf(entry)] ?? entry)
}

async function lookAtDamaged(looking: Looking, entry: Numbered, cause: unknown): Promise<Look> {
  const source = await salvage(looking.engine, entry, looking, cause)
  const unreadable: Look = { ...entry, lines: null, format: null, again: false }
  if (source === null) return unreadable
  const [found] = await lookSafely(looking, [{ ...entry, source }])
  return found ?? unreadable
}

function mostCommon(looks: readonly Look[]): LogFormat | null {
  const counts = new Map<LogFormat, number>()
  for (const { format } of looks) if (format) counts.set(format, (counts.get(format) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}
