import stringWidth from 'string-width'

// Log text is written by the accused. Control characters can rewrite a terminal (ESC, CSI), bidi
// overrides and tag characters can make a name read as another: all are shown as `\u{…}`, never sent.
// The two joiners stay in prose, where emoji and Persian need them; in names they only deceive.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u{E0100}-\u{E01EF}]/gu
const joiners = /^[\u200c\u200d]$/

const escaped = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`

/** A name or one line of prose from a log, with everything unseen made visible. No line breaks. */
export const visible = (text: string): string =>
  text.replace(hidden, (character) => (joiners.test(character) ? character : escaped(character)))

/** An account, campaign or key: like `visible`, but the joiners are shown too. */
export const visibleName = (name: string): string =>
  name === '' ? '(empty)' : name.replace(hidden, escaped)

/** The lines of a longer text, each made visible; tabs become two spaces. */
export const visibleLines = (text: string): readonly string[] =>
  text.split(/\r\n|\n|\r/).map((line) => visible(line.replaceAll('\t', '  ')))

/** Columns `text` takes in a terminal: 0, 1 or 2 a character. */
export const widthOf = (text: string): number => stringWidth(text, { ambiguousIsNarrow: true })

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const charactersOf = (text: string): string[] =>
  [...graphemes.segment(text)].map((segment) => segment.segment)

/** The longest head of `characters` within `columns`, joined. */
function head(characters: readonly string[], columns: number): string {
  const taken: string[] = []
  let used = 0
  for (const character of characters) {
    used += widthOf(character)
    if (used > columns) break
    taken.push(character)
  }
  return taken.join('')
}

/** At most `columns` wide; what is cut ends in `…`. */
export const cut = (text: string, columns: number): string =>
  widthOf(text) <= columns ? text : `${head(charactersOf(text), columns - 1)}…`

/** At most `columns` wide, cut in the middle: long names differ as often at the end. */
export function cutMiddle(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  const characters = charactersOf(text)
  const tail = head([...characters].reverse(), Math.floor((columns - 1) / 2))
  const end = charactersOf(tail).reverse().join('')
  return `${head(characters, columns - 1 - widthOf(end))}…${end}`
}

/**
 * Breaks one line at spaces into lines of at most `columns`; a longer word is broken anywhere. Spaces
 * at the beginning stay, for they are the shape of code.
 */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line: string | null = null
  for (const word of text.split(' ').flatMap((long) => pieces(long, columns))) {
    const longer: string = line === null ? word : `${line} ${word}`
    if (line !== null && widthOf(longer) > columns) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line ?? '']
}

function pieces(word: string, columns: number): readonly string[] {
  if (widthOf(word) <= columns) return [word]
  const found: string[] = []
  let rest = charactersOf(word)
  while (rest.length > 0) {
    // A character wider than the column would never fit, and must still end the loop.
    const piece = head(rest, columns) || (rest[0] ?? '')
    found.push(piece)
    rest = rest.slice(charactersOf(piece).length)
  }
  return found
}

export const pad = (text: string, columns: number, right = false): string => {
  const space = ' '.repeat(Math.max(0, columns - widthOf(text)))
  return right ? space + text : text + space
}
