import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { peek } from './peek.ts'
import { rateLimitHeaders } from './rate-limit.ts'
import { usedTokens } from './used.ts'
import { nothingSaid } from './answer.ts'

const chat = (body: object): ReturnType<typeof peek> => peek('chat', JSON.stringify(body))

test.each([
  ['chat completions', { logprobs: true }, true],
  ['chat completions, none', { logprobs: false, top_logprobs: null }, false],
  ['completions, of what was chosen', { logprobs: 0 }, true],
  ['a bias', { logit_bias: { '50256': -100 } }, true],
  ['an empty bias', { logit_bias: {} }, false],
  ['the Responses API', { include: ['message.output_text.logprobs'] }, true],
  ['vLLM, of the prompt', { prompt_logprobs: 1 }, true],
  ['Go reads names of any case', { LogProbs: true }, true],
  ['nothing of the kind', { temperature: 0 }, false],
])('likelihoods: %s', (_, body, asked) => {
  expect(chat(body).likelihoods).toBe(asked)
})

test('tokens: a quarter of the text, and as many answers as are asked for, as long as they may be', () => {
  const body = { messages: [{ role: 'user', content: 'x'.repeat(394) }], max_tokens: 50, n: 3 }
  expect(chat(body).tokens).toEqual({ prompt: 100, output: 150 })
  expect(chat({ input: 'Hello' }).tokens.output).toBe(1000)
  expect(peek('embedding', '{"input":"Hello"}').tokens.output).toBe(0)
})

test('tokens: an image is not taken for text', () => {
  const data = Buffer.alloc(300_000, 7).toString('base64')
  const url = `data:image/png;base64,${data}`
  expect(chat({ image_url: { url }, source: { data } }).tokens.prompt).toBe(3000)
})

test('whatever the body is, it is looked at, and nothing is thrown', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  expect(peek('chat', deep).models).toEqual([])
  expect(peek('chat', `{"logit_bias":${deep}}`).likelihoods).toBe(true)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const { tokens } = peek('chat', text)
      expect(tokens.prompt).toBeGreaterThanOrEqual(0)
      expect(Number.isFinite(tokens.output)).toBe(true)
    }),
  )
})

test('used is what the answer tells; where it tells nothing, what was heard of it', () => {
  const expected = { prompt: 100, output: 1000 }
  const heard = { status: 200, bytes: 8000, clientLeft: false }
  const told = { ...nothingSaid, promptTokens: 7, completionTokens: 9 }
  expect(usedTokens(expected, told, heard)).toBe(16)
  expect(usedTokens(expected, { ...nothingSaid, output: 'x'.repeat(400) }, heard)).toBe(200)
  expect(usedTokens(expected, nothingSaid, heard)).toBe(120)
  expect(usedTokens(expected, nothingSaid, { ...heard, status: 500 })).toBe(0)
  expect(usedTokens(expected, nothingSaid, { ...heard, status: 0, clientLeft: true })).toBe(100)
})

test('limits are told as each provider tells them', () => {
  const met = { counts: 'tokens', max: 1000, remaining: 5, waitMs: 90_500 } as const
  const now = new Date('2026-01-01T00:00:00Z')
  expect(rateLimitHeaders('openai', met, now).slice(4)).toEqual([
    'x-ratelimit-reset-tokens',
    '1m31s',
  ])
  expect(rateLimitHeaders('anthropic', met, now).slice(4)).toEqual([
    'anthropic-ratelimit-tokens-reset',
    '2026-01-01T00:01:30.500Z',
  ])
})
