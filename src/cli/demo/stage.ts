import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ruling, Standing } from '../../record/index.ts'
import type { Truth } from '../../sim/truth.ts'
import type { DemoGateway } from './gateway.ts'
import type { Served, Traffic } from './traffic.ts'

const tellEveryMs = 3000

/** Who is who, for the demonstration alone. */
export type Scene = {
  readonly honest: readonly string[]
  readonly campaigns: ReadonlyMap<string, readonly string[]>
}

export function sceneOf(truth: Truth): Scene {
  const honest: string[] = []
  const campaigns = new Map<string, string[]>()
  for (const [account, { label, campaign }] of Object.entries(truth.accounts))
    if (label === 'attack' && campaign !== null)
      campaigns.set(campaign, [...(campaigns.get(campaign) ?? []), account])
    else honest.push(account)
  return { honest, campaigns }
}

type Stood = Standing & { readonly account: string }

export type Stage = {
  readonly gateway: DemoGateway
  readonly traffic: Traffic
  readonly scene: Scene
  readonly now: () => Date
  readonly data: string
  readonly say: (line: string) => Promise<void>
}

/** Tells every few seconds how things stand, and is the reviewer whom a refusal needs, until `signal`. */
export async function tellAlong(stage: Stage, signal: AbortSignal): Promise<void> {
  const seen = new Map<string, Seen>()
  for (let shown = ''; !signal.aborted;) {
    await sleep(tellEveryMs, undefined, { signal }).catch(() => undefined)
    const { accounts } = JSON.parse(await stage.gateway.told('/standings')) as {
      readonly accounts: readonly Stood[]
    }
    const slowed = slowedIn(await stage.gateway.told('/metrics'))
    const flagged = new Set(
      accounts.filter(({ verdict }) => verdict === 'flagged').map(({ account }) => account),
    )
    const line = lineOf(stage, flagged, slowed)
    if (line !== shown) await stage.say(line)
    shown = line
    await review(stage, accounts, seen)
  }
}

/** How many requests were let wait; whose answers are withheld from, waits as well (docs/policy.md). */
function slowedIn(metrics: string): number {
  const line =
    /^stillwatch_policy_decisions_total\{action="(?:slow|withhold)",enforced="true"\} (\d+)$/gm
  return [...metrics.matchAll(line)].reduce((sum, [, count]) => sum + Number(count), 0)
}

export const heading = row([
  'time there',
  'honest answered',
  'refused',
  'campaigns answered',
  'slowed',
  'refused',
  'found so far',
])

function lineOf(
  { scene, traffic, now }: Stage,
  flagged: ReadonlySet<string>,
  slowed: number,
): string {
  const { honest, campaigns } = summed(scene, traffic)
  const found = [...scene.campaigns]
    .map(
      ([name, members]) =>
        [name, members.filter((each) => flagged.has(each)).length, members.length] as const,
    )
    .filter(([, count]) => count > 0)
    .map(([name, count, of]) => `${name} ${count} of ${of}`)
  const wrong = scene.honest.filter((each) => flagged.has(each)).length
  if (wrong > 0) found.push(`${wrong} honest`)
  return row([
    now().toISOString().slice(5, 16).replace('T', ' '),
    String(honest.answered),
    String(honest.refused),
    String(campaigns.answered),
    String(slowed),
    String(campaigns.refused),
    found.join(', '),
  ])
}

function row(cells: readonly string[]): string {
  const [time = '', ...rest] = cells
  const last = rest.pop() ?? ''
  const widths = [15, 7, 18, 6, 7]
  const columns = rest.map((cell, at) => cell.padStart(widths[at] ?? 0))
  return [time.padEnd(11), ...columns, ` ${last}`].join(' ')
}

export type Sums = Readonly<Record<'honest' | 'campaigns', Served>>

export function summed({ honest, campaigns }: Scene, { served }: Traffic): Sums {
  const sum = (accounts: readonly string[]): Served =>
    accounts.map(served).reduce(
      (all, each) => ({
        answered: all.answered + each.answered,
        refused: all.refused + each.refused,
        failed: all.failed + each.failed,
      }),
      { answered: 0, refused: 0, failed: 0 },
    )
  return { honest: sum(honest), campaigns: sum([...campaigns.values()].flat()) }
}

/** A flagged account, since when, and whether it was reviewed. */
type Seen = { readonly at: number; readonly upheld: boolean }

/** How long a reviewer has, in the world's time, before the demonstration's own decides. */
const reviewMs = 8 * 3_600_000
const upheldForMs = 7 * 86_400_000

/**
 * Stands in for the person who must agree before anybody who pays is refused: agrees to each case some hours after it
 * was opened, to honest accounts among them as well, for it knows no more than the gateway.
 */
async function review(
  { now, data, say }: Stage,
  accounts: readonly Stood[],
  seen: Map<string, Seen>,
): Promise<void> {
  const time = now().getTime()
  const due = accounts.filter(({ account, verdict }) => {
    if (verdict !== 'flagged') return false
    const known = seen.get(account)
    if (known === undefined) seen.set(account, { at: time, upheld: false })
    return known !== undefined && !known.upheld && time - known.at > reviewMs
  })
  for (const name of new Set(due.flatMap((each) => each.case ?? []))) {
    const members = due.filter((each) => each.case === name)
    for (const { account } of members) seen.set(account, { at: time, upheld: true })
    const ruling: Ruling = {
      case: name,
      accounts: members.map(({ account }) => account),
      decision: 'uphold',
      reviewer: 'the demonstration, in place of a person',
      why: 'So that the gateway may refuse.',
      at: now().toISOString(),
      until: new Date(time + upheldForMs).toISOString(),
    }
    appendFileSync(join(data, 'decisions.jsonl'), `${JSON.stringify(ruling)}\n`, { mode: 0o600 })
    await say(
      `${''.padEnd(12)}a reviewer upholds case ${name} (${counted(members.length, 'account')})`,
    )
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
