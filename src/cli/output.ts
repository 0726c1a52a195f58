import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StillwatchError } from '../core/error.ts'

/** A report names alleged conduct of people: nobody but its owner reads it until they decide. */
const privateMode = 0o600

/** Throws `usage` where `path` cannot become a file, so that an hour's audit is not lost at its end. */
export function checkTarget(path: string, flag: string): void {
  if (path === '-') return
  const folder = dirname(resolve(path))
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new StillwatchError(
      'usage',
      `${flag} was given ${path}, but there is no folder ${folder}.`,
      {
        fix: 'Make the folder first, or write the file elsewhere.',
      },
    )
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new StillwatchError('usage', `${flag} was given ${path}, which is a folder.`, {
      fix: `Name a file in it, such as ${path.replace(/\/$/, '')}/report.`,
    })
}

/** A place to write a record to, in one of its forms; `-` is standard output. */
export type Target<R> = {
  readonly path: string
  /** The option that named it. */
  readonly flag: string
  readonly parts: (record: R) => Iterable<string>
}

/** The targets that were named, in a state to be written. Throws `usage` where one cannot, or two share standard output. */
export function targetsOf<R>(
  all: readonly (Omit<Target<R>, 'path'> & { readonly path: string | undefined })[],
): readonly Target<R>[] {
  const targets = all.flatMap(({ path, ...rest }) =>
    path === undefined ? [] : [{ path, ...rest }],
  )
  for (const { path, flag } of targets) checkTarget(path, flag)
  const shared = targets.filter(({ path }) => path === '-').map(({ flag }) => flag)
  if (shared.length < 2) return targets
  throw new StillwatchError('usage', `${shared.join(' and ')} both write to standard output.`, {
    fix: 'Give all but one of them a file.',
  })
}

/** Writes a record to its targets and, unless one is standard output or `quiet`, its summary to the screen. */
export async function writeTargets<R>(
  targets: readonly Target<R>[],
  record: R,
  screen: { readonly quiet: boolean; readonly summary: () => string },
): Promise<void> {
  for (const { path, parts } of targets)
    if (path === '-') await writeOut(parts(record))
    else writeTarget(path, parts(record))
  if (screen.quiet) return
  if (!targets.some(({ path }) => path === '-')) await writeOut([screen.summary()])
  for (const { path } of targets) if (path !== '-') process.stderr.write(`wrote ${path}\n`)
}

/**
 * Writes a file whole or not at all: beside its place first, then renamed over it. What is not a
 * plain file (a pipe, /dev/stdout) is written to as it is.
 */
export function writeTarget(path: string, parts: Iterable<string>): void {
  const before = statSync(path, { throwIfNoEntry: false })
  const plain = before === undefined || before.isFile()
  const target = plain ? `${path}.${process.pid}.part` : path
  try {
    writeParts(target, parts)
    if (plain) renameSync(target, path)
  } catch (cause) {
    if (plain) rmSync(target, { force: true })
    throw new StillwatchError('usage', `Cannot write ${path}.`, {
      fix: 'Check that this user may write there and that the disk has room.',
      cause,
    })
  }
}

function writeParts(path: string, parts: Iterable<string>): void {
  const handle = openSync(path, 'w', privateMode)
  try {
    for (const part of parts) {
      const bytes = Buffer.from(part)
      for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at)
    }
  } finally {
    closeSync(handle)
  }
}

/** Writes to standard output; waits while the reader is slow, and stops where there is none left. */
export async function writeOut(parts: Iterable<string>): Promise<void> {
  for (const part of parts) {
    if (process.stdout.destroyed) return
    await new Promise<void>((done) => process.stdout.write(part, () => done()))
  }
}

/**
 * A reader that has seen enough (`| head`) closes the pipe: that ends the output, not the run, which
 * has files to write and a lock to give up.
 */
export function forgiveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EPIPE') throw cause
    })
}
