/** What becomes of a member of a JSON object: it stays as it is, goes, or gets another value (JSON). */
export type Change = 'keep' | 'drop' | { readonly put: string }

export type Edited = { readonly text: string; readonly changed: readonly string[] }

type Member = {
  readonly name: string
  /** Of its name's quote, and of its value. */
  readonly from: number
  readonly valueFrom: number
  readonly to: number
}

/**
 * Changes members of a JSON object and leaves every other character as it stands: numbers too long for a double,
 * escapes, spaces, and names given twice. null where the text is no JSON object.
 */
export function editObject(
  text: string,
  change: (name: string, source: string) => Change,
  add: (kept: ReadonlySet<string>) => Readonly<Record<string, string>> = () => ({}),
): Edited | null {
  if (!isObject(text)) return null
  const members = membersOf(text)
  const changed = new Set<string>()
  const kept: string[] = []
  const names = new Set<string>()
  for (const [at, member] of members.entries()) {
    const source = text.slice(member.valueFrom, member.to)
    const what = change(member.name, source)
    if (what !== 'keep') changed.add(member.name)
    if (what === 'drop') continue
    names.add(member.name)
    const value = what === 'keep' ? source : what.put
    // With what stood before the next member, so that spaces and lines survive.
    const gap = text.slice(member.to, members[at + 1]?.from ?? member.to)
    kept.push(text.slice(member.from, member.valueFrom) + value, gap)
  }
  kept.pop()
  for (const [name, value] of Object.entries(add(names))) {
    changed.add(name)
    if (kept.length > 0) kept.push(',')
    kept.push(`${JSON.stringify(name)}:${value}`)
  }
  const [first, last] = [members[0], members.at(-1)]
  const open = text.indexOf('{') + 1
  const [headTo, tailFrom] = [first?.from ?? open, last?.to ?? open]
  return {
    text: text.slice(0, headTo) + kept.join('') + text.slice(tailFrom),
    changed: [...changed],
  }
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** The members of an object that `JSON.parse` takes, so that nothing needs to be doubted here. */
function membersOf(text: string): readonly Member[] {
  const members: Member[] = []
  let at = skip(text, text.indexOf('{') + 1)
  while (text[at] === '"') {
    const nameTo = stringEnd(text, at)
    const valueFrom = skip(text, skip(text, nameTo) + 1)
    const to = valueEnd(text, valueFrom)
    const name = JSON.parse(text.slice(at, nameTo)) as string
    members.push({ name, from: at, valueFrom, to })
    at = skip(text, to)
    if (text[at] === ',') at = skip(text, at + 1)
  }
  return members
}

function skip(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1
  return at
}

/** Behind the quote that ends a string. */
function stringEnd(text: string, from: number): number {
  let at = from + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function valueEnd(text: string, from: number): number {
  let depth = 0
  let at = from
  do {
    const found = text[at]
    if (found === '"') {
      at = stringEnd(text, at)
      continue
    }
    if (found === '{' || found === '[') depth += 1
    else if (found === '}' || found === ']') depth -= 1
    else if (depth === 0) return plainEnd(text, at)
    at += 1
  } while (depth > 0)
  return at
}

/** Behind a number or a word. */
function plainEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && !',}] \n\r\t'.includes(text[at] ?? '')) at += 1
  return at
}
