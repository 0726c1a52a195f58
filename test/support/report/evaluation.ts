import type {
  AblationEvaluation,
  Evaluation,
  MethodEvaluation,
  Share,
  Totals,
  WorldEvaluation,
} from '../../../src/record/index.ts'
import { wilson } from '../../../src/core/statistics.ts'

const share = (count: number, of: number): Share => ({ count, of, ...wilson(count, of) })

const method = (
  id: string,
  title: string,
  wrong: number,
  right: number,
  oracle: boolean,
): MethodEvaluation => ({
  id,
  title,
  oracle,
  threshold: oracle ? 12.5 : null,
  false_positives: share(wrong, 2140),
  true_positives: share(right, 61),
  campaigns: right > 30 ? 1 : 0,
  precision: 0.02,
})

const totals: Totals = {
  false_positives: share(1, 2140),
  true_positives: share(57, 61),
  campaigns: 2,
  campaigns_found: 1,
  exchanges: 9300,
  exposed: 1900,
  precision: 0.264,
}

const methods = [
  method('stillwatch', 'Stillwatch', 1, 57, false),
  method('stillwatch-score', 'Stillwatch, by score', 2, 58, true),
  method('requests-per-day', 'Requests per day', 2, 1, true),
]

const withoutThreshold = ({
  threshold: _threshold,
  ...rest
}: MethodEvaluation): Omit<MethodEvaluation, 'threshold'> => rest

const ablation: readonly AblationEvaluation[] = [
  {
    kind: 'nothing',
    off: '',
    false_positives: share(1, 2140),
    true_positives: share(57, 61),
    campaigns_found: 1,
    exchanges: 9300,
    exposed: 1900,
  },
  {
    kind: 'family',
    off: 'infrastructure',
    false_positives: share(0, 2140),
    true_positives: share(31, 61),
    campaigns_found: 0,
    exchanges: 9300,
    exposed: 6000,
  },
]

const world: WorldEvaluation = {
  name: 'made-up',
  days: 14,
  exchanges: 79_442,
  accounts: 2210,
  classes: [
    { cls: 'chat', label: 'benign', flagged: share(0, 2100), watched: share(12, 2100) },
    { cls: 'evaluator', label: 'benign', flagged: share(1, 40), watched: share(6, 40) },
    { cls: 'reseller', label: 'grey', flagged: share(4, 9), watched: share(2, 9) },
  ],
  campaigns: [
    {
      name: 'relay-roundrobin',
      style: 'relay',
      flagged: share(57, 60),
      recall: 0.9,
      purity: 1,
      found: true,
      exchanges: 8000,
      exposed: 600,
      first_flag_seconds: 50_000,
      before_first_flag: 410,
    },
    {
      name: 'slow\u001b[2J',
      style: 'slow',
      flagged: share(0, 1),
      recall: 0,
      purity: 0,
      found: false,
      exchanges: 1300,
      exposed: 1300,
      first_flag_seconds: null,
      before_first_flag: 1300,
    },
  ],
  totals,
  methods,
  roc: [
    {
      id: 'stillwatch-score',
      title: 'Stillwatch, by score',
      points: [
        [0, 0],
        [0, 0.9],
        [0.002, 0.95],
        [1, 1],
      ],
    },
    {
      id: 'requests-per-day',
      title: 'Requests per day',
      points: [
        [0, 0],
        [0.01, 0.1],
        [1, 1],
      ],
    },
  ],
  ablation,
}

/** An evaluation as `stillwatch evaluate --ablation` gives it, small and made up. */
export function sampleEvaluation(names: readonly string[] = ['made-up']): Evaluation {
  return {
    stillwatch: '0.1.0',
    step_seconds: 3600,
    false_accusations: 1e-4,
    base_rate: 0.001,
    oracle_share: 0.001,
    worlds: names.map((name) => ({ ...world, name })),
    total: {
      classes: world.classes,
      styles: world.campaigns.map(({ style, flagged, exchanges, exposed, found }) => ({
        style,
        campaigns: 1,
        found: found ? 1 : 0,
        flagged,
        exchanges,
        exposed,
      })),
      totals,
      methods: methods.map(withoutThreshold),
      ablation,
    },
  }
}
