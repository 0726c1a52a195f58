import { StillwatchError } from '../core/error.ts'
import type { Engine } from '../engine/engine.ts'
import { markTorn, salvage } from './damage.ts'
import { formatNamed, type LogFormat } from './formats.ts'
import type { Links, Numbered } from './lines.ts'
import { unpack, unpackHead } from './mend.ts'
import { type Look, recognise } from './recognise.ts'
import type { Source } from './sources.ts'

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
  const numbered: Numbered[] = []
  for (const source of sources) numbered.push({ no: 0, source: await samplable(looking, source) })
  const seen = await lookSafely(looking, numbered)
  const looks = seen.map((entry, at) => withOriginal(entry, sources[at] ?? entry.source))
  // A file that nothing recognises is read as what the others are, so that its lines are counted.
  const common = fixed ?? mostCommon(looks)
  if (common === null && looks.some(({ lines }) => lines !== 0))
    throw new StillwatchError('format-unknown', 'No source is in a log format known here.', {
      fix: `Say which it is with --format (${looking.formats.map(({ name }) => name).join(', ')}).`,
    })
  return looks.map((entry) => ({ ...entry, format: fixed ?? entry.format ?? common }))
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

/** Looks at all sources together; one that cannot be read is looked at again by itself and mended. */
async function lookSafely(
  looking: Looking,
  sources: readonly Numbered[],
): Promise<readonly Look[]> {
  try {
    const { engine, formats, links } = looking
    return await lookAgain(looking, await recognise(engine, sources, formats, links))
  } catch (cause) {
    const looks: Look[] = []
    for (const entry of sources)
      if (sources.length > 1) looks.push(...(await lookSafely(looking, [entry])))
      else looks.push(await lookAtDamaged(looking, entry, cause))
    return looks
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
