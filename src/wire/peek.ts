import { parsed } from './answer.ts'
import type { RouteKind } from './route.ts'

/** What of a request decides whether it may be asked, before it is. */
export type Peek = {
  /** Usually one. Go's JSON takes `Model` for `model`, so that whoever reads only one could be told another. */
  readonly models: readonly string[]
  /** Whether it asks for likelihoods of tokens, or shifts them, by which they can be told as well. */
  readonly likelihoods: boolean
  /** Tokens that the request and its answer may come to, roughly. */
  readonly tokens: { readonly prompt: number; readonly output: number }
}

/** English text has about four characters a token (https://help.openai.com/en/articles/4936856). */
export const charsPerToken = 4
/** What an answer is taken for where the request does not bound it. */
const outputTokensAssumed = 1000
/** An image or a file is no text; most images come to 1,000 to 2,000 tokens. */
const mediaChars = 1500 * charsPerToken

/** Reads the body of a request, in either dialect. */
export function peek(kind: RouteKind, text: string): Peek {
  const body = parsed(text)
  const fields =
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? Object.entries(body).map(
          ([name, value]: [string, unknown]) => [name.toLowerCase(), value] as const,
        )
      : []
  const named = (...names: readonly string[]): readonly unknown[] =>
    fields.filter(([name]) => names.includes(name)).map(([, value]) => value)
  const most = (values: readonly unknown[], otherwise: number): number =>
    values.reduce<number>((sum, each) => (isCount(each) ? Math.max(sum, each) : sum), 0) ||
    otherwise
  const output = most(
    named('max_tokens', 'max_completion_tokens', 'max_output_tokens'),
    outputTokensAssumed,
  )
  return {
    models: named('model').map((each) => (typeof each === 'string' ? each : '')),
    likelihoods:
      named('logprobs', 'top_logprobs', 'prompt_logprobs').some(isAsked) ||
      named('logit_bias').some(holdsAny) ||
      named('include').some((each) => Array.isArray(each) && each.some(namesLikelihoods)),
    tokens: {
      prompt: Math.ceil(textChars(body, text.length) / charsPerToken),
      output: answersInText(kind) ? output * most(named('n', 'best_of'), 1) : 0,
    },
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}

/** Of completions, `logprobs: 0` asks for the likelihood of what was chosen. */
function isAsked(value: unknown): boolean {
  return value === true || typeof value === 'number'
}

function holdsAny(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function namesLikelihoods(value: unknown): boolean {
  return typeof value === 'string' && value.endsWith('logprobs')
}

function answersInText(kind: RouteKind): boolean {
  return kind === 'chat' || kind === 'completion' || kind === 'response' || kind === 'message'
}

/** Beyond so many values a body is taken as if it were all text. */
const valuesMax = 100_000

/** Characters of all texts in it. With a stack of its own: a body may be nested deeper than Node's. */
function textChars(body: unknown, bodyChars: number): number {
  const waiting: unknown[] = [body]
  let chars = 0
  for (let looked = 0; waiting.length > 0; looked++) {
    if (looked > valuesMax) return bodyChars
    const value = waiting.pop()
    if (typeof value === 'string') chars += isMedia(value) ? mediaChars : value.length
    else if (typeof value === 'object' && value !== null)
      for (const each of Object.values(value)) waiting.push(each)
  }
  return chars
}

/** Longer than any word, and of Base64's characters alone. */
function isMedia(text: string): boolean {
  return text.length > mediaChars && /^(data:[^,]{0,200},)?[A-Za-z0-9+/_=-]{1000}/.test(text)
}
