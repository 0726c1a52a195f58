import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { audit, type AuditOptions } from '../audit/audit.ts'
import { seeded } from '../core/random.ts'
import type { Store } from '../engine/store.ts'
import type { Exchange, Report } from '../record/index.ts'
import {
  around,
  bestOf,
  campaignOf,
  type Outcome,
  outcomeOf,
  type Policy,
} from '../sim/adaptive/policy.ts'
import type { WorldConfig } from '../sim/config.ts'
import { nativeLine } from '../sim/native.ts'
import { score } from '../sim/score.ts'
import { simulate } from '../sim/simulate.ts'
import { truthOf } from '../sim/truth.ts'
import { wideWorld } from '../sim/worlds.ts'

/** The provider an attacker meets: each round a slice of its log, with accounts that are new. */
export type Provider = {
  readonly seed: string
  readonly honest: number
  readonly days: number
}

export type AdaptOptions = Pick<AuditOptions, 'version' | 'now' | 'stepSeconds'> & {
  readonly provider: Provider
  /** Where the slices' logs are written for as long as they are needed. */
  readonly folder: string
}

/** One round: what each policy came to, the attacker's own first. */
export type Round = { readonly outcomes: readonly Outcome[]; readonly honestFlagged: number }

/**
 * An attacker that reads the verdicts: each round it runs its policy and `others` beside it as pools of
 * accounts, sees when each account was flagged, and goes on with the policy that took most (a
 * (1+λ) evolution strategy). Whoever holds the store's secret decides what it knows: with the
 * deployment's it is the deployment that answers, or a copy of it in the attacker's own house.
 */
export async function adapt(
  store: Store,
  begin: Policy,
  {
    rounds,
    others,
    ...options
  }: AdaptOptions & { readonly rounds: number; readonly others: number },
  progress: (round: number) => void = () => undefined,
): Promise<{ readonly rounds: readonly Round[]; readonly policy: Policy }> {
  const random = seeded(`${options.provider.seed}/policies`)
  const done: Round[] = []
  let policy = begin
  for (let round = 0; round < rounds; round++) {
    progress(round)
    const seed = `${options.provider.seed}/round-${round}`
    const slice = await play(store, around(policy, others, random), { ...options, seed })
    done.push(slice)
    policy = bestOf(slice.outcomes)
  }
  return { rounds: done, policy }
}

/** What policies come to side by side in one slice of the provider's log, which `seed` decides. */
export async function play(
  store: Store,
  policies: readonly Policy[],
  { provider, folder, seed, ...options }: AdaptOptions & { readonly seed: string },
): Promise<Round> {
  const { honest, days } = provider
  const named = policies.map((policy, at) => ({ policy, name: `pool-${at}` }))
  const config = wideWorld({
    seed,
    accounts: honest,
    days,
    campaigns: named.map(({ policy, name }) => campaignOf(policy, name, days)),
  })
  const log = join(folder, 'slice.jsonl')
  const truth = truthOf(config)
  const exchanges = await write(
    config,
    log,
    (account) => truth.accounts[account]?.label === 'attack',
  )
  const report: Report = await audit(store, [log], options)
  const scored = score(report, truth, exchanges)
  return {
    outcomes: named.map(({ policy, name }) => outcomeOf(policy, name, scored)),
    honestFlagged: scored.false_positives,
  }
}

type Asked = Pick<Exchange, 'account' | 'time'>

/** Writes the log and gives the exchanges of the accounts that are kept. */
async function write(
  config: WorldConfig,
  path: string,
  kept: (account: string) => boolean,
): Promise<readonly Asked[]> {
  const file = createWriteStream(path)
  const asked: Asked[] = []
  for (const exchange of simulate(config)) {
    if (kept(exchange.account)) asked.push({ account: exchange.account, time: exchange.time })
    if (!file.write(nativeLine(exchange))) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
  return asked
}
