import { command } from '../command.ts'
import { valueOr } from '../option.ts'
import { text } from '../quantities.ts'
import { screenOptions } from './audit.ts'

export const demoOptions = {
  seed: valueOr(
    '--seed <text>',
    '1',
    'which made-up provider; equal seeds give equal results',
    text,
  ),
  out: valueOr('--out <dir>', '.demo', 'where its log, the truth and the reports go', text),
  ...screenOptions,
}

export const demoAuditCommand = command({
  name: 'demo audit',
  takes: [],
  about: 'Audit the log of a made-up provider and hold the findings against the truth.',
  options: demoOptions,
  notes: () => [
    {
      heading: 'Exit codes:',
      lines: [
        '0  campaigns were found and no honest account was flagged',
        '1  nothing was found, or an honest account was flagged',
      ],
    },
    {
      heading: 'Examples:',
      lines: ['stillwatch demo audit', 'stillwatch demo audit --seed 7 --out my-demo'],
    },
  ],
  run: async (_, given) => (await import('../actions/demo.ts')).demoAction(given),
})

export const demoGatewayCommand = command({
  name: 'demo gateway',
  takes: [],
  about: 'Send four made-up days through a gateway that finds, slows and refuses two campaigns.',
  options: demoOptions,
  notes: () => [
    {
      heading: 'Exit codes:',
      lines: [
        '0  requests of campaigns were refused, and none of an honest customer',
        '1  nothing was refused, or an honest customer was',
      ],
    },
    { heading: 'Examples:', lines: ['stillwatch demo gateway'] },
  ],
  run: async (_, given) => (await import('../actions/demo-gateway.ts')).demoGatewayAction(given),
})
