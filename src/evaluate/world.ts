import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { StillwatchError } from '../core/error.ts'
import type { AccountTruth } from '../sim/truth.ts'

/** As much of a world's truth as is measured against. */
export type WorldTruth = {
  readonly accounts: Readonly<Record<string, AccountTruth>>
  readonly campaigns: Readonly<Record<string, WorldCampaign>>
}

/** A campaign's style; its label where that is not `attack` (who resells is `grey` and counted neither way). */
type WorldCampaign = { readonly style: string; readonly label?: AccountTruth['label'] }

/** A log with the truth about every account in it. */
export type World = {
  readonly name: string
  readonly sources: readonly string[]
  readonly truth: WorldTruth
}

const truthName = 'truth.json'
const logPattern = /\.(jsonl|ndjson|parquet)(\.(gz|zst|xz|bz2|lz4))?$/

/**
 * Reads folders that hold `truth.json` and a log: the files `exchanges*`, or where there are none, every
 * log in the folder itself. Throws `truth-unusable` or `source-is-empty`.
 */
export function readWorlds(folders: readonly string[]): readonly World[] {
  const names = folders.map((folder) => basename(resolve(folder)))
  return folders.map((folder, at) => {
    const name = names[at] ?? folder
    const truth = readTruth(folder)
    const isOnly = names.filter((other) => other === name).length === 1
    return { name: isOnly ? name : folder, sources: logsIn(folder), truth }
  })
}

function logsIn(folder: string): readonly string[] {
  const logs = readdirSync(folder)
    .filter((name) => logPattern.test(name))
    .sort()
  const named = logs.filter((name) => name.startsWith('exchanges'))
  const found = named.length > 0 ? named : logs
  if (found.length === 0)
    throw new StillwatchError('source-is-empty', `The folder ${folder} holds no log.`, {
      fix: 'A world is a folder with truth.json and exchanges*.jsonl, packed or not.',
    })
  return found.map((name) => join(resolve(folder), name))
}

function readTruth(folder: string): WorldTruth {
  const file = join(folder, truthName)
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause
    throw new StillwatchError(
      'truth-unusable',
      missing ? `The world ${folder} has no ${truthName}.` : `${file} is not JSON.`,
      {
        fix: 'Name folders that hold a log and its truth: stillwatch simulate --out world/log.jsonl.gz --truth world/truth.json writes one.',
        cause,
      },
    )
  }
  return truthFrom(value, file)
}

const labels: ReadonlySet<unknown> = new Set(['benign', 'attack', 'grey'])

/** Holds what was parsed to the form of docs/evaluation.md; exported for tests. */
export function truthFrom(value: unknown, file: string): WorldTruth {
  const refuse = (what: string): never => {
    throw new StillwatchError('truth-unusable', `${file}: ${what}.`, {
      fix: 'docs/evaluation.md says what a truth.json holds.',
    })
  }
  if (!isRecord(value) || !isRecord(value['accounts']) || !isRecord(value['campaigns']))
    return refuse('it needs `accounts` and `campaigns`, both objects')
  const campaigns: Record<string, WorldCampaign> = {}
  for (const [name, known] of Object.entries(value['campaigns'])) {
    const { style, label } = isRecord(known) ? known : {}
    campaigns[name] = {
      style: typeof style === 'string' ? style : name,
      ...(isLabel(label) ? { label } : {}),
    }
  }
  const accounts: Record<string, AccountTruth> = {}
  for (const [id, known] of Object.entries(value['accounts'])) {
    const account = accountFrom(known)
    if (account === null) return refuse(`account ${id} needs a label, a cls and a campaign or null`)
    if (account.campaign !== null && !Object.hasOwn(campaigns, account.campaign))
      return refuse(`account ${id} belongs to a campaign that is not listed`)
    accounts[id] = account
  }
  return { accounts, campaigns }
}

function accountFrom(value: unknown): AccountTruth | null {
  if (!isRecord(value)) return null
  const { label, cls, campaign = null, since } = value
  if (!isLabel(label) || typeof cls !== 'string') return null
  if (campaign !== null && typeof campaign !== 'string') return null
  return { label, cls, campaign, ...(typeof since === 'string' ? { since } : {}) }
}

function isLabel(value: unknown): value is AccountTruth['label'] {
  return labels.has(value)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
