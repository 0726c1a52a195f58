import type { Random } from '../core/random.ts'
import { dateOf, day } from './clock.ts'
import type { Span } from './clock.ts'
import type { Account, Label } from './source.ts'

const digits = '0123456789abcdefghjkmnpqrstvwxyz'

/** `length` digits of Crockford's base 32, 5 bits each. */
export function code(random: Random, length: number): string {
  let text = ''
  for (let left = length; left > 0; left--) text += digits.charAt(Math.floor(random.next() * 32))
  return text
}

export type Opening = {
  readonly cls: string
  readonly label?: Label
  readonly campaign?: string
  readonly org?: string
  /** When opened, in milliseconds since 1970. */
  readonly created: number
}

export function openAccount(random: Random, opening: Opening): Account {
  const { cls, label = 'benign', campaign = null, org, created } = opening
  const id = `cust-${code(random, 13)}`
  const key = `k.${code(random, 10)}`
  return {
    id,
    key,
    ...(org === undefined ? {} : { org }),
    created: dateOf(created),
    label,
    cls,
    campaign,
  }
}

/** When an ordinary customer came: over three years, more of them lately, one in ten during the log. */
export function openedLately(random: Random, span: Span): number {
  if (random.chance(0.1)) return span.start + random.next() * (span.end - span.start) * 0.7
  return span.start - Math.floor(random.next() ** 1.7 * 1100) * day
}
