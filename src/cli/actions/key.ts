import { join } from 'node:path'
import { type KeyRecord, keyState, type KeyWish } from '../../access/key-record.ts'
import { StillwatchError } from '../../core/error.ts'
import { secretOf } from '../../engine/data-directory.ts'
import { shown } from '../../gateway/admin-keys.ts'
import { keyHasher } from '../../gateway/key-hash.ts'
import { type IssuedKey, type KeyStore, openKeyStore } from '../../gateway/key-store.ts'
import { table } from '../../report/columns.ts'
import type {
  keyCreateOptions,
  keyListOptions,
  keyRevokeOptions,
  keyRotateOptions,
} from '../commands/key.ts'
import { exitCodes } from '../exit.ts'
import { jsonLines } from '../json.ts'
import type { Given } from '../option.ts'
import { writeOut } from '../output.ts'

export async function keyCreateAction(given: Given<typeof keyCreateOptions>): Promise<number> {
  return tell(await storeIn(given.data).create(wishOf(given)))
}

export async function keyAssignAction(
  id: string,
  given: Given<typeof keyCreateOptions>,
): Promise<number> {
  const { account } = await storeIn(given.data).assign(id, wishOf(given))
  await writeOut([`${id} is now a key of ${account}.\n`])
  return exitCodes.nothingFlagged
}

export async function keyRotateAction(
  id: string,
  given: Given<typeof keyRotateOptions>,
): Promise<number> {
  return tell(await storeIn(given.data).rotate(id, given.graceHours))
}

export async function keyRevokeAction(
  id: string,
  given: Given<typeof keyRevokeOptions>,
): Promise<number> {
  const { account } = await storeIn(given.data).revoke(id)
  await writeOut([`${id} of ${account} is revoked.\n`])
  return exitCodes.nothingFlagged
}

export async function keyListAction(given: Given<typeof keyListOptions>): Promise<number> {
  const keys = storeIn(given.data).list()
  await writeOut(given.json ? jsonLines({ keys: keys.map(shown) }) : listed(keys, new Date()))
  return exitCodes.nothingFlagged
}

function storeIn(data: string): KeyStore {
  const hash = keyHasher(secretOf(data))
  return openKeyStore({ path: join(data, 'keys.json'), hash, now: () => new Date() })
}

function wishOf(given: Given<typeof keyCreateOptions>): KeyWish {
  const { account, org, tier, name, expiresDays } = given
  if (account === undefined)
    throw new StillwatchError('usage', 'A key needs an account.', {
      fix: 'For example: --account acme.',
    })
  const models = given.models?.split(',').map((each) => each.trim())
  return { account, org, tier, name, models, expiresDays }
}

/** The key alone on standard output, so that a script can take it. */
async function tell({ key, record }: IssuedKey): Promise<number> {
  await writeOut([`${key}\n`])
  const until = record.expires === null ? '' : `, until ${record.expires.slice(0, 10)}`
  process.stderr.write(
    `${record.id}, a key of ${record.account} (${record.tier}${until}). It is shown this once and kept nowhere.\n`,
  )
  return exitCodes.nothingFlagged
}

const columnsMax = 160

function listed(keys: readonly KeyRecord[], now: Date): readonly string[] {
  if (keys.length === 0) return ['There are no keys. "stillwatch key create" makes one.\n']
  const titles = ['id', 'state', 'account', 'org', 'tier', 'models', 'name', 'created', 'expires']
  const columns = titles.map((title) => ({ title, kind: 'name' as const }))
  const rows = keys.map((each) => [
    each.id,
    keyState(each, now),
    each.account,
    each.org ?? '',
    each.tier,
    each.models?.join(', ') ?? 'any',
    each.name ?? '',
    each.created.slice(0, 10),
    each.expires?.slice(0, 10) ?? 'never',
  ])
  return table(columns, rows, columnsMax).map((line) => `${line}\n`)
}
