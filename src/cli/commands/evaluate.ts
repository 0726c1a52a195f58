import { command } from '../command.ts'
import { group, toggle, value, valueOr } from '../option.ts'
import { disguises } from '../../sim/disguise/disguises.ts'
import { baseRate, oneOf, step, text } from '../quantities.ts'
import { falseAccusations, screenOptions, storeOptions } from './audit.ts'

export const evaluateOptions = {
  ...group('Measuring:', {
    baseRate: valueOr(
      '--base-rate <share>',
      '0.1%',
      'share of accounts that is taken to extract, for how often a flag would be right',
      baseRate,
    ),
    ablation: toggle(
      '--ablation',
      'also switch each detector and each kind of evidence off in turn',
    ),
    falseAccusations,
    disguise: value(
      '--disguise <what>',
      'measure each world with its names, wording or both replaced by others',
      oneOf(disguises),
    ),
    step: valueOr('--step <time>', '1h', 'length of a step through the log, as for audit', step),
  }),
  ...group('Writing ("-" is standard output, for one of them):', {
    json: value('--json <file>', 'all figures', text),
    picture: value('--picture <file>', 'ROC curves as SVG, on a log axis from 0.01%', text),
  }),
  ...group('Machine:', { memory: storeOptions.memory, threads: storeOptions.threads }),
  ...screenOptions,
}

export const evaluateCommand = command({
  name: 'evaluate',
  takes: [
    {
      name: '[world...]',
      about: 'folders with a log and its truth.json; a simulated world unless given',
    },
  ],
  about:
    'Audit worlds whose truth is known, and say how well that went, beside seven other methods.',
  options: evaluateOptions,
  notes: () => [
    {
      heading: 'A world:',
      lines: [
        'A folder with exchanges*.jsonl (or another log, packed or not) and truth.json, such as',
        '`stillwatch simulate --out world/log.jsonl.gz --truth world/truth.json` writes.',
        'Nothing is kept: the store is a temporary one. docs/evaluation.md says what each figure means.',
      ],
    },
    {
      heading: 'Exit codes:',
      lines: ['0  measured, whatever the figures', '2  wrong usage', '1  the evaluation failed'],
    },
    {
      heading: 'Examples:',
      lines: [
        'stillwatch evaluate',
        'stillwatch evaluate worlds/small worlds/large --json figures.json --picture roc.svg',
        'stillwatch evaluate worlds/small --ablation --base-rate 0.01%',
        'stillwatch evaluate worlds/small --disguise both',
      ],
    },
  ],
  run: async (folders, given) =>
    (await import('../actions/evaluate.ts')).evaluateAction(folders, given),
})
