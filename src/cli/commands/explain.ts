import { command } from '../command.ts'
import { several, value } from '../option.ts'
import { text } from '../quantities.ts'
import { screenOptions, storeOptions } from './audit.ts'

export const explainOptions = {
  log: several('--log <source...>', 'the log that was audited, named as for audit', text),
  report: value('--report <file>', 'a --json report; the last audit of --data unless given', text),
  format: value('--format <name>', 'the format of every source; recognised unless given', text),
  identity: value('--identity <file>', 'the key,account,org file the audit was given', text),
  ...storeOptions,
  noColor: screenOptions.noColor,
}

export const explainCommand = command({
  name: 'explain',
  takes: [{ name: '<subject>', about: 'a campaign such as C1, or an account' }],
  about:
    'Show what speaks for a finding: exchanges of it, beside those of honest accounts like it. Reads the log again; stores nothing.',
  options: explainOptions,
  notes: () => [
    {
      heading: 'Examples:',
      lines: [
        'stillwatch explain C1 --log logs/',
        'stillwatch explain acct_173a --log logs/ --report report.json | less',
      ],
    },
  ],
  run: async ([subject = ''], given) =>
    (await import('../actions/explain.ts')).explainAction(subject, given),
})
