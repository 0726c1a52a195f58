import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import type { CaseRecord, Ruling } from '../../src/record/index.ts'
import { stillwatch } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { flagged, policing } from '../support/policing.ts'
import { until } from '../support/serving.ts'
import { upstream } from '../support/upstream.ts'

describe('policy decide', () => {
  const said = ['--reviewer', 'Dana Ruiz', '--why', 'read thirty of its requests']

  test('a gateway obeys what a reviewer wrote down, for the accounts there were', async () => {
    const rules = [{ when: { verdict: 'flagged' }, action: 'refuse', expires_hours: 24 }]
    const slow = { delay_ms_first: 1, delay_ms_max: 1 }
    const here = await policing((await upstream()).url, { enforce: true, rules, slow })
    const ask = (account: string): Promise<unknown> =>
      new OpenAI({
        baseURL: `${here.url}/v1`,
        apiKey: 'sk-test',
        maxRetries: 0,
        defaultHeaders: { 'x-stillwatch-account': account },
      }).chat.completions.create({ model: 'm', messages: [] })
    for (const account of ['rook', 'teal']) {
      here.stands(account, flagged)
      await ask(account)
    }
    await until(
      async () => ((await casesIn(here.directory)).length === 2 ? true : undefined),
      () => 'the cases were not written',
    )
    const words = ['policy', 'decide', '--case', 'C3', '--decision', 'uphold', ...said]
    const done = await stillwatch([...words, '--data', here.directory])
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.stdout).toMatch(/^Dana Ruiz: uphold for 2 accounts of C3, until 20/)
    await until(
      () => here.log.find(({ message }) => message.startsWith('New decisions')),
      () => 'the decision was not read',
    )
    for (const account of ['rook', 'teal'])
      await expect(ask(account)).rejects.toMatchObject({ status: 403 })
    here.stands('crow', flagged)
    await ask('crow')
  })

  test('names who decided, when, and until when, in a file of its owner’s', async () => {
    const data = folder()
    const words = ['policy', 'decide', '--case', 'C3', '--decision', 'overturn', ...said]
    const done = await stillwatch([...words, '--days', '7', '--account', 'rook', '--data', data])
    expect(done.code).toBe(0)
    const path = join(data, 'decisions.jsonl')
    const ruling = JSON.parse(readFileSync(path, 'utf8')) as Ruling
    expect(ruling).toMatchObject({
      accounts: ['rook'],
      decision: 'overturn',
      reviewer: 'Dana Ruiz',
    })
    expect(Date.parse(ruling.until) - Date.parse(ruling.at)).toBe(7 * 86_400_000)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('decides nothing without a name, and no case that there is not', async () => {
    const data = folder()
    const decide = (words: readonly string[]): ReturnType<typeof stillwatch> =>
      stillwatch(['policy', 'decide', '--decision', 'uphold', '--data', data, ...words])
    const nameless = await decide(['--case', 'C3', '--why', 'w', '--account', 'rook'])
    expect(nameless).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--reviewer is needed'),
    })
    const unknown = await decide(['--case', 'C9', ...said])
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('has no case C9') })
  })
})

async function casesIn(directory: string): Promise<readonly CaseRecord[]> {
  const text = readFileSync(join(directory, 'cases.jsonl'), { encoding: 'utf8', flag: 'a+' })
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as CaseRecord]))
}

describe('policy simulate', () => {
  const settings =
    'upstreams: [{url: "https://api.example.com", dialect: openai}]\non_engine_loss: allow\n'
  const reason = (family: string): object => ({ detector: 'd', family, text: 't', weight: 2 })
  const account = (name: string, exchanges: number, score: number, day: string | null): object => ({
    account: name,
    verdict: day === null ? 'clear' : 'flagged',
    score,
    detected_at: day === null ? null : `2026-03-${day}T00:00:00Z`,
    campaign: day === null ? null : 'C1',
    exchanges,
    reasons: ['content', 'elicitation', 'timing', 'infrastructure'].map(reason),
  })
  const report = JSON.stringify({
    log: { first: '2026-03-01T00:00:00Z', last: '2026-03-31T00:00:00Z' },
    campaigns: [{ id: 'C1', kind: 'relay-pool' }],
    accounts: [
      account('heron', 40, 0.2, null),
      account('rook', 700, 6.5, '28'),
      account('teal', 900, 3.4, '02'),
      account('crow', 20_000, 5.1, '29'),
    ],
  })
  const files = {
    'report.json': report,
    'stillwatch.yaml': settings,
    'tiers.csv': 'account,tier\ncrow,contract\n',
  }
  const simulate = (more: readonly string[], cwd: string): ReturnType<typeof stillwatch> =>
    stillwatch(['policy', 'simulate', 'report.json', '--config', 'stillwatch.yaml', ...more], {
      cwd,
    })

  test('tells whom the policy would have hit, by tier and size', async () => {
    const { code, stdout, stderr } = await simulate(['--tiers', 'tiers.csv'], folder(files))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.replace(/version \w+/, 'version V')).toMatchInlineSnapshot(`
      "Simulated: the policy of version V, enforced over 2026-03-01 to 2026-03-31. Nothing was done.

      tier      exchanges   accounts  slow  withhold  challenge  refuse  if upheld
      paid      0 to 99            1     0         0          0       0          0
      paid      100 to 999         2     1         1          0       0          1
      contract  from 10000         1     0         1          0       0          1
      all       from 0             4     1         2          0       0          2

      "if upheld" is how many would be refused if a reviewer upheld every case. Rules about some routes, models
      or countries count as if they were about all, so these are at most.
      "
    `)
  })

  test('of the last days only those found in them, as JSON too', async () => {
    const { stdout } = await simulate(['--days', '7', '--json', '-'], folder(files))
    const { classes } = JSON.parse(stdout) as { classes: { tier: string; hit: object }[] }
    expect(classes.at(-1)).toMatchObject({ tier: 'all', hit: { observe: 2, withhold: 2, slow: 0 } })
  })

  test('says what is wrong with what it was given', async () => {
    const cwd = folder({ ...files, 'tiers.csv': 'account,tier\ncrow,gold\n', 'report.json': '{}' })
    expect((await simulate([], cwd)).stderr).toContain('report.json is no report of an audit')
    const other = folder({ ...files, 'tiers.csv': 'account,tier\ncrow,gold\n' })
    const tiers = await simulate(['--tiers', 'tiers.csv'], other)
    expect(tiers).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('line 2 names no tier'),
    })
  })
})
