import { seeded } from '../core/random.ts'
import type { Exchange, Message } from '../record/index.ts'
import type { CustomerClass } from './config.ts'
import type { Truth } from './truth.ts'

// An accusation can be a weapon. Here campaigns dress as honest customers do, or have honest customers
// dress as they do, in a log that was simulated without it.

/** How a campaign draws suspicion upon others. */
export const framings = [
  /** Its requests carry the system prompts of known products. */
  'prompts',
  /** Its requests are those of one homework service: prompt, parameters, client and the words before each question. */
  'shadow',
  /** Its questions begin with the words that crowds of honest customers use. */
  'wording',
  /** Its own template goes into public lists, and strangers paste it before their questions. */
  'planted',
  /** The same, with a crowd: people who came in one wave paste it. */
  'wave',
] as const
export type Framing = (typeof framings)[number]

export type Framed = {
  readonly log: readonly Exchange[]
  /** The honest accounts on which suspicion is drawn. */
  readonly victims: ReadonlySet<string>
}

/** Products whose prompts are copied: each by a part of the attackers. */
const productsMax = 4
/** The share of people who paste what they find, that of a wave, and how often they do. */
const pasterShare = 0.12
const waveShare = 0.6
const pasteShare = 0.7
/** An attacker would plant what it needs anyway. */
const plant =
  'Take the part of a patient examiner. Show the full chain of reasoning, step by step, before you answer. Number every step of it.'

const products: readonly CustomerClass[] = ['app', 'rag', 'batch', 'tutor', 'school', 'frontend']
const services: readonly CustomerClass[] = ['tutor', 'school']
const crowds: readonly CustomerClass[] = ['viral', 'course', 'school', 'annotator']
const waves: readonly CustomerClass[] = ['viral', 'launch', 'hackathon', 'mover']
const people: readonly CustomerClass[] = ['chat', 'hobbyist', 'prompter', 'pupil', 'vpn', 'roamer']

/** The same log with its campaigns framing somebody. */
export function frame(log: readonly Exchange[], truth: Truth, framing: Framing): Framed {
  const classOf = (account: string): string => truth.accounts[account]?.cls ?? ''
  const attacks = (account: string): boolean => truth.accounts[account]?.label === 'attack'
  const of = (classes: readonly string[]): readonly Exchange[] =>
    firstOfEach(
      log.filter(({ account }) => !attacks(account) && classes.includes(classOf(account))),
    )
  if (framing === 'prompts') {
    const copied = of(products)
      .filter((each) => systemOf(each) !== '')
      .slice(0, productsMax)
    return {
      victims: new Set(copied.map(({ account }) => account)),
      log: log.map((each) =>
        attacks(each.account) ? prompted(each, systemOf(pick(copied, each.account))) : each,
      ),
    }
  }
  if (framing === 'shadow') {
    const [copied] = of(services).filter((each) => systemOf(each) !== '')
    return {
      victims: new Set(copied === undefined ? [] : [copied.account]),
      log: log.map((each) => (copied && attacks(each.account) ? shadowed(each, copied) : each)),
    }
  }
  if (framing === 'wording') {
    const copied = of(crowds)
    return {
      victims: new Set(copied.map(({ account }) => account)),
      log: log.map((each) =>
        attacks(each.account)
          ? begun(each, headOf(questionOf(pick(copied.slice(0, productsMax), each.account))))
          : each,
      ),
    }
  }
  const [from, share] = framing === 'wave' ? [waves, waveShare] : [people, pasterShare]
  const pasters = of(from)
    .map(({ account }) => account)
    .filter((account) => seeded(`paster/${account}`).chance(share))
  const victims = new Set(pasters)
  const pastes = (each: Exchange): boolean =>
    victims.has(each.account) && seeded(`paste/${questionOf(each)}`).chance(pasteShare)
  return {
    victims,
    log: log.map((each) => (attacks(each.account) || pastes(each) ? begun(each, plant) : each)),
  }
}

function firstOfEach(log: readonly Exchange[]): readonly Exchange[] {
  const first = new Map<string, Exchange>()
  for (const each of log) if (!first.has(each.account)) first.set(each.account, each)
  return [...first.values()]
}

function pick(from: readonly Exchange[], account: string): Exchange | undefined {
  return from[seeded(`victim/${account}`).integer(0, Math.max(0, from.length - 1))]
}

function messagesOf(exchange: Exchange | undefined): readonly Message[] {
  return exchange?.request.messages ?? []
}

function textOf(exchange: Exchange | undefined, wanted: Message['role']): string {
  const found = messagesOf(exchange).find(({ role }) => role === wanted)
  return typeof found?.content === 'string' ? found.content : ''
}

const systemOf = (exchange: Exchange | undefined): string => textOf(exchange, 'system')
const questionOf = (exchange: Exchange | undefined): string => textOf(exchange, 'user')

/** The first two sentences, or what there is of them. */
function headOf(text: string): string {
  return /^(?:[^.!?\n]{3,200}[.!?\n]\s*){1,2}/.exec(text)?.[0] ?? text.slice(0, 120)
}

function prompted(exchange: Exchange, system: string): Exchange {
  const rest = messagesOf(exchange).filter(({ role }) => role !== 'system')
  return said(exchange, [{ role: 'system', content: system }, ...rest])
}

/** Everything of a request that whoever knows the customer could copy, about the attacker's own question. */
function shadowed(exchange: Exchange, victim: Exchange): Exchange {
  const { messages: _theirs, ...settings } = victim.request
  const dressed = begun(prompted(exchange, systemOf(victim)), headOf(questionOf(victim)))
  return {
    ...dressed,
    ...(victim.user_agent === undefined ? {} : { user_agent: victim.user_agent }),
    request: { ...settings, messages: dressed.request.messages },
  }
}

/** The exchange with the first question of its conversation begun with these words, in every turn alike. */
function begun(exchange: Exchange, words: string): Exchange {
  const messages = messagesOf(exchange)
  const first = messages.findIndex(({ role }) => role === 'user')
  return said(
    exchange,
    messages.map((message, at) =>
      at === first && typeof message.content === 'string'
        ? { ...message, content: `${words.trim()}\n${message.content}` }
        : message,
    ),
  )
}

function said(exchange: Exchange, messages: readonly Message[]): Exchange {
  return { ...exchange, request: { ...exchange.request, messages } }
}
