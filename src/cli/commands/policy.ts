import { tiers } from '../../access/tier.ts'
import { command } from '../command.ts'
import { several, value, valueOr } from '../option.ts'
import { oneOf, text, whole } from '../quantities.ts'

const daysMax = 366

export const policyDecideOptions = {
  case: value('--case <id>', 'a case (S-…) or a campaign (C3) of cases.jsonl in --data', text),
  reviewer: value('--reviewer <name>', 'who decides', text),
  decision: value(
    '--decision <word>',
    'uphold: what needs a reviewer may be done; overturn: nothing is done',
    oneOf(['uphold', 'overturn'] as const),
  ),
  why: value('--why <text>', 'what was found', text),
  days: valueOr('--days <n>', '30', 'for how long', whole(1, daysMax)),
  account: several(
    '--account <name...>',
    'of the campaign only these, as cases or the log name them; all unless given',
    text,
  ),
  data: valueOr('--data <dir>', '.stillwatch', 'the directory that serve was given', text),
}

export const policyDecideCommand = command({
  name: 'policy decide',
  takes: [],
  about:
    'Write down what a reviewer decided about a case; a running gateway obeys within a second.',
  options: policyDecideOptions,
  notes: () => [
    {
      heading: 'Examples:',
      lines: [
        'stillwatch policy decide --case C3 --reviewer "Dana Ruiz" --decision uphold --why "sold as a data set"',
        'stillwatch policy decide --case S-5f0c… --reviewer "Dana Ruiz" --decision overturn --why "a course" --days 90',
      ],
    },
  ],
  run: async (_, given) => (await import('../actions/policy.ts')).policyDecideAction(given),
})

export const policySimulateOptions = {
  config: value('--config <file>', 'stillwatch.yaml with the policy to try', text),
  days: value(
    '--days <n>',
    'count only who was first watched or flagged in the last days of the log; all unless given',
    whole(1, 3650),
  ),
  tier: valueOr('--tier <name>', 'paid', 'the tier of accounts that no file names', oneOf(tiers)),
  tiers: value('--tiers <file>', 'a CSV file with the header account,tier', text),
  json: value('--json <file>', 'the same as JSON; "-" for standard output', text),
}

export const policySimulateCommand = command({
  name: 'policy simulate',
  takes: [{ name: '<report>', about: 'a --json report of audit, or the --data directory of one' }],
  about:
    'Say whom a policy would have hit, by class of customer, before it is enforced. Does nothing.',
  options: policySimulateOptions,
  notes: () => [
    {
      heading: 'Examples:',
      lines: [
        'stillwatch policy simulate report.json --config stillwatch.yaml',
        'stillwatch policy simulate .stillwatch --config stillwatch.yaml --days 30 --tiers tiers.csv',
      ],
    },
  ],
  run: async ([report = ''], given) =>
    (await import('../actions/policy.ts')).policySimulateAction(report, given),
})
