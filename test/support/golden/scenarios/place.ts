import { type Random, seeded } from '../../../../src/core/random.ts'
import type { Exchange, Message } from '../../../../src/record/index.ts'
import {
  asLog,
  type Asked,
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

export function oneExit(): Scenario {
  const random = seeded('shared-network/one-exit')
  const crowd = customers(random, 'honest', 60)
  const ring = customers(random, 'ring', 6, (at) => ({ ip: `10.9.9.${10 + at}` }))
  return {
    detector: 'shared-network',
    name: 'one-exit',
    story:
      'Six accounts come from six addresses of one network; sixty customers each have a network of their own. The detector should say that all six share it.',
    group: names(ring),
    log: asLog(
      chatter(random, crowd, 3),
      chatter(random, ring, 3, () => ({ count: 4 })),
    ),
  }
}

export function rotatingPool(): Scenario {
  const random = seeded('shared-network/rotating-pool')
  const crowd = customers(random, 'honest', 60)
  const ring = customers(random, 'ring', 6)
  const asks = ring.flatMap((who) =>
    Array.from({ length: 10 }, () =>
      write(random, who, {
        minute: waking(random, 3),
        text: question(random),
        ip: `10.${random.integer(128, 250)}.${random.integer(0, 255)}.${random.integer(2, 250)}`,
      }),
    ),
  )
  return {
    detector: 'shared-network',
    name: 'rotating-pool',
    story:
      'Six accounts send each of ten requests from another network, as a pool of rented addresses does. Sixty customers stay where they are. The detector should speak of the turnover, as no two of the six ever meet.',
    group: names(ring),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function commuters(): Scenario {
  const random = seeded('shared-network/commuters')
  const crowd = customers(random, 'honest', 60)
  const people = customers(random, 'commuter', 6)
  const asks = people.flatMap((who, at) =>
    Array.from({ length: 12 }, () =>
      write(random, who, {
        minute: waking(random, 3),
        text: question(random),
        ip: `10.50.${3 * at + random.integer(0, 2)}.7`,
      }),
    ),
  )
  return {
    detector: 'shared-network',
    name: 'commuters',
    story:
      'Six people ask from home, work and telephone: three networks each, none in common. The detector should say nothing.',
    group: names(people),
    log: asLog(chatter(random, crowd, 3), asks),
  }
}

export function oneFirm(): Scenario {
  const random = seeded('one-customer/one-firm')
  const crowd = customers(random, 'honest', 40)
  const seats = customers(random, 'seat', 8, () => ({ org: 'org-lantern' }))
  return {
    detector: 'one-customer',
    name: 'one-firm',
    story:
      'Eight accounts belong to one organisation that the provider knows. The detector should speak for them, with a negative weight.',
    group: names(seats),
    log: asLog(chatter(random, crowd, 3), chatter(random, seats, 3)),
  }
}

export function someFirm(): Scenario {
  const random = seeded('one-customer/some-firm')
  const crowd = customers(random, 'honest', 40)
  const mixed = customers(random, 'mixed', 8, (at) => (at < 4 ? { org: 'org-lantern' } : {}))
  return {
    detector: 'one-customer',
    name: 'some-firm',
    story:
      'Of eight accounts four belong to one organisation; nothing is known of the others. A firm that makes half of a group explains nothing: the detector should stay silent.',
    group: names(mixed),
    log: asLog(chatter(random, crowd, 3), chatter(random, mixed, 3)),
  }
}

export function classRoom(): Scenario {
  const random = seeded('one-place/class-room')
  const crowd = customers(random, 'honest', 40)
  const pupils = customers(random, 'pupil', 7, (at) => ({ ip: `10.77.1.${20 + at}` }))
  return {
    detector: 'one-place',
    name: 'class-room',
    story:
      'Seven pupils ask some questions a day from the network of their school. The detector should speak for them, with a negative weight.',
    group: names(pupils),
    sources: ['shared-network'],
    log: asLog(
      chatter(random, crowd, 3),
      chatter(random, pupils, 3, () => ({ count: 6 })),
    ),
  }
}

export function serverRoom(): Scenario {
  const random = seeded('one-place/server-room')
  const crowd = customers(random, 'honest', 40)
  const ring = customers(random, 'ring', 4, (at) => ({ ip: `10.88.1.${20 + at}` }))
  return {
    detector: 'one-place',
    name: 'server-room',
    story:
      'Four accounts send 35 requests a day each from one network: no human pace. The detector should not speak for them.',
    group: names(ring),
    sources: ['shared-network'],
    log: asLog(
      chatter(random, crowd, 3),
      chatter(random, ring, 3, () => ({ count: 105 })),
    ),
  }
}

type Turn = { readonly asked: string; readonly answered: string }

function history(turns: readonly Turn[], now: string): readonly Message[] {
  return [
    ...turns.flatMap((turn): readonly Message[] => [
      { role: 'user', content: turn.asked },
      { role: 'assistant', content: turn.answered },
    ]),
    { role: 'user', content: now },
  ]
}

/** One conversation whose turns are sent by `senders` in order. */
function conversation(
  random: Random,
  senders: readonly Customer[],
  minute: number,
): readonly Exchange[] {
  const turns: Turn[] = []
  return senders.map((who, at) => {
    const asked = question(random)
    const answered = `About that: ${sentence(random)}, then ${sentence(random)}; and last ${sentence(random)}.`
    const exchange = write(random, who, {
      minute: minute + 3 * at,
      text: asked,
      request: { messages: history(turns, asked) },
      change: { output: answered },
    })
    turns.push({ asked, answered })
    return exchange
  })
}

export function relay(): Scenario {
  const random = seeded('migration/relay')
  const crowd = customers(random, 'honest', 40)
  const pool = customers(random, 'pool', 4)
  const talks = Array.from({ length: 10 }, (_, at) => {
    const turn = (by: number): Customer => pool[(at + by) % pool.length] ?? crowd[0] ?? fail()
    return conversation(random, [turn(0), turn(1), turn(2), turn(3)], waking(random, 3))
  })
  const own = crowd
    .slice(0, 20)
    .map((who) => conversation(random, [who, who, who], waking(random, 3)))
  return {
    detector: 'migration',
    name: 'relay',
    story:
      'Ten conversations of four turns are sent round robin through four accounts: each presents as history what another was told. Twenty customers hold conversations of their own. The detector should speak of the four.',
    group: names(pool),
    log: asLog(chatter(random, crowd, 3), ...talks, ...own),
  }
}

export function twoAccounts(): Scenario {
  const random = seeded('migration/two-accounts')
  const crowd = customers(random, 'honest', 40)
  const home = customers(random, 'home', 2)
  const team = customers(random, 'team', 4, () => ({ org: 'org-lantern' }))
  const [one, two] = home
  if (one === undefined || two === undefined) return fail()
  const moved = conversation(random, [one, one, two], waking(random, 3))
  const shared = Array.from({ length: 6 }, (_, at) => {
    const turn = (by: number): Customer => team[(at + by) % team.length] ?? fail()
    return conversation(random, [turn(0), turn(1), turn(2)], waking(random, 3))
  })
  return {
    detector: 'migration',
    name: 'two-accounts',
    story:
      'A person takes one conversation from a private to a business account, and a team of one organisation passes conversations on. Put to the detector as one group they should give nothing: too few, and the team is one customer.',
    group: names([...home, ...team]),
    log: asLog(chatter(random, crowd, 3), moved, ...shared),
  }
}

export function sameAnswer(): Scenario {
  const random = seeded('migration/same-answer')
  const crowd = customers(random, 'honest', 40)
  const pool = customers(random, 'pool', 4)
  const [asker = fail()] = customers(random, 'asker', 1)
  const talks = Array.from({ length: 12 }, (_, at) => {
    const turn = (by: number): Customer => pool[(at + by) % pool.length] ?? fail()
    return conversation(random, [turn(0), turn(1), turn(2)], waking(random, 3))
  })
  // The same question an hour before, and at temperature 0 the same answer.
  const asked = talks.flatMap(([first = fail()]) => {
    const time = new Date(Date.parse(first.time) - 3_600_000).toISOString()
    return [{ ...first, time, account: asker.name, ip: asker.ip, user_agent: asker.agent }]
  })
  return {
    detector: 'migration',
    name: 'same-answer',
    story:
      'Twelve conversations go round a pool of four, and an evaluator had asked each of their first questions before and was told the same. The detector should speak of the four and not of the evaluator: either may have begun a conversation.',
    group: names([...pool, asker]),
    log: asLog(chatter(random, crowd, 3), ...talks, asked),
  }
}

export function nextKey(): Scenario {
  const random = seeded('migration/next-key')
  const crowd = customers(random, 'honest', 60)
  const pool = customers(random, 'pool', 8)
  const tried = pool.flatMap((who, at) => retried(random, who, pool[(at + 1) % 8] ?? fail()))
  return {
    detector: 'migration',
    name: 'next-key',
    story:
      'Each of eight accounts is refused one request, and the next account sends it word for word some seconds later. Ten of sixty customers are refused one, too, and try again themselves. The detector should speak of the eight.',
    group: names(pool),
    log: asLog(
      chatter(random, crowd, 3),
      chatter(random, pool, 3),
      tried,
      crowd.slice(0, 10).flatMap((who) => retried(random, who, who)),
    ),
  }
}

export function samePaste(): Scenario {
  const random = seeded('migration/same-paste')
  const crowd = customers(random, 'honest', 60)
  const pupils = customers(random, 'pupil', 8)
  // Every pupil asks each task within the minute; the first is refused the second to the sixth.
  const tasks = Array.from({ length: 6 }, (_, task) => {
    const text = question(random)
    const minute = waking(random, 3)
    return pupils.flatMap((who, at) => [
      ...(at === 0 && task > 0 ? [refused(random, who, { minute: minute + 1, text })] : []),
      write(random, who, { minute, text }),
    ])
  })
  const firm = customers(random, 'firm', 4)
  const keys = firm.flatMap((who, at) => retried(random, who, firm[(at + 1) % 4] ?? fail()))
  return {
    detector: 'migration',
    name: 'same-paste',
    story:
      'Eight pupils paste the same six tasks, and some are refused while others send them: what many send shows nothing. A firm of four accounts tries the next when one is refused, which so few accounts may. As one group they should give a weak word at most.',
    group: names([...pupils, ...firm]),
    log: asLog(chatter(random, crowd, 3), ...tasks, keys, chatter(random, firm, 3)),
  }
}

/** A request that one account is refused, and another (or the same) sends within the minute. */
function retried(random: Random, from: Customer, to: Customer): readonly Exchange[] {
  const asked = { minute: waking(random, 3), text: question(random) }
  const first = refused(random, from, asked)
  const again = new Date(Date.parse(first.time) + random.integer(1, 20) * 1000).toISOString()
  return [first, { ...write(random, to, asked), time: again }]
}

function refused(random: Random, who: Customer, asked: Asked): Exchange {
  return write(random, who, { ...asked, change: { status: 429, usage: { completion_tokens: 0 } } })
}

function fail(): never {
  throw new RangeError('a scenario has no such customer')
}
