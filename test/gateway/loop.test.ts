import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Exchange, Report, Standing } from '../../src/record/index.ts'
import { campaign } from '../../src/sim/campaigns/styles.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { world } from '../../src/sim/worlds.ts'
import { start, stillwatch } from '../support/cli.ts'
import { ask, send } from '../support/raw.ts'
import { adminToken, type Serving, serving, until } from '../support/serving.ts'
import { json, type MockUpstream, upstream } from '../support/upstream.ts'

// The gateway hands what passes to a process that detects, and hears from it who stands how.

const detection = { enabled: true, step_seconds: 1, close_delay_seconds: 0.5 }
const trusted = { trusted_proxies: ['127.0.0.1'] }
const both = (url: string) => [{ url, dialect: 'both' }]
/** Opening the engine takes seconds where everything runs at once. */
const longMs = 120_000

describe('detection while traffic flows', () => {
  test(
    'says of everybody what an audit of the same traffic says afterwards',
    async () => {
      const log = [
        ...simulate(
          world({
            seed: 'loop',
            accounts: 60,
            days: 2,
            campaigns: [campaign('farm', 'key-farm', 0, 2, { accounts: 12 })],
          }),
        ),
      ].slice(0, 1500)
      const api = await answering(log)
      // Nothing may come late, or live counts it in another step than the audit does: records are on their way for a
      // second or two, and for longer on a machine that is busy.
      const patient = { ...detection, close_delay_seconds: 15 }
      const gateway = await serving({ upstreams: both(api.url), detection: patient, ...trusted })
      await replay(log, gateway)
      await judged(gateway, log.length)
      const live = await standings(gateway)
      expect(await gateway.metric('stillwatch_engine_late')).toBe(0)
      expect((await gateway.stop()).code).toBe(0)
      const words = ['exchanges.jsonl', '--step', '1s', '--json', 'report.json', '--quiet']
      await stillwatch(['audit', ...words, '--data', 'audited'], { cwd: gateway.folder })
      const report = JSON.parse(readFileSync(join(gateway.folder, 'report.json'), 'utf8')) as Report
      const afterwards = report.accounts
        .filter(({ verdict }) => verdict !== 'clear')
        .map(({ account, verdict }) => [account, verdict] as const)
      expect(new Map(live.map(({ account, verdict }) => [account, verdict]))).toEqual(
        new Map(afterwards),
      )
      expect(live.length).toBeGreaterThan(0)
    },
    longMs,
  )

  test(
    'goes on after the process that detects is killed, and loses nothing',
    async () => {
      const api = await upstream()
      const gateway = await serving({ upstreams: both(api.url), detection })
      for (let at = 0; at < 20; at++) await ask(gateway.url)
      await judged(gateway, 20)
      process.kill(await enginePid(gateway), 'SIGKILL')
      await gateway.logged('has ended; it is started again')
      for (let at = 0; at < 20; at++) expect(await ask(gateway.url)).toMatchObject({ status: 200 })
      await judged(gateway, 40)
      expect(await gateway.metric('stillwatch_engine_restarts')).toBe(1)
      expect(await gateway.metric('stillwatch_records_lost_total')).toBe(0)
      expect((await gateway.stop()).code).toBe(0)
      expect(await stored(gateway)).toBe(40)
    },
    longMs,
  )

  test(
    'after the gateway is killed, the next one has what was handed on and counts what was not',
    async () => {
      const api = await upstream((received, response) => {
        if (received.headers['x-hang'] === undefined) json(response, { model: 'm' })
      })
      const settings = { upstreams: both(api.url), detection }
      const gateway = await serving(settings)
      for (let at = 0; at < 30; at++) await ask(gateway.url)
      send(`${gateway.url}/v1/messages`, { headers: ['x-hang', '1'], body: '{}' }).catch(
        () => undefined,
      )
      await until(
        () => (api.open() === 1 ? true : undefined),
        () => 'the last request did not arrive',
      )
      await until(
        () => (unwritten(gateway) === 1 ? true : undefined),
        () => 'the request in progress was not noted',
      )
      gateway.running.signal('SIGKILL')
      await gateway.running.ended
      const next = await serving(settings, gateway.folder)
      expect(await next.metric('stillwatch_records_lost_total{reason="crash"}')).toBe(1)
      expect((await next.stop()).code).toBe(0)
      expect(await stored(next)).toBe(30)
    },
    longMs,
  )

  test(
    'that is gone has requests refused where the operator wants that',
    async () => {
      const api = await upstream()
      const gateway = await serving({
        upstreams: both(api.url),
        detection: { ...detection, behind_seconds_max: 5 },
        on_engine_loss: 'refuse',
      })
      await until(
        async () => ((await ask(gateway.url)).status === 200 ? true : undefined),
        () => 'it never came up',
      )
      const pid = await enginePid(gateway)
      process.kill(pid, 'SIGSTOP')
      const refused = await until(
        async () => {
          const answer = await ask(gateway.url)
          return answer.status === 503 ? answer : undefined
        },
        () => 'requests still pass',
      )
      expect(refused.body.toString()).toContain('records_unavailable')
      process.kill(pid, 'SIGCONT')
      await until(
        async () => ((await ask(gateway.url)).status === 200 ? true : undefined),
        () => 'requests are still refused',
      )
    },
    longMs,
  )

  test(
    'of a data directory that is in use is told, and requests pass',
    async () => {
      const api = await upstream()
      const first = await serving({ upstreams: both(api.url), detection })
      await first.logged('Detection has caught up')
      const words = ['--upstream', api.url, '--port', '0', '--admin-port', '0']
      const second = start(['serve', ...words], { cwd: first.folder })
      await until(
        () => (second.stderr().includes('data-directory-locked') ? true : undefined),
        () => second.stderr(),
      )
      second.signal('SIGTERM')
      expect((await second.ended).code).toBe(0)
      expect(await ask(first.url)).toMatchObject({ status: 200 })
    },
    longMs,
  )
})

/** An API that says what the log has it say. */
async function answering(log: readonly Exchange[]): Promise<MockUpstream> {
  const said = new Map(log.map((each) => [each.id, each]))
  return await upstream(({ headers }, response) => {
    const { output = '', usage, finish_reason } = said.get(String(headers['x-exchange'])) ?? {}
    json(response, {
      choices: [{ index: 0, finish_reason, message: { role: 'assistant', content: output } }],
      usage,
    })
  })
}

const sendersMax = 16

async function replay(log: readonly Exchange[], { url }: Serving): Promise<void> {
  const left = log.values()
  const sender = async (): Promise<void> => {
    for (const { id, account, ip, user_agent: agent = '', request } of left)
      await send(`${url}/v1/chat/completions`, {
        headers: [
          'x-stillwatch-account',
          account,
          'x-exchange',
          id,
          'user-agent',
          agent,
          ...(ip === undefined ? [] : ['x-forwarded-for', ip]),
        ],
        body: JSON.stringify({ ...request, stream: false }),
      })
  }
  await Promise.all(Array.from({ length: sendersMax }, sender))
}

function judged(gateway: Serving, exchanges: number): Promise<boolean> {
  return until(
    async () =>
      (await gateway.metric('stillwatch_engine_exchanges')) >= exchanges ? true : undefined,
    () => `fewer than ${exchanges} exchanges were judged: ${gateway.running.stderr()}`,
    longMs / 2,
  )
}

async function standings({
  admin,
}: Serving): Promise<readonly (Standing & { readonly account: string })[]> {
  const answer = await fetch(`${admin}/standings`, {
    headers: { authorization: `Bearer ${adminToken}` },
  })
  const { accounts } = (await answer.json()) as {
    accounts: readonly (Standing & { readonly account: string })[]
  }
  return accounts
}

async function enginePid(gateway: Serving): Promise<number> {
  const { pid } = await gateway.logged('Detection starts in a process of its own')
  return pid ?? 0
}

/** How many exchanges the note in the spool says would be lost; none before there is one. */
function unwritten({ folder }: Serving): number {
  const note = join(folder, '.stillwatch', 'spool', 'run.json')
  if (!existsSync(note)) return 0
  const { unwritten: count } = JSON.parse(readFileSync(note, 'utf8')) as { unwritten: number }
  return count
}

/** How many exchanges the store of a gateway that has ended holds; nothing may be left in its spool. */
async function stored({ folder }: Serving): Promise<number> {
  expect(readdirSync(join(folder, '.stillwatch', 'spool'))).toEqual([])
  const { openStore } = await import('../../src/engine/store.ts')
  const store = await openStore({ data: join(folder, '.stillwatch') })
  try {
    const [row] = await store.engine.rows<{ n: number }>('SELECT count() AS n FROM exchange')
    return row?.n ?? 0
  } finally {
    await store.close()
  }
}
