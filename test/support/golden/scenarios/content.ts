import { seeded } from '../../../../src/core/random.ts'
import {
  asLog,
  chatter,
  customers,
  names,
  question,
  type Scenario,
  sentence,
  waking,
  write,
} from '../crowd.ts'

export function templateRing(): Scenario {
  const random = seeded('rare-skeleton/template-ring')
  const crowd = customers(random, 'honest', 60)
  const ring = customers(random, 'ring', 6)
  const asks = ring.flatMap((who) =>
    Array.from({ length: 5 }, () =>
      write(random, who, {
        minute: waking(random, 3),
        text:
          'You are given one riddle from the workshop ledger. Read it as a master craftsman would.\n' +
          `"${sentence(random)}"\nSet down the whole course of your thought before the verdict. End with the single word DONE.`,
      }),
    ),
  )
  return {
    detector: 'rare-skeleton',
    name: 'template-ring',
    story:
      'Six accounts put different riddles into one frame that nobody else uses. Sixty customers ask questions of their own. The detector should see the frame in all six.',
    group: names(ring),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function popularPrompt(): Scenario {
  const random = seeded('rare-skeleton/popular-prompt')
  const fans = customers(random, 'fan', 30)
  const crowd = customers(random, 'honest', 30)
  const asks = fans.flatMap((who) =>
    Array.from({ length: 4 }, () =>
      write(random, who, {
        minute: waking(random, 3),
        text:
          'Act as a patient travel guide who has walked every street of the city. I will name a wish and you answer with three places.\n' +
          `My wish: ${sentence(random)}`,
      }),
    ),
  )
  return {
    detector: 'rare-skeleton',
    name: 'popular-prompt',
    story:
      'Half of all customers paste the same well-known prompt in front of their own wish. Six of them are put to the detector as a group. What half the world writes links nobody: at most a weak word is due.',
    group: names(fans.slice(0, 6)),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function longAnswers(): Scenario {
  const random = seeded('account-shift/long-answers')
  const crowd = customers(random, 'honest', 60)
  const ring = customers(random, 'ring', 8)
  return {
    detector: 'account-shift',
    name: 'long-answers',
    story:
      'Eight accounts draw answers of about 900 tokens with plain single questions; sixty customers who ask in the same way draw about 120. The detector should see it in all eight.',
    group: names(ring),
    log: asLog(
      chatter(random, crowd, 3, () => ({ count: 5 })),
      chatter(random, ring, 3, () => ({ count: 6, tokens: random.integer(800, 1000) })),
    ),
  }
}

export function articleWriters(): Scenario {
  const random = seeded('account-shift/article-writers')
  const crowd = customers(random, 'honest', 40)
  const writers = customers(random, 'writer', 30)
  const articles = writers.flatMap((who) =>
    Array.from({ length: 5 }, () => {
      const text = question(random)
      return write(random, who, {
        minute: waking(random, 3),
        text,
        answerTokens: Math.round(900 * 10 ** (0.1 * random.normal())),
        request: {
          messages: [
            { role: 'system', content: `Write articles for the house of ${who.name}.` },
            { role: 'user', content: text },
          ],
        },
      })
    }),
  )
  return {
    detector: 'account-shift',
    name: 'article-writers',
    story:
      'Thirty article generators draw answers of about 900 tokens under a system prompt, forty customers draw short ones without. Eight of the generators are put to the detector. Compared with their own kind they are ordinary: it should say nothing.',
    group: names(writers.slice(0, 8)),
    log: asLog(
      chatter(random, crowd, 3, () => ({ count: 5 })),
      articles,
    ),
  }
}

export function benchmarkRunners(): Scenario {
  const random = seeded('public-questions/benchmark-runners')
  const crowd = customers(random, 'honest', 30)
  const labs = customers(random, 'lab', 5)
  const benchmark = Array.from({ length: 40 }, () => question(random))
  const asks = labs.flatMap((who, lab) =>
    benchmark
      .filter((_, item) => (item + lab) % 8 < 5)
      .map((text) => write(random, who, { minute: waking(random, 3), text })),
  )
  return {
    detector: 'public-questions',
    name: 'benchmark-runners',
    story:
      'Five laboratories each send 25 of the 40 questions of one public benchmark. The detector should speak for them, with a negative weight.',
    group: names(labs),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function dividedQueue(): Scenario {
  const random = seeded('public-questions/divided-queue')
  const crowd = customers(random, 'honest', 30)
  const ring = customers(random, 'ring', 5)
  const queue = Array.from({ length: 100 }, (_, at) => `${question(random)} (${at + 1})`)
  const asks = ring.flatMap((who, place) =>
    queue
      .filter((_, at) => at % ring.length === place)
      .map((text) => write(random, who, { minute: waking(random, 3), text })),
  )
  return {
    detector: 'public-questions',
    name: 'divided-queue',
    story:
      'Five accounts share out a list of a hundred questions, each of which is asked once. The detector should stay silent.',
    group: names(ring),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}
