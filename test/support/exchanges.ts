import type { Exchange } from '../../src/record/index.ts'

/** The `n`th exchange of a made-up log: one a minute, seven accounts in turn. */
export function exchange(n: number, change: Partial<Exchange> = {}): Exchange {
  return {
    id: `req_${n}`,
    time: new Date(Date.UTC(2026, 3, 1) + n * 60_000).toISOString(),
    account: `acct_${n % 7}`,
    key: `key_${n % 7}`,
    ip: `198.51.100.${n % 250}`,
    user_agent: 'OpenAI/Python 1.109.1',
    path: '/v1/chat/completions',
    request: {
      model: 'atlas-mini-1',
      messages: [{ role: 'user', content: `What is the capital of country number ${n}, please?` }],
    },
    status: 200,
    usage: { prompt_tokens: 10, completion_tokens: 20 },
    finish_reason: 'stop',
    output: `The capital of country number ${n} is a fine city on a river, and it is well known.`,
    latency_ms: 100,
    ...change,
  }
}

export function line(n: number, change: Partial<Exchange> = {}): string {
  return JSON.stringify(exchange(n, change))
}

/** Lines `from` up to `to`, each ended by a newline. */
export function log(from: number, to: number): string {
  let text = ''
  for (let n = from; n < to; n++) text += `${line(n)}\n`
  return text
}

export const now = new Date('2026-07-01T00:00:00Z')
