import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editObject } from './members.ts'
import type { RouteKind } from './route.ts'
import { withhold } from './withhold.ts'

const limits = { output_tokens_max: 1024, chat_limit_field: 'max_completion_tokens' } as const

type Case = readonly [
  what: string,
  kind: RouteKind,
  before: string,
  after: string,
  changed: readonly string[],
]

const cases: readonly Case[] = [
  [
    'a chat loses likelihoods, biases and choices, and gets a limit',
    'chat',
    '{"model":"m", "logprobs": true, "top_logprobs": 5,\n "messages":[], "logit_bias":{"5":-1}, "n":4}',
    '{"model":"m", "messages":[], "n":1,"max_completion_tokens":1024}',
    ['logit_bias', 'logprobs', 'max_completion_tokens', 'n', 'top_logprobs'],
  ],
  [
    'a limit it has is lowered, in each name',
    'chat',
    '{"max_tokens": 9000, "max_completion_tokens": 200}',
    '{"max_tokens": 1024, "max_completion_tokens": 200}',
    ['max_tokens'],
  ],
  [
    'what is no limit becomes one',
    'chat',
    '{"max_tokens":null}',
    '{"max_tokens":1024}',
    ['max_tokens'],
  ],
  [
    'a completion without a limit keeps the one of the API',
    'completion',
    '{"prompt":"p","logprobs":0,"best_of":3}',
    '{"prompt":"p","max_tokens":16}',
    ['best_of', 'logprobs', 'max_tokens'],
  ],
  [
    'a response loses its summary and its likelihoods',
    'response',
    '{"reasoning":{"effort":"high","summary":"auto"},"include":["message.output_text.logprobs","x"],"max_output_tokens":9}',
    '{"reasoning":{"effort":"high"},"include":["x"],"max_output_tokens":9}',
    ['include', 'reasoning'],
  ],
  [
    'a message loses its thinking, whose budget would be above the limit',
    'message',
    '{"max_tokens":32000,"thinking":{"type":"enabled","budget_tokens":16000},"messages":[]}',
    '{"max_tokens":1024,"messages":[]}',
    ['max_tokens', 'thinking'],
  ],
  [
    'a chat of a server that shows reasoning is told not to',
    'chat',
    '{"reasoning":{"effort":"low","exclude":false},"include_reasoning":true,"max_tokens":1}',
    '{"reasoning":{"effort":"low","exclude":true},"include_reasoning":false,"max_tokens":1}',
    ['include_reasoning', 'reasoning'],
  ],
  [
    'names in other letters, escaped, and given twice',
    'chat',
    String.raw`{"LogProbs":true,"logprob\u0073":true,"logprobs":false,"logprob\u017f":1,"logprobs":true,"max_tokens":1}`,
    '{"logprobs":false,"max_tokens":1}',
    ['logprobs'],
  ],
  [
    'names with letters that only some servers take for others, as the bytes they come in',
    'chat',
    Buffer.from('{"logprobſ":1,"Key":"é","max_tokens":1}').toString('latin1'),
    Buffer.from('{"Key":"é","max_tokens":1}').toString('latin1'),
    ['logprobs'],
  ],
  ['an embedding has nothing to withhold', 'embedding', '{"n":4}', '{"n":4}', []],
  ['an empty object', 'message', ' { } ', ' {"max_tokens":1024 } ', ['max_tokens']],
]

describe('withholding', () => {
  test.each(cases)('%s', (_, kind, before, after, changed) => {
    expect(withhold(kind, before, limits)).toEqual({ text: after, changed })
  })

  test('asks twice for what it asks once', () => {
    for (const [, kind, , after] of cases)
      expect(withhold(kind, after, limits)).toEqual({ text: after, changed: [] })
  })

  test('does not guess at what is no object of JSON', () => {
    for (const text of ['', '[]', '7', '{"n":4', '\u{feff}{"n":4}', "{'n':4}", '{"n":NaN}'])
      expect(withhold('chat', text, limits)).toBeNull()
  })
})

const pretty = fc.constantFrom(undefined, 1, '\t')

test('an object in which nothing is changed stays what it is, to the character', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), pretty, (value, space) => {
      const text = ` ${JSON.stringify(value, null, space)}\n`
      expect(editObject(text, () => 'keep')).toEqual({ text, changed: [] })
    }),
  )
})

test('the rest of an object is the same, whatever is dropped or put', () => {
  // None that JSON escapes: once the JSON.parse of Node 24.21 has met a name that is a backslash, it takes escaped ones for
  // it. Text with such names is compared to the character, above.
  const names = fc.constantFrom('a', 'b', 'c', '}', ':', ',')
  fc.assert(
    fc.property(
      fc.dictionary(names, fc.jsonValue()),
      pretty,
      names,
      names,
      (value, space, drop, put) => {
        const text = JSON.stringify(value, null, space)
        const done = editObject(
          text,
          (name) => (name === drop ? 'drop' : name === put ? { put: '"new"' } : 'keep'),
          () => ({ added: '1' }),
        )
        // As JSON has it: there is no -0.
        const { [drop]: _, ...rest } = JSON.parse(text) as typeof value
        const wanted = put !== drop && Object.hasOwn(rest, put) ? { ...rest, [put]: 'new' } : rest
        expect(JSON.parse(done?.text ?? '')).toEqual({ ...wanted, added: 1 })
      },
    ),
  )
})

test('numbers too long for a double, escapes and spaces survive', () => {
  const text = String.raw`{ "seed" : 12345678901234567890 ,"t":1.0E+2,"s":"\u00e9\/", "n":2}`
  expect(withhold('chat', text, limits)?.text).toBe(
    String.raw`{ "seed" : 12345678901234567890 ,"t":1.0E+2,"s":"\u00e9\/", "n":1,"max_completion_tokens":1024}`,
  )
})
