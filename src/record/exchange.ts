/** One message of a conversation, in the shape of OpenAI's chat completions. */
export type Message = {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool'
  readonly content: string | readonly { readonly type: string; readonly text?: string }[] | null
  readonly tool_calls?: readonly unknown[]
  readonly tool_call_id?: string
}

/** The request body as the client sent it; fields beyond these are kept by nobody. */
export type ExchangeRequest = {
  readonly model: string
  readonly messages: readonly Message[]
  readonly tools?: readonly unknown[]
  readonly temperature?: number
  readonly top_p?: number
  readonly top_k?: number
  readonly max_tokens?: number
  readonly n?: number
  readonly logprobs?: boolean
  readonly top_logprobs?: number
  readonly logit_bias?: Readonly<Record<string, number>>
  readonly stream?: boolean
  readonly seed?: number
  readonly stop?: string | readonly string[]
  readonly response_format?: unknown
}

/**
 * The native exchange record: one request and what came back, one JSON object a line.
 * `docs/formats/exchange.md` describes each field; `exchange.schema.json` is its JSON Schema.
 */
export type Exchange = {
  readonly id: string
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string
  readonly account: string
  readonly key?: string
  readonly org?: string
  readonly ip?: string
  readonly country?: string
  readonly user_agent?: string
  /** The day the account was opened, `YYYY-MM-DD`. */
  readonly account_created?: string
  readonly path?: string
  readonly request: ExchangeRequest
  /** Fields of the request that the gateway changed on the way, where its policy withholds. */
  readonly rewritten?: readonly string[]
  readonly status: number
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number }
  readonly finish_reason?: string
  /** The first characters of the answer, or all of it. */
  readonly output?: string
  readonly latency_ms?: number
}

/** An exchange as it was seen to pass, whose request may be of no shape the record has. */
export type SeenExchange = Omit<Exchange, 'request'> & { readonly request: ExchangeRequest | null }
