import type { ExchangeRequest } from '../record/index.ts'

export type Label = 'benign' | 'attack' | 'grey'

export type Account = {
  readonly id: string
  readonly key: string
  readonly org?: string
  /** Day opened, `YYYY-MM-DD`. */
  readonly created: string
  readonly label: Label
  readonly cls: string
  readonly campaign: string | null
  /** When a campaign got hold of it, in milliseconds since 1970; from the first day where left out. */
  readonly since?: number
}

/** Where a request came from, as the API sees it. */
export type Client = { readonly ip: string; readonly country: string; readonly userAgent: string }

/** What came back; `text` in full, of which the log keeps the first characters. */
export type Answer = {
  readonly text: string
  readonly finish: 'stop' | 'length' | 'tool_calls'
  readonly completionTokens: number
  /** The rest of the text, where only the beginning was written. */
  readonly rest?: () => string
}

/** One exchange before it has an id. */
export type Draft = {
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  readonly account: Account
  readonly client: Client
  readonly request: ExchangeRequest
  /** Null where the request was refused. */
  readonly answer: Answer | null
  /** Why it was refused; for its rate where left out. */
  readonly status?: 403 | 429
}

/** Exchanges in time order, none before `start`; opened only when the time has come. */
export type Thread<T extends { readonly at: number } = Draft> = {
  readonly start: number
  readonly open: () => Iterator<T>
}

/** Accounts that act as one: a person, a product, a pool. */
export type Source = Thread & { readonly accounts: readonly Account[] }
