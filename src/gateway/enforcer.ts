import { createHmac, hkdfSync } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CaseRecord } from '../record/index.ts'
import { type Cases, openCases } from './cases.ts'
import { type Passes, passes, type Puzzles, puzzles } from './challenge.ts'
import { stampOf, watchConfig } from './config-file.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { PolicyConfig } from './policy-config.ts'
import { noRulings, readRulings, type Rulings } from './rulings.ts'
import { type Slowness, slowness } from './slow.ts'
import { type Webhook, webhook } from './webhook.ts'

/** What enforcement keeps between requests, and between two settings. */
export type Enforcer = {
  /** What cases call an account. */
  readonly nameOf: (account: string) => string
  readonly cases: Cases
  readonly rulings: () => Rulings
  readonly killed: () => boolean
  /** Lasts until it is released, over restarts too where there is a data directory. */
  readonly kill: (on: boolean) => void
  readonly slow: Slowness
  readonly passes: Passes
  readonly puzzles: Puzzles
  /** Apart, so that a dead end of one does not hold the other up. */
  readonly alerts: Webhook
  readonly verifications: Webhook
  /** Whether a case is the first of its campaign and action. */
  readonly isNews: (opened: CaseRecord) => boolean
  readonly log: Log
  readonly close: () => Promise<void>
}

const files = { cases: 'cases.jsonl', rulings: 'decisions.jsonl', killed: 'policy-killed' }

/** The files in a data directory by which `serve` and `policy decide` understand each other. */
export function policyFiles(directory: string): typeof files {
  return {
    cases: join(directory, files.cases),
    rulings: join(directory, files.rulings),
    killed: join(directory, files.killed),
  }
}

const nameHexChars = 24
const newsMax = 100_000
const closeMs = 2000

/** Throws `ruling-file` where the decisions there are cannot be used. */
export function openEnforcer(made: {
  readonly directory: string | null
  readonly secret: Uint8Array
  readonly policy: () => PolicyConfig
  readonly metrics: Metrics
  readonly log: Log
}): Enforcer {
  const { directory, secret, metrics, log } = made
  const paths = directory === null ? null : policyFiles(directory)
  const cases = openCases(paths?.cases ?? null, () =>
    log('error', 'Cases cannot be written down; they wait in memory.'),
  )
  const decisions = follow(paths?.rulings ?? null, log)
  const alerts = webhook({ onDelivery: metrics.delivered })
  const verifications = webhook({ onDelivery: metrics.delivered })
  const told = new Set(cases.list(newsMax).map(newsKey))
  let killed = paths !== null && existsSync(paths.killed)
  if (killed) log('warn', 'Nothing is enforced: the kill switch was set, and not released since.')
  return {
    nameOf: namer(secret),
    cases,
    rulings: decisions.rulings,
    killed: () => killed,
    kill: (on) => {
      killed = on
      if (paths !== null && !keepKilled(paths.killed, on))
        log('error', 'The kill switch holds only until a restart: it cannot be written down.')
    },
    slow: slowness(),
    passes: passes(),
    puzzles: puzzles(() => made.policy().challenge.work_iterations),
    alerts,
    verifications,
    isNews: (opened) => {
      const key = newsKey(opened)
      if (told.has(key)) return false
      if (told.size >= newsMax) told.clear()
      told.add(key)
      return true
    },
    log,
    close: async () => {
      decisions.stop()
      await Promise.all([cases.close(), alerts.close(closeMs), verifications.close(closeMs)])
    },
  }
}

/** False where the disk does not take it; the switch itself must work all the same. */
function keepKilled(path: string, on: boolean): boolean {
  try {
    if (on) writeFileSync(path, '', { mode: 0o600 })
    else rmSync(path, { force: true })
    return true
  } catch {
    return false
  }
}

/** The hash of a key is a pseudonym already; the name a proxy gave an account may be a person's. */
function namer(secret: Uint8Array): Enforcer['nameOf'] {
  const label = 'stillwatch gateway case v1'
  const key = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), label, 32))
  return (account) =>
    account === 'anonymous' || /^key_[0-9a-f]{24}$/.test(account)
      ? account
      : `acct_${createHmac('sha256', key).update(account).digest('hex').slice(0, nameHexChars)}`
}

function newsKey({ campaign, account, action, enforced }: CaseRecord): string {
  return `${campaign ?? account} ${action} ${enforced}`
}

/** Reads the decisions, and again when they change. What is wrong with them is told, and changes nothing. */
function follow(
  path: string | null,
  log: Log,
): { readonly rulings: () => Rulings; readonly stop: () => void } {
  if (path === null) return { rulings: () => noRulings, stop: () => undefined }
  const stamp = stampOf(path)
  let rulings = readRulings(path) ?? noRulings
  const again = (): void => {
    try {
      const next = readRulings(path)
      if (next === null) return log('error', 'The file of decisions is gone; the old ones stay.')
      rulings = next
      log('info', 'New decisions of reviewers are in force.', { decisions: next.count })
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      log('error', `New decisions were not taken, the old ones stay: ${message}`)
    }
  }
  return { rulings: () => rulings, stop: watchConfig(path, stamp, again) }
}
