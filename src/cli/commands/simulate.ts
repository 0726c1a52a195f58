import { styleNames } from '../../sim/campaigns/styles.ts'
import { campaignsFrom, settingNames } from '../campaign-option.ts'
import { command } from '../command.ts'
import { several, toggle, value, valueOr } from '../option.ts'
import { text, whole } from '../quantities.ts'

export const simulateOptions = {
  accounts: valueOr('--accounts <n>', '1000', 'honest accounts', whole(1, 10_000_000)),
  days: valueOr('--days <n>', '14', 'days the log covers', whole(1, 3650)),
  seed: valueOr('--seed <text>', '1', 'equal seeds give equal logs, to the byte', text),
  campaigns: several(
    '--campaigns <style...>',
    'which campaigns run in it: styles, "all" or "none"; six usual ones unless given',
    campaignsFrom,
  ),
  fullOutputs: toggle('--full-outputs', 'keep answers in full, not their first 260 characters'),
  heldBack: toggle(
    '--held-back',
    'add what is held back from whoever tunes detectors; docs/simulation.md says when to use it',
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
      heading: 'A style may be followed by settings:',
      lines: [
        `style:name=value,name=value, where a name is one of ${settingNames.join(', ')}.`,
        'Dilution is the share of innocent cover traffic, sophistication how far its accounts take on the',
        'habits of honest customers; both from 0 to 1. docs/simulation.md says what each style is.',
      ],
    },
    {
      heading: 'Examples:',
      lines: [
        'stillwatch simulate --accounts 500 --days 7 --out log.jsonl.gz --truth truth.json',
        'stillwatch simulate --accounts 5000 --days 30 --campaigns none --out honest.jsonl',
        'stillwatch simulate --campaigns all --out all.jsonl.gz --truth truth.json',
        'stillwatch simulate --campaigns hydra:accounts=900,dilution=0.6 slow:sophistication=0.8 --out log.jsonl',
      ],
    },
  ],
  run: async (_, given) => (await import('../actions/simulate.ts')).simulateAction(given),
})
