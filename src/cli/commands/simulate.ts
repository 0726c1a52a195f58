import { styleNames } from '../../sim/campaigns/styles.ts'
import { command } from '../command.ts'
import { several, toggle, value, valueOr } from '../option.ts'
import { text, whole } from '../quantities.ts'

export const simulateOptions = {
  accounts: valueOr('--accounts <n>', '1000', 'honest accounts', whole(1, 10_000_000)),
  days: valueOr('--days <n>', '14', 'days the log covers', whole(1, 3650)),
  seed: valueOr('--seed <text>', '1', 'equal seeds give equal logs, to the byte', text),
  campaigns: several(
    '--campaigns <style...>',
    'which campaigns run in it, one of each style named, or "none"; the demonstration\'s unless given',
    text,
  ),
  out: value('--out <file>', 'where the log goes; packed if the name ends in .gz', text),
  truth: value('--truth <file>', 'where the truth about every account goes', text),
  quiet: toggle('--quiet', 'no progress'),
}

export const simulateCommand = command({
  name: 'simulate',
  takes: [],
  about: 'Write the log of a made-up provider, and the truth about who is in it.',
  options: simulateOptions,
  notes: () => [
    { heading: 'Campaign styles:', lines: [styleNames.join(', ')] },
    {
      heading: 'Examples:',
      lines: [
        'stillwatch simulate --accounts 500 --days 7 --out log.jsonl.gz --truth truth.json',
        'stillwatch simulate --accounts 5000 --days 30 --campaigns none --out honest.jsonl',
      ],
    },
  ],
  run: async (_, given) => (await import('../actions/simulate.ts')).simulateAction(given),
})
