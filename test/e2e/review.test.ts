import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Exchange, Report } from '../../src/record/index.ts'
import { stillwatch } from '../support/cli.ts'
import { folder } from '../support/folder.ts'

// An operator's week: a finding, what it rests on, a reviewer who overturns it, and an audit that remembers.

test('a finding can be read, overturned, and stays overturned', async () => {
  const here = folder({})
  const run = (words: string) => stillwatch(words.split(' '), { cwd: here })
  const simulated = '--accounts 80 --days 3 --seed review --campaigns relay:sophistication=0'
  await run(`simulate ${simulated} --out log.jsonl --truth truth.json --quiet`)
  expect((await run('audit log.jsonl --json report.json --html r.html --quiet')).code).toBe(3)
  const report = JSON.parse(readFileSync(join(here, 'report.json'), 'utf8')) as Report
  const [found] = report.campaigns
  expect(found?.id).toBe('C1')

  const explained = await run('explain C1 --log log.jsonl --no-color')
  expect(explained.code).toBe(0)
  expect(explained.stdout).toContain('Would clear it: ')
  const [link] = found?.reasons[0]?.exchanges ?? []
  const line = readFileSync(join(here, 'log.jsonl'), 'utf8').split('\n')[(link?.line ?? 0) - 1]
  const { id } = JSON.parse(line ?? '{}') as Exchange
  expect(explained.stdout.replace(/\s+/g, ' ')).toContain(id)
  expect(readFileSync(join(here, 'r.html'), 'utf8')).toContain('Would clear it: ')

  const reviewed = report.campaigns.map((each) => ({
    case: each.id,
    accounts: each.accounts,
    verdict: 'overturned',
    by: 'Dana Ruiz',
    when: '2026-03-01',
    why: 'one firm, known to sales',
    detectors: [
      ...new Set(report.accounts.flatMap(({ reasons }) => reasons.map(({ detector }) => detector))),
    ],
  }))
  writeFileSync(
    join(here, 'reviews.jsonl'),
    reviewed.map((each) => `${JSON.stringify(each)}\n`).join(''),
  )
  const again = await run('audit log.jsonl --reviewed reviews.jsonl --no-color')
  expect(again.code).toBe(0)
  expect(again.stdout).toContain('WHAT PEOPLE SAID')
  expect(again.stdout).toContain('not flagged again on')

  writeFileSync(join(here, 'vouches.jsonl'), '{"accounts":["a"],"by":"Dana Ruiz"}\n')
  const wrong = await run('audit log.jsonl --vouch vouches.jsonl --quiet')
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toContain('vouches.jsonl, line 1')
})
