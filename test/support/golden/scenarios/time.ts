import { type Random, seeded } from '../../../../src/core/random.ts'
import type { Exchange } from '../../../../src/record/index.ts'
import {
  asLog,
  chatter,
  type Customer,
  customers,
  day,
  names,
  question,
  type Scenario,
  waking,
  write,
} from '../crowd.ts'

export function openedTogether(): Scenario {
  const random = seeded('cohort/opened-together')
  const crowd = customers(random, 'honest', 80)
  const ring = customers(random, 'ring', 7, (at) => ({ created: day(-40 + (at % 2)) }))
  return {
    detector: 'cohort',
    name: 'opened-together',
    story:
      'Seven accounts were opened on two days in a row; eighty customers on days spread over two years. The detector should name the days.',
    group: names(ring),
    log: asLog(chatter(random, crowd, 3), chatter(random, ring, 3)),
  }
}

export function launchWeek(): Scenario {
  const random = seeded('cohort/launch-week')
  const crowd = customers(random, 'honest', 40)
  const rush = customers(random, 'rush', 40, () => ({ created: day(-60 + random.integer(0, 6)) }))
  return {
    detector: 'cohort',
    name: 'launch-week',
    story:
      'Half of all customers came in the week a new model was launched. Seven of them are put to the detector as a group. The week explains it: at most a weak word is due.',
    group: names(rush.slice(0, 7)),
    log: asLog(chatter(random, crowd, 3), chatter(random, rush, 3)),
  }
}

export function evenLoad(): Scenario {
  const random = seeded('synchrony/even-load')
  const crowd = customers(random, 'honest', 60)
  const ring = customers(random, 'ring', 6)
  const asks = ring.flatMap((who) => paced(random, who, 40, 0))
  return {
    detector: 'synchrony',
    name: 'even-load',
    story:
      'A dispatcher sends forty requests through each of six accounts over three days. The detector should say that they keep one pace.',
    group: names(ring),
    log: asLog(
      chatter(random, crowd, 3, () => ({ count: random.integer(2, 6) })),
      asks,
    ),
  }
}

export function lateStart(): Scenario {
  const random = seeded('cohort/late-start')
  const crowd = customers(random, 'honest', 60)
  const ring = customers(random, 'ring', 6)
  const asks = ring.flatMap((who, at) =>
    Array.from({ length: 2 + 3 * at }, () =>
      write(random, who, {
        minute: 4 * 1440 + random.integer(60 * at, 60 * at + 2000),
        text: question(random),
      }),
    ),
  )
  const early = crowd.map((who) =>
    write(random, who, { minute: random.integer(420, 1320), text: question(random) }),
  )
  return {
    detector: 'cohort',
    name: 'late-start',
    story:
      'Six accounts with very different paces are first seen within hours of each other on the fifth day; sixty customers have been there since the first. The detector should name the common start.',
    group: names(ring),
    log: asLog(early, chatter(random, crowd, 6), asks),
  }
}

export function filledPlaces(): Scenario {
  const random = seeded('succession/filled-places')
  const crowd = customers(random, 'honest', 60)
  const ring = customers(random, 'ring', 12)
  // Six places, each given up on another day and filled again some hours later.
  const asks = ring.flatMap((who, at) => {
    const given = (4 + (at % 6) / 3) * 1440
    return at < 6
      ? spell(random, who, given - 4 * 1440, given)
      : spell(random, who, given + 300, 10 * 1440)
  })
  return {
    detector: 'succession',
    name: 'filled-places',
    story:
      'Six accounts in daily use fall silent for good, each on a day of its own, and some hours later another begins in its place. Sixty customers come and go as people do. The detector should speak of the twelve.',
    group: names(ring),
    log: asLog(
      chatter(random, crowd, 10, () => ({ count: random.integer(4, 6) })),
      asks,
    ),
  }
}

export function courseEnds(): Scenario {
  const random = seeded('succession/course-ends')
  const crowd = customers(random, 'honest', 60)
  const pupils = customers(random, 'pupil', 12)
  // The second half begins while the first is still at it; both end with their course.
  const asks = pupils.flatMap((who, at) =>
    at < 6
      ? spell(random, who, at * 60, 4 * 1440)
      : spell(random, who, 2 * 1440 + at * 60, 6 * 1440),
  )
  return {
    detector: 'succession',
    name: 'course-ends',
    story:
      'Twelve pupils in two overlapping courses fall silent when their course is over, and nobody takes their place. The detector should say nothing.',
    group: names(pupils),
    log: asLog(
      chatter(random, crowd, 10, () => ({ count: random.integer(4, 6) })),
      asks,
    ),
  }
}

/** Daily use from one minute to another: a dozen questions, evenly spread. */
function spell(random: Random, who: Customer, from: number, to: number): readonly Exchange[] {
  const every = (to - from) / 12
  return Array.from({ length: 12 }, (_, at) =>
    write(random, who, {
      minute: Math.floor(from + (at + random.next()) * every),
      text: question(random),
    }),
  )
}

export function oneClass(): Scenario {
  const random = seeded('synchrony/one-class')
  const crowd = customers(random, 'honest', 60)
  const pupils = customers(random, 'pupil', 8)
  const asks = pupils.flatMap((who, at) => paced(random, who, 8 + 4 * at, 0))
  return {
    detector: 'synchrony',
    name: 'one-class',
    story:
      'Eight pupils of one class work through the same days, from 8 to 36 questions each: people differ. The detector should give nothing, or almost nothing.',
    group: names(pupils),
    log: asLog(
      chatter(random, crowd, 3, () => ({ count: random.integer(2, 6) })),
      asks,
    ),
  }
}

function paced(random: Random, who: Customer, count: number, from: number): readonly Exchange[] {
  return Array.from({ length: count }, (_, at) =>
    write(random, who, {
      minute: from + Math.floor((at * 3 * 1440) / count) + random.integer(0, 40),
      text: question(random),
    }),
  )
}

export function roundTheClock(): Scenario {
  const random = seeded('bulk/round-the-clock')
  const crowd = customers(random, 'honest', 60)
  const ring = customers(random, 'ring', 2)
  const asks = ring.flatMap((who) =>
    Array.from({ length: 120 }, (_, at) =>
      write(random, who, { minute: 24 * at, text: question(random), answerTokens: 700 }),
    ),
  )
  return {
    detector: 'bulk',
    name: 'round-the-clock',
    story:
      'Two accounts draw 120 long answers each, one every 24 minutes for two days and nights. Sixty customers ask by day. The detector should speak of each alone and of the two together.',
    group: names(ring),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function busyDesk(): Scenario {
  const random = seeded('bulk/busy-desk')
  const crowd = customers(random, 'honest', 60)
  const desk = customers(random, 'desk', 2)
  const asks = desk.flatMap((who) =>
    Array.from({ length: 120 }, () =>
      write(random, who, {
        minute: waking(random, 3),
        text: question(random),
        answerTokens: 700,
      }),
    ),
  )
  return {
    detector: 'bulk',
    name: 'busy-desk',
    story:
      'Two desks draw as many long answers as a harvester, but between seven in the morning and ten at night. The detector should say nothing.',
    group: names(desk),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function newOwner(): Scenario {
  const random = seeded('takeover/new-owner')
  const crowd = customers(random, 'honest', 60)
  const taken = customers(random, 'taken', 5, () => ({ agent: 'Firefox/128.0' }))
  const since = taken.flatMap((who, at) =>
    Array.from({ length: 18 }, () =>
      write(
        random,
        { ...who, agent: 'aiohttp/3.9', ip: `172.16.${at}.9` },
        {
          minute: waking(random, 2) + 4 * 1440,
          text: question(random),
        },
      ),
    ),
  )
  return {
    detector: 'takeover',
    name: 'new-owner',
    story:
      'Five customers use a browser from home for three days. From the fifth day on their accounts are used by a program, each from a network new to it. The detector should say so.',
    group: names(taken),
    log: asLog(
      chatter(random, crowd, 6),
      chatter(random, taken, 3, () => ({ count: 8 })),
      since,
    ),
  }
}

export function newOffice(): Scenario {
  const random = seeded('takeover/new-office')
  const crowd = customers(random, 'honest', 60)
  const moved = customers(random, 'moved', 5)
  const since = moved.flatMap((who) =>
    Array.from({ length: 18 }, () =>
      write(random, who, {
        minute: waking(random, 2) + 4 * 1440,
        text: question(random),
        ip: '172.16.0.9',
      }),
    ),
  )
  return {
    detector: 'takeover',
    name: 'new-office',
    story:
      'Five customers move into an office on the fifth day, with the clients they had. The detector should say nothing.',
    group: names(moved),
    log: asLog(
      chatter(random, crowd, 6),
      chatter(random, moved, 3, () => ({ count: 8 })),
      since,
    ),
  }
}
