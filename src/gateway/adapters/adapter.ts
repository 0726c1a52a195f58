import type { Advice, Question } from '../advice.ts'
import type { Admission } from '../identity.ts'

/** What came over HTTP, from somebody who may ask. */
export type Given = {
  readonly raw: readonly string[]
  readonly url: string
  /** The body, parsed; undefined where it is empty or no JSON. */
  readonly body: unknown
  /** Who the caller is by its key, as the gateway itself would name it. */
  readonly identify: () => Admission
}

/** What goes back. */
export type Told = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
}

/** What came is not what it should be. */
export function notUnderstood(error: string): Told {
  return { status: 400, body: { error } }
}

export type AdapterName = 'plain' | 'nginx' | 'litellm' | 'portkey' | 'envoy'

/** A way of asking: from the words of another gateway to a question, and from advice to its words. */
export type Adapter = {
  readonly name: AdapterName
  /** What to tell at once instead, where what came is not understood. */
  readonly question: (given: Given) => Question | Told
  readonly answer: (advice: Advice, given: Given) => Told
  /** Whether a request that is to wait waits here, for whoever asks cannot make it wait. */
  readonly holds: boolean
}

export type Tree = Readonly<Record<string, unknown>>

export function tree(value: unknown): Tree | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : null
}

/** The first of these that says something, shortened as the gateway shortens what a proxy says. */
export function said(...values: readonly unknown[]): string | undefined {
  const found = values.find((value) => typeof value === 'string' && value.trim() !== '')
  return typeof found === 'string' ? found.trim().slice(0, charsMax) : undefined
}

const charsMax = 256

/** The JSON of what was parsed; empty where it is nested so deep that it cannot be written, and so cannot be understood. */
export function written(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return ''
  }
}
