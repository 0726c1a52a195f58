import { seeded } from '../../core/random.ts'
import type { Exchange, Message } from '../../record/index.ts'

/** Gives each name another one, the same each time: equal seeds give equal names. */
export type Renaming = {
  readonly account: (name: string) => string
  readonly exchange: (exchange: Exchange) => Exchange
}

const letters = 'abcdefghijklmnopqrstuvwxyz'

/**
 * Other ids, keys, organisations, addresses, clients and models. What was equal stays equal and what
 * differed differs; addresses that shared their first bits still share as many; the words of a client
 * are other words and its version stays. Times, countries, days of opening and tools are left alone.
 */
export function renaming(seed: string): Renaming {
  const coined = new Map<string, string>()
  const coin = (kind: string, name: string, make: (name: string) => string): string => {
    const key = `${kind}\0${name}`
    const known = coined.get(key)
    if (known !== undefined) return known
    const made = make(name)
    coined.set(key, made)
    return made
  }
  const id = (kind: string, name: string): string => {
    const random = seeded(`${seed}/${kind}/${name}`)
    return Array.from({ length: 18 }, () => random.integer(0, 35).toString(36)).join('')
  }
  const once = (kind: string) => (name: string) => coin(kind, name, () => id(kind, name))
  const [account, key, org] = [once('account'), once('key'), once('org')]
  const words = (text: string): string =>
    coin('words', text, () => text.replaceAll(/\p{L}+/gu, (word) => otherWord(seed, word)))
  const address = (text: string): string =>
    coin('address', text, () =>
      text
        .split(',')
        .map((one) => otherAddress(seed, one.trim()))
        .join(', '),
    )
  return {
    account,
    exchange: (exchange) => ({
      ...exchange,
      id: id('exchange', exchange.id),
      account: account(exchange.account),
      ...(exchange.key === undefined ? {} : { key: key(exchange.key) }),
      ...(exchange.org === undefined ? {} : { org: org(exchange.org) }),
      ...(exchange.ip === undefined ? {} : { ip: address(exchange.ip) }),
      ...(exchange.user_agent === undefined ? {} : { user_agent: words(exchange.user_agent) }),
      request: {
        ...exchange.request,
        model: words(exchange.request.model),
        messages: exchange.request.messages.map((message) => otherCalls(message, id)),
      },
    }),
  }
}

/** As long a word with its capitals where they were; of what has none, in any script, small letters. */
function otherWord(seed: string, word: string): string {
  const random = seeded(`${seed}/word/${word.toLowerCase()}`)
  return Array.from(word, (letter) => {
    const other = letters.charAt(random.integer(0, 25))
    return letter === letter.toLowerCase() ? other : other.toUpperCase()
  }).join('')
}

/** Each part is changed by a number that the parts before it decide, so that common prefixes stay common. */
function otherAddress(seed: string, text: string): string {
  const four = /^(.*?)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  if (four) return `${four[1] ?? ''}${otherParts(seed, four.slice(2).map(Number), 255).join('.')}`
  const six = partsOfSix(text)
  if (six)
    return otherParts(seed, six, 0xffff)
      .map((part) => part.toString(16))
      .join(':')
  return otherWord(seed, text)
}

function otherParts(seed: string, parts: readonly number[], most: number): readonly number[] {
  return parts.map(
    (part, at) =>
      part ^ seeded(`${seed}/address/${most}/${parts.slice(0, at).join('.')}`).integer(0, most),
  )
}

/** The eight parts of an IPv6 address; null of what is none. */
function partsOfSix(text: string): readonly number[] | null {
  const [left = '', right] = text.split('::')
  const read = (side: string): number[] =>
    side === '' ? [] : side.split(':').map((part) => Number.parseInt(part, 16))
  const [first, last] = [read(left), read(right ?? '')]
  const gap = right === undefined ? 0 : 8 - first.length - last.length
  const parts = [...first, ...Array.from({ length: Math.max(0, gap) }, () => 0), ...last]
  return parts.length === 8 && parts.every((part) => part >= 0 && part <= 0xffff) ? parts : null
}

function otherCalls(message: Message, id: (kind: string, name: string) => string): Message {
  const { tool_call_id: answered, tool_calls: calls } = message
  if (answered === undefined && calls === undefined) return message
  return {
    ...message,
    ...(answered === undefined ? {} : { tool_call_id: id('call', answered) }),
    ...(calls === undefined
      ? {}
      : {
          tool_calls: calls.map((call) =>
            isNamed(call) ? { ...call, id: id('call', call.id) } : call,
          ),
        }),
  }
}

function isNamed(call: unknown): call is { readonly id: string } {
  return typeof call === 'object' && call !== null && 'id' in call && typeof call.id === 'string'
}
