// For `node --import`: writes the address of every module that is resolved to standard error, and
// refuses those that STILLWATCH_WITHOUT names, as if they were not installed.
import { writeSync } from 'node:fs'
import { register } from 'node:module'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) register(import.meta.url)

export async function resolve(specifier, context, next) {
  if (specifier === process.env['STILLWATCH_WITHOUT'])
    throw new Error(`Cannot find package '${specifier}'`)
  const resolved = await next(specifier, context)
  if (process.env['STILLWATCH_LOADED']) writeSync(2, `loaded ${resolved.url}\n`)
  return resolved
}
