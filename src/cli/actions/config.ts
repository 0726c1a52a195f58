import { readFileSync } from 'node:fs'
import { StillwatchError } from '../../core/error.ts'
import { fromLitellm } from '../../gateway/from-litellm.ts'
import { exitCodes } from '../exit.ts'
import { writeOut } from '../output.ts'

/** Prints settings on standard output, and what they lack on standard error. */
export async function configFromLitellmAction(file: string): Promise<number> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StillwatchError('config-unusable', `Cannot read ${file}.`, {
      fix: 'Check the name, and that this user may read it.',
      cause,
    })
  }
  const { settings, notes } = fromLitellm(text)
  await writeOut([settings])
  for (const note of notes) process.stderr.write(`not taken: ${note}\n`)
  return exitCodes.nothingFlagged
}
