import type { ExchangeRequest } from '../record/index.ts'
import { parsed } from './answer.ts'
import type { RouteKind } from './route.ts'

/** Text of one request that a record keeps; far beyond any model's context, for what is no prompt. */
const textCharsMax = 4 * 1024 * 1024
/** Messages of one request that a record keeps, the last ones. */
const messagesMax = 10_000

type Tree = Readonly<Record<string, unknown>>
type Turn = { readonly role: string; readonly content: string }

/**
 * Reads the body of a request, in OpenAI's shapes or Anthropic's, into the one shape the audit knows.
 * Images and files are left out; so are fields nobody reads.
 */
export function readAsked(kind: RouteKind, text: string): ExchangeRequest | null {
  const body = tree(parsed(text))
  const model = body?.['model']
  if (!body || typeof model !== 'string' || model === '') return null
  // Every field of it is either made here or kept only if its kind is the record's.
  return { model, messages: bounded(turnsOf(kind, body)), ...kept(body) } as ExchangeRequest
}

function tree(value: unknown): Tree | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : null
}

function turnsOf(kind: RouteKind, body: Tree): readonly Turn[] {
  switch (kind) {
    case 'chat':
      return listOf(body['messages']).flatMap(turn)
    case 'message':
      return [...spoken('system', body['system']), ...listOf(body['messages']).flatMap(turn)]
    case 'completion': {
      const prompt = body['prompt']
      const prompts = Array.isArray(prompt) ? prompt : [prompt]
      return prompts.flatMap((each) => spoken('user', each))
    }
    case 'response': {
      const input = body['input']
      const turns = typeof input === 'string' ? spoken('user', input) : listOf(input).flatMap(turn)
      return [...spoken('system', body['instructions']), ...turns]
    }
    // What is embedded is a customer's document and no question to a model.
    case 'embedding':
    case 'count':
    case 'models':
    case 'other':
      return []
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function turn(value: unknown): readonly Turn[] {
  const message = tree(value)
  if (!message) return []
  const { type, role, content } = message as { type?: unknown; role?: unknown; content?: unknown }
  // Of the Responses API: what a function gave back.
  if (typeof type === 'string' && type.endsWith('_call_output'))
    return [{ role: 'tool', content: textOf(message['output']) }]
  if (typeof role !== 'string') return []
  const text = textOf(content)
  if (text !== '') return [{ role, content: text }]
  // Anthropic's tool results come as parts of a user's message.
  const results = listOf(content)
    .map(tree)
    .filter((part) => part?.['type'] === 'tool_result')
    .map((part) => textOf(part?.['content']))
  return [
    results.length > 0 ? { role: 'tool', content: results.join('\n') } : { role, content: '' },
  ]
}

function spoken(role: string, content: unknown): readonly Turn[] {
  const text = textOf(content)
  return text === '' ? [] : [{ role, content: text }]
}

/** A text, or the text of its parts, one to a line. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return listOf(content)
    .map((part) => (typeof part === 'string' ? part : tree(part)?.['text']))
    .filter((text): text is string => typeof text === 'string' && text !== '')
    .join('\n')
}

/** The last messages whole, and of what lies before them no text, so that turns can still be counted. */
function bounded(turns: readonly Turn[]): readonly Turn[] {
  const last = turns.slice(-messagesMax)
  let left = textCharsMax
  return last
    .reduceRight<Turn[]>((done, { role, content }) => {
      const text = content.slice(0, left)
      left -= text.length
      done.push({ role, content: text })
      return done
    }, [])
    .reverse()
}

type Check = (value: unknown) => boolean
const isNumber: Check = (value) => typeof value === 'number'
const isList: Check = (value) => Array.isArray(value) && depthUpTo(value, depthMax)
const isTree: Check = (value) => tree(value) !== null && depthUpTo(value, depthMax)
const isWord: Check = (value) => typeof value === 'string'

/** Parameters the record has, and what each may be; of another kind, or nested like a bomb, it is left out. */
const parameters: Readonly<Record<string, Check>> = {
  tools: isList,
  functions: isList,
  temperature: isNumber,
  top_p: isNumber,
  top_k: isNumber,
  max_tokens: isNumber,
  max_completion_tokens: isNumber,
  n: isNumber,
  logprobs: (value) => typeof value === 'boolean' || isNumber(value),
  top_logprobs: isNumber,
  logit_bias: isTree,
  presence_penalty: isNumber,
  frequency_penalty: isNumber,
  stream: (value) => typeof value === 'boolean',
  seed: isNumber,
  stop: (value) => isWord(value) || (Array.isArray(value) && value.every(isWord)),
  response_format: isTree,
  reasoning_effort: isWord,
  tool_choice: (value) => isWord(value) || isTree(value),
}

function kept(body: Tree): Tree {
  const renamed: Tree = {
    max_tokens: body['max_output_tokens'],
    stop: body['stop_sequences'],
    reasoning_effort: tree(body['reasoning'])?.['effort'],
  }
  const found = Object.entries(parameters).flatMap(([name, fits]) => {
    const value = body[name] ?? renamed[name]
    return fits(value) ? [[name, value] as const] : []
  })
  return Object.fromEntries(found)
}

/** Deeper than any tool's schema, and far from where writing JSON runs out of stack. */
const depthMax = 64

function depthUpTo(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return left > 0 && Object.values(value).every((each) => depthUpTo(each, left - 1))
}
