import { type Random, seeded } from '../../../../src/core/random.ts'
import type { Exchange } from '../../../../src/record/index.ts'
import {
  asLog,
  chatter,
  type Customer,
  customers,
  names,
  question,
  type Scenario,
  sentence,
  waking,
  write,
} from '../crowd.ts'

const ways = [
  'Show your reasoning in full and only then the result.',
  'Think out loud from the first idea to the last.',
  'Write out every step of the working.',
  'Explain how you arrived at it, step by step.',
] as const

function reasoned(random: Random, who: Customer, days: number): Exchange {
  return write(random, who, {
    minute: waking(random, days),
    text: `${sentence(random)}. ${random.pick(ways)}`,
  })
}

export function reasoningHarvest(): Scenario {
  const random = seeded('elicitation/reasoning-harvest')
  const crowd = customers(random, 'honest', 60)
  const ring = customers(random, 'ring', 6)
  const lone = customers(random, 'lone', 1)
  const asks = [
    ...ring.flatMap((who) => Array.from({ length: 5 }, () => reasoned(random, who, 3))),
    ...lone.flatMap((who) => Array.from({ length: 60 }, () => reasoned(random, who, 3))),
  ]
  return {
    detector: 'elicitation',
    name: 'reasoning-harvest',
    story:
      'Six accounts ask in every request, in four different wordings, for the reasoning to be written out; one account by itself does so sixty times. Sixty customers never do. The detector should speak of the six as a group and of the one alone.',
    group: names(ring),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function pupils(): Scenario {
  const random = seeded('elicitation/pupils')
  const crowd = customers(random, 'honest', 50)
  const pupil = customers(random, 'pupil', 8)
  const asks = pupil.flatMap((who) => [
    ...Array.from({ length: 8 }, () =>
      write(random, who, { minute: waking(random, 3), text: question(random) }),
    ),
    reasoned(random, who, 3),
    reasoned(random, who, 3),
  ])
  return {
    detector: 'elicitation',
    name: 'pupils',
    story:
      'Eight pupils ask for the steps in two of ten questions, as people do. That is no habit: the detector should say nothing.',
    group: names(pupil),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

function scored(random: Random, who: Customer, minute: number, bias?: readonly number[]): Exchange {
  return write(random, who, {
    minute,
    text: `Token ${random.integer(0, 99_999)}:`,
    answerTokens: 1,
    request: {
      max_tokens: 1,
      logprobs: true,
      top_logprobs: 5,
      ...(bias === undefined
        ? {}
        : { logit_bias: Object.fromEntries(bias.map((token) => [String(token), 100])) }),
    },
  })
}

export function layerProbe(): Scenario {
  const random = seeded('likelihood/layer-probe')
  const crowd = customers(random, 'honest', 70)
  const ring = customers(random, 'probe', 2)
  const asks = ring.flatMap((who) =>
    Array.from({ length: 120 }, (_, at) =>
      scored(random, who, 30 * at, [random.integer(0, 99_999)]),
    ),
  )
  return {
    detector: 'likelihood',
    name: 'layer-probe',
    story:
      'Two accounts send 120 requests each for one token with its likelihoods, steering it with a bias on a different token every time. Seventy customers never ask for likelihoods. The detector should speak of each alone and of the two together.',
    group: names(ring),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function labeller(): Scenario {
  const random = seeded('likelihood/labeller')
  const crowd = customers(random, 'honest', 70)
  const staff = customers(random, 'label', 1)
  const asks = staff.flatMap((who) =>
    Array.from({ length: 160 }, (_, at) => scored(random, who, 30 * at, [9642, 2822])),
  )
  return {
    detector: 'likelihood',
    name: 'labeller',
    story:
      'A customer classifies texts: 160 requests for one token, yes or no, allowed by a bias that is the same every time. The detector should speak of it, and not of a scan.',
    group: names(staff),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function evaluator(): Scenario {
  const random = seeded('likelihood/evaluator')
  const crowd = customers(random, 'honest', 60)
  const testers = customers(random, 'tester', 2)
  const asks = testers.flatMap((who) =>
    Array.from({ length: 120 }, (_, at) =>
      at % 3 === 0
        ? scored(random, who, 30 * at)
        : write(random, who, { minute: 30 * at, text: question(random) }),
    ),
  )
  return {
    detector: 'likelihood',
    name: 'evaluator',
    story:
      'Two testers ask for likelihoods in a third of their 120 requests, to score multiple-choice answers. The detector should say nothing.',
    group: names(testers),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function sameRig(): Scenario {
  const random = seeded('shared-profile/same-rig')
  const crowd = customers(random, 'honest', 60)
  const ring = customers(random, 'ring', 5, () => ({ agent: 'rig-loader/0.4.1' }))
  return {
    detector: 'shared-profile',
    name: 'same-rig',
    story:
      'Five accounts use a client that nobody else has, with the same temperature and token limit. The detector should say so, and no more than its cap of 1 allows.',
    group: names(ring),
    log: asLog(chatter(random, crowd, 3), rigged(random, ring)),
  }
}

export function popularAgent(): Scenario {
  const random = seeded('shared-profile/popular-agent')
  const crowd = customers(random, 'honest', 30)
  const coders = customers(random, 'coder', 30, () => ({ agent: 'open-coder/2.3.0' }))
  return {
    detector: 'shared-profile',
    name: 'popular-agent',
    story:
      'Half of all customers use one popular coding agent with its standard parameters. Five of them are put to the detector. It should give almost nothing for it.',
    group: names(coders.slice(0, 5)),
    log: asLog(chatter(random, crowd, 3), rigged(random, coders)),
  }
}

function rigged(random: Random, who: readonly Customer[]): readonly Exchange[] {
  return who.flatMap((each) =>
    Array.from({ length: 4 }, () =>
      write(random, each, {
        minute: waking(random, 3),
        text: question(random),
        request: { temperature: 0.73, max_tokens: 1800 },
      }),
    ),
  )
}
