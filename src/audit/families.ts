import { type Family, type FamilyAvailability, families } from '../record/index.ts'
import { percentOf } from './words.ts'

/** How many exchanges of a log had each kind of field. */
export type FieldCounts = {
  readonly exchanges: number
  readonly with_address: number
  readonly with_agent: number
  readonly with_created: number
  readonly with_body: number
  readonly with_output: number
  readonly with_usage: number
  readonly with_history: number
}

type Need = { readonly field: keyof FieldCounts; readonly words: string }

/** What each family of evidence cannot do without; the first is what its absence is blamed on. */
const needs: Readonly<Record<Family, readonly Need[]>> = {
  content: [{ field: 'with_body', words: 'request bodies' }],
  elicitation: [{ field: 'with_body', words: 'request bodies' }],
  timing: [{ field: 'exchanges', words: 'times' }],
  infrastructure: [{ field: 'with_address', words: 'client addresses' }],
  biography: [{ field: 'with_created', words: 'the day accounts were opened' }],
  'api-use': [
    { field: 'with_body', words: 'request bodies' },
    { field: 'with_agent', words: 'user agents' },
  ],
  provenance: [
    { field: 'with_output', words: 'answers' },
    { field: 'with_history', words: 'conversation history in requests' },
  ],
}

/** Says of each family of evidence whether this log had what it rests on, and in how much of it. */
export function familiesOf(counts: FieldCounts): readonly FamilyAvailability[] {
  return families.map((family) => {
    const list = needs[family]
    const missing = list.filter((need) => counts[need.field] === 0)
    // API use can be read from the body or from the user agent; every other need is a must.
    const off = family === 'api-use' ? missing.length === list.length : missing.length > 0
    if (off)
      return {
        family,
        available: false,
        note: `off: no ${missing.map((need) => need.words).join(' and no ')} in this log`,
      }
    const parts = list.map(
      (need) => `${need.words} in ${percentOf(counts[need.field], counts.exchanges)} of exchanges`,
    )
    return { family, available: true, note: `rests on ${parts.join(', ')}` }
  })
}
