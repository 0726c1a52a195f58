import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stillwatch } from './cli.ts'

/** Makes a key as an operator would, in the deployment of this folder. */
export async function createKey(folder: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await stillwatch(['key', 'create', ...words], { cwd: folder })
  if (code !== 0) throw new Error(stderr)
  return stdout.trim()
}

export type Listed = {
  readonly id: string
  readonly account: string
  readonly expires: string | null
  readonly revoked: string | null
  readonly replaces: string | null
}

export async function listKeys(folder: string): Promise<readonly Listed[]> {
  const { stdout } = await stillwatch(['key', 'list', '--json'], { cwd: folder })
  return (JSON.parse(stdout) as { readonly keys: readonly Listed[] }).keys
}

/** The key of an account, as it is now called. */
export async function idOf(folder: string, account: string): Promise<string> {
  const keys = await listKeys(folder)
  return keys.find((each) => each.account === account)?.id ?? ''
}

/** Lets the keys of an account have ended yesterday. */
export function expire(folder: string, account: string): void {
  const path = join(folder, '.stillwatch/keys.json')
  const file = JSON.parse(readFileSync(path, 'utf8')) as { keys: Record<string, unknown>[] }
  for (const key of file.keys)
    if (key['account'] === account) key['expires'] = new Date(Date.now() - 86_400_000).toISOString()
  writeFileSync(path, JSON.stringify(file))
}
