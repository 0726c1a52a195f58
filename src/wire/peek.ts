import { parsed } from './answer.ts'

/** What of a request decides whether it may be asked, before it is. */
export type Peek = {
  /** Usually one. Go's JSON takes `Model` for `model`, so that whoever reads only one could be told another. */
  readonly models: readonly string[]
}

const nothing: Peek = { models: [] }

/** Reads the body of a request, in either dialect. */
export function peek(text: string): Peek {
  const body = parsed(text)
  if (typeof body !== 'object' || body === null) return nothing
  const models = Object.entries(body)
    .filter(([name]) => name.length === 5 && name.toLowerCase() === 'model')
    .map(([, model]: [string, unknown]) => (typeof model === 'string' ? model : ''))
  return { models }
}
