/** ASCII that parts words: the same characters, and the ends read, as `askedText` in fingerprint.sql. */
const parting = /[\t\n\r!"#$%&'()*+,\-./:;=?@[\\\]^_`{|}~0-9“”]/g
const endBytes = 700

/** A request as the model sees it: both ends of the text, lower-case, what parts words as spaces. */
export function askedText(text: string): string {
  const bytes = Buffer.from(text)
  const head = lower(bytes.subarray(0, endBytes))
  const tail =
    bytes.length <= endBytes
      ? ''
      : lower(bytes.subarray(Math.max(endBytes, bytes.length - endBytes)))
  return ` ${head} ${tail} `.replace(parting, ' ')
}

function lower(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8').toLowerCase()
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu
const han = /\p{Script=Han}/u
const hangul = /\p{Script=Hangul}/u
const wordsMax = 3
const shortWord = 3
/** A shorter word by itself means too many things. */
const wordMin = 5

/** The substrings of a normalised text that may become features: word n-grams and their stems, character n-grams. */
export function candidates(asked: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [run] of asked.matchAll(unspaced)) characterGrams(run, found)
  const words = asked.replace(unspaced, ' ').split(' ').filter(Boolean)
  // A span over two spaces is no substring of the text, so n-grams stay between them.
  for (const part of asked.replace(unspaced, '  ').split(/ {2,}/))
    wordGrams(part.trim().split(' '), found)
  for (const word of words) wordGrams([word], found)
  return found
}

function wordGrams(words: readonly string[], found: Set<string>): void {
  for (let from = 0; from < words.length; from++)
    for (let size = 1; size <= wordsMax && from + size <= words.length; size++) {
      const gram = words.slice(from, from + size)
      const last = gram[size - 1] ?? ''
      const body = gram.join(' ')
      // Short words are bounded by spaces, or ‘rate’ would be found in ‘generate’.
      const left = (gram[0] ?? '').length <= 4 && !hangul.test(body) ? ' ' : ''
      const right = last.length <= shortWord && !hangul.test(last) ? ' ' : ''
      if (size === 1 && body.length < (hangul.test(body) ? 3 : wordMin)) continue
      found.add(`${left}${body}${right}`)
      for (const stem of stems(last))
        found.add(`${left}${body.slice(0, body.length - last.length)}${stem}`)
    }
}

/** A word without its last letters, so that its other endings are found too. */
function stems(word: string): readonly string[] {
  if (hangul.test(word)) return word.length > 3 ? [word.slice(0, 3), word.slice(0, -1)] : []
  return word.length >= 8 ? [word.slice(0, Math.max(6, word.length - 2))] : []
}

function characterGrams(run: string, found: Set<string>): void {
  for (let from = 0; from < run.length; from++)
    for (
      let size = han.test(run[from] ?? '') ? 2 : 3;
      size <= 5 && from + size <= run.length;
      size++
    )
      found.add(run.slice(from, from + size))
}

/** Which of `substrings` a text contains (Aho & Corasick 1975): indices in rising order, each once. */
export function matcher(substrings: readonly string[]): (text: string) => readonly number[] {
  const next: Map<number, number>[] = [new Map()]
  const ends: number[][] = [[]]
  for (const [index, substring] of substrings.entries()) {
    let state = 0
    for (let at = 0; at < substring.length; at++) {
      const unit = substring.charCodeAt(at)
      let to = next[state]?.get(unit)
      if (to === undefined) {
        to = next.push(new Map()) - 1
        ends.push([])
        next[state]?.set(unit, to)
      }
      state = to
    }
    ends[state]?.push(index)
  }
  const fallback = fallbacks(next, ends)
  return (text) => {
    const found = new Set<number>()
    let state = 0
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      state = follow(next, fallback, state, unit)
      for (const index of ends[state] ?? []) found.add(index)
    }
    return [...found].sort((a, b) => a - b)
  }
}

function fallbacks(next: readonly Map<number, number>[], ends: number[][]): readonly number[] {
  const fallback: number[] = next.map(() => 0)
  const queue = [...(next[0]?.values() ?? [])]
  for (let state = queue.shift(); state !== undefined; state = queue.shift())
    for (const [unit, to] of next[state] ?? []) {
      const target = follow(next, fallback, fallback[state] ?? 0, unit)
      fallback[to] = target === to ? 0 : target
      ends[to]?.push(...(ends[fallback[to] ?? 0] ?? []))
      queue.push(to)
    }
  return fallback
}

/** The state after one more unit: the longest end of the text so far that some substring begins with. */
function follow(
  next: readonly Map<number, number>[],
  fallback: readonly number[],
  from: number,
  unit: number,
): number {
  for (let state = from; ; state = fallback[state] ?? 0) {
    const to = next[state]?.get(unit)
    if (to !== undefined) return to
    if (state === 0) return 0
  }
}
