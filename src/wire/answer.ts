import { eventReader, type ServerEvent } from './events.ts'

/** What an answer said, in the words of the exchange record. */
export type Answer = {
  /** The first choice's text, or its beginning. */
  readonly output: string
  readonly finishReason: string | null
  readonly promptTokens: number | null
  readonly completionTokens: number | null
}

export const nothingSaid: Answer = {
  output: '',
  finishReason: null,
  promptTokens: null,
  completionTokens: null,
}

/** One vocabulary for why an answer ended, OpenAI's; as the audit's other formats have it. */
const endings: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  completed: 'stop',
  max_tokens: 'length',
  max_output_tokens: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
}

type Tree = Readonly<Record<string, unknown>>

function tree(value: unknown): Tree | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : null
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function word(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** Parses JSON, or gives null: what upstream sent is passed on whatever it is. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Reads a whole answer, of chat completions, completions, the Responses API or Messages. */
export function readAnswer(text: string, outputCharsMax: number): Answer {
  const body = tree(parsed(text))
  if (!body) return nothingSaid
  const choice = tree(list(body['choices'])[0])
  const said =
    word(tree(choice?.['message'])?.['content']) ??
    word(choice?.['text']) ??
    (texts(body['content']) ||
      list(body['output'])
        .map((item) => texts(tree(item)?.['content']))
        .filter((each) => each !== '')
        .join('\n'))
  return {
    output: said.slice(0, outputCharsMax),
    finishReason: ending(
      word(choice?.['finish_reason']) ?? word(body['stop_reason']) ?? responseEnding(body),
    ),
    ...usageOf(tree(body['usage'])),
  }
}

/** The text of parts, one to a line; thinking, images and calls have none. */
function texts(parts: unknown): string {
  return list(parts)
    .map((part) => word(tree(part)?.['text']) ?? '')
    .filter((each) => each !== '')
    .join('\n')
}

function responseEnding(body: Tree): string | null {
  const reason = word(tree(body['incomplete_details'])?.['reason'])
  return reason ?? (Array.isArray(body['output']) ? word(body['status']) : null)
}

function ending(reason: string | null): string | null {
  if (reason === null) return null
  return Object.hasOwn(endings, reason) ? (endings[reason] ?? reason) : reason
}

type Usage = Pick<Answer, 'promptTokens' | 'completionTokens'>

/** Anthropic counts what came from the cache, and what went into it, apart. */
function usageOf(usage: Tree | null): Usage {
  const input = count(usage?.['input_tokens'])
  const cached =
    (count(usage?.['cache_read_input_tokens']) ?? 0) +
    (count(usage?.['cache_creation_input_tokens']) ?? 0)
  return {
    promptTokens: count(usage?.['prompt_tokens']) ?? (input === null ? null : input + cached),
    completionTokens: count(usage?.['completion_tokens']) ?? count(usage?.['output_tokens']),
  }
}

/** Hears an event stream and gives what it said so far. */
export type StreamListener = {
  readonly push: (chunk: Buffer) => void
  readonly end: () => Answer
}

/** What has been heard so far, put together. */
type Transcript = {
  readonly full: () => boolean
  readonly say: (text: unknown) => void
  /** Says something in a part of the answer; parts are joined as `readAnswer` joins them. */
  readonly sayIn: (part: unknown, text: unknown) => void
  readonly use: (usage: unknown) => void
  readonly end: (reason: unknown) => void
  readonly answer: () => Answer
}

function transcript(outputCharsMax: number): Transcript {
  let output = ''
  let block: unknown = null
  let finishReason: string | null = null
  let usage: Usage = { promptTokens: null, completionTokens: null }
  const say = (text: unknown): void => {
    if (typeof text === 'string' && output.length < outputCharsMax)
      output = (output + text).slice(0, outputCharsMax)
  }
  return {
    full: () => output.length >= outputCharsMax,
    say,
    sayIn: (part, text) => {
      if (block !== null && part !== block && output !== '') say('\n')
      block = part
      say(text)
    },
    use: (given) => {
      const { promptTokens, completionTokens } = usageOf(tree(given))
      usage = {
        promptTokens: promptTokens ?? usage.promptTokens,
        completionTokens: completionTokens ?? usage.completionTokens,
      }
    },
    end: (reason) => {
      finishReason = ending(word(reason)) ?? finishReason
    },
    answer: () => ({ output, finishReason, ...usage }),
  }
}

/** Puts the deltas of a stream together, whichever dialect it is in; the text up to `outputCharsMax`. */
export function listen(outputCharsMax: number): StreamListener {
  const so = transcript(outputCharsMax)
  const hear = ({ data }: ServerEvent): void => {
    // What can tell nothing more is not parsed: after the limit only the end of the stream counts.
    if (so.full() && !tellsOfEnd.test(data)) return
    if (hearUsual(so, data)) return
    const body = data.startsWith('{') ? tree(parsed(data)) : null
    if (!body) return
    const type = word(body['type'])
    if (type === null) hearChunk(so, body)
    else hearTyped(so, type, body)
  }
  const reader = eventReader(hear)
  return {
    push: reader.push,
    end: () => {
      reader.end()
      return so.answer()
    },
  }
}

/** A longer event is parsed like any other. */
const usualCharsMax = 4096
const said = String.raw`"([^"\\\0-\x1f]*(?:\\.[^"\\\0-\x1f]*)*)"`
/** The delta of a chat completion with nothing else in it, as OpenAI and those who copy it write it. */
const usualChunk = new RegExp(
  String.raw`^\{((?:"(?:id|object|created|model|service_tier|system_fingerprint)":(?:0|[1-9]\d*|null|"[^"\\\0-\x1f]*"),)*)"choices":\[\{"index":0,"delta":\{"content":${said}\}(?:,"logprobs":null)?,"finish_reason":null\}\](?:,"(?:usage|obfuscation)":(?:null|"[^"\\\0-\x1f]*"))*\}$`,
)
/** The same of a message, as Anthropic writes it, with the spaces it pads with. */
const usualDelta = new RegExp(
  String.raw`^\{"type":"content_block_delta","index":(0|[1-9]\d{0,5}),"delta":\{"type":"text_delta","text":${said}\} *\}$`,
)

/** Hears what nearly every event of a stream is, without building its tree: in half the time or less. False for any other. */
function hearUsual(so: Transcript, data: string): boolean {
  if (data.length > usualCharsMax) return false
  const chunk = usualChunk.exec(data)
  const found = chunk ?? usualDelta.exec(data)
  const [, first = '', second = ''] = found ?? []
  const text = second.includes('\\') ? parsed(`"${second}"`) : second
  if (found === null || typeof text !== 'string') return false
  if (chunk === null) so.sayIn(Number(first), text)
  else so.say(text)
  return true
}

/** Chat completions and completions: chunks with choices, of which the first counts. */
function hearChunk(so: Transcript, body: Tree): void {
  so.use(body['usage'])
  for (const each of list(body['choices'])) {
    const choice = tree(each)
    if (!choice || (count(choice['index']) ?? 0) !== 0) continue
    so.say(tree(choice['delta'])?.['content'] ?? choice['text'])
    so.end(choice['finish_reason'])
  }
}

/** Messages and the Responses API: events that say what they are. */
function hearTyped(so: Transcript, type: string, body: Tree): void {
  const delta = tree(body['delta'])
  switch (type) {
    case 'message_start':
      return so.use(tree(body['message'])?.['usage'])
    case 'content_block_delta':
      if (delta?.['type'] === 'text_delta') so.sayIn(body['index'], delta['text'])
      return
    case 'message_delta':
      so.end(delta?.['stop_reason'])
      return so.use(body['usage'])
    case 'response.output_text.delta':
      return so.sayIn(
        `${String(body['output_index'])} ${String(body['content_index'])}`,
        body['delta'],
      )
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed': {
      const response = tree(body['response'])
      if (response) so.end(responseEnding(response))
      return so.use(response?.['usage'])
    }
    default:
  }
}

const tellsOfEnd = /"(?:usage|finish_reason|stop_reason|status)"/
