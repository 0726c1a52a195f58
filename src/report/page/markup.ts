import { visible } from '../text.ts'

/** Text that is already markup. Only `markup` makes it, so nothing from a log gets in unescaped. */
export type Markup = { readonly markup: string }

type Part = Markup | string | number | readonly Markup[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '')

const plain = (part: Part): string => {
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escaped(part)
  return 'markup' in part ? part.markup : part.map((one) => one.markup).join('')
}

/** A template of HTML or SVG: what is put in is escaped, unless it is markup itself. */
export function markup(pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: pieces.map((piece, at) => piece + plain(parts[at] ?? '')).join('') }
}

export const none: Markup = { markup: '' }

export const join = (parts: readonly Markup[], between: string): Markup => ({
  markup: parts.map((part) => part.markup).join(escaped(between)),
})

/** The constants of this room: style and script, which are not from a log. */
export const constant = (text: string): Markup => ({ markup: text })
