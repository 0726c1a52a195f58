import type { Random } from '../../../src/core/random.ts'
import type { Exchange } from '../../../src/record/index.ts'

/** A made-up log in which one detector should speak, or should not. */
export type Scenario = {
  /** The detector's id, and the folder's name under its `golden/`. */
  readonly detector: string
  readonly name: string
  /** What is in the log and what is expected of the detector, for the folder's README. */
  readonly story: string
  /** The accounts that are put to the detector as one group. */
  readonly group: readonly string[]
  /** Other detectors whose traits or facts this one reads. */
  readonly sources?: readonly string[]
  readonly log: readonly Exchange[]
}

/** One customer as the log shows it; what is left out is filled in by `write`. */
export type Customer = {
  readonly name: string
  readonly ip: string
  readonly agent: string
  readonly created: string
  readonly org?: string
}

/** One request of a customer, before it has a number. */
export type Asked = {
  readonly minute: number
  readonly text: string
  readonly answerTokens?: number
  readonly change?: Partial<Exchange>
  readonly request?: Partial<Exchange['request']>
  readonly ip?: string
}

/** The day the logs begin. */
export const firstDay = Date.UTC(2026, 3, 6)
const dayMinutes = 1440

/** Customers `prefix-01`…, each with an address of its own and an opening day in the two years before. */
export function customers(
  random: Random,
  prefix: string,
  count: number,
  each: (at: number) => Partial<Customer> = () => ({}),
): readonly Customer[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `${prefix}-${String(at + 1).padStart(2, '0')}`,
    ip: `10.${prefix.length + (prefix.codePointAt(0) ?? 0)}.${at}.${random.integer(2, 250)}`,
    agent: random.pick(agents),
    created: day(-random.integer(20, 730)),
    ...each(at),
  }))
}

/** The day `offset` days from the first, `YYYY-MM-DD`. */
export function day(offset: number): string {
  return new Date(firstDay + offset * 86_400_000).toISOString().slice(0, 10)
}

/** Honest traffic: each customer asks some questions of its own in waking hours, over some days. */
export function chatter(
  random: Random,
  who: readonly Customer[],
  days: number,
  each: (customer: Customer) => { readonly count: number; readonly tokens?: number } = () => ({
    count: random.integer(2, 3),
  }),
): readonly Exchange[] {
  return who.flatMap((customer) => {
    const { count, tokens } = each(customer)
    return Array.from({ length: count }, () =>
      write(random, customer, {
        minute: waking(random, days),
        text: question(random),
        ...(tokens === undefined ? {} : { answerTokens: tokens }),
      }),
    )
  })
}

/** A minute between 07:00 and 22:00 of one of the first days. */
export function waking(random: Random, days: number): number {
  return random.integer(0, days - 1) * dayMinutes + random.integer(7 * 60, 22 * 60)
}

/** The exchange as it is logged, without its id. */
export function write(random: Random, who: Customer, asked: Asked): Exchange {
  const tokens = asked.answerTokens ?? Math.round(120 * 10 ** (0.25 * random.normal()))
  const time = firstDay + asked.minute * 60_000 + random.integer(0, 59_999)
  return {
    id: '',
    time: new Date(time).toISOString(),
    account: who.name,
    ...(who.org === undefined ? {} : { org: who.org }),
    ip: asked.ip ?? who.ip,
    user_agent: who.agent,
    account_created: who.created,
    request: {
      model: 'tern-2',
      messages: [{ role: 'user', content: asked.text }],
      ...asked.request,
    },
    status: 200,
    usage: { completion_tokens: tokens },
    ...asked.change,
  }
}

/** In order of time, numbered. */
export function asLog(...parts: readonly (readonly Exchange[])[]): readonly Exchange[] {
  return parts
    .flat()
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    .map((exchange, at) => ({ ...exchange, id: `x${at + 1}` }))
}

export function names(who: readonly Customer[]): readonly string[] {
  return who.map((customer) => customer.name)
}

/** A question nobody else is likely to put in the same words. */
export function question(random: Random): string {
  const text = sentence(random)
  return `${random.pick(openings)} ${text}${random.pick(closings)}`
}

export function sentence(random: Random): string {
  const { pick } = random
  return `${pick(verbs)} ${pick(determiners)} ${pick(adjectives)} ${pick(nouns)} ${pick(links)} ${pick(determiners)} ${pick(nouns)}`
}

const agents = [
  'Firefox/128.0',
  'Safari/605.1.15',
  'OpenAI/Python 1.52.0',
  'OpenAI/JS 4.71.1',
  'curl/8.7.1',
  'okhttp/4.12.0',
] as const
const openings = [
  'How do I',
  'Please',
  'Could someone',
  'My neighbour wants to',
  'What happens when I',
  'Why would anybody',
  'Is it wise to',
  'I have tried twice to',
  'At work we should',
  'Tell me whether to',
  'Suggest a way to',
  'It is urgent that we',
] as const
const closings = [
  '?',
  '.',
  ', and what does it cost?',
  ' before Friday?',
  ' without the manual.',
  ', in short.',
] as const
const verbs =
  'mend paint sort compare translate summarise rename plan weigh draw debug cook measure move print replace test water label tune polish argue fold list sketch price'.split(
    ' ',
  )
const determiners = ['the', 'my', 'our', 'that', 'an old', 'one'] as const
const adjectives =
  'leaking quiet yellow broken tidy distant seasonal heavy narrow polite sunken wooden crowded silver bitter patient northern hollow gentle rusty brief'.split(
    ' ',
  )
const nouns =
  'tap contract bicycle balcony spreadsheet violin curriculum greenhouse invoice ladder poem kettle database harbour recipe telescope fence meeting parrot timetable sweater engine archive pond essay chimney passport queue orchard battery'.split(
    ' ',
  )
const links =
  'beside after instead of under according to against for around because of along with'.split(' ')
