import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAsked } from './asked.ts'

test('Anthropic’s words become the record’s', () => {
  const body = {
    model: 'c',
    system: [
      { type: 'text', text: 'Be' },
      { type: 'text', text: 'short.' },
    ],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: {} },
          { type: 'text', text: 'What is it?' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', name: 'look', input: {} }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', content: [{ type: 'text', text: 'a gull' }] }],
      },
    ],
    max_tokens: 9,
    stop_sequences: ['END'],
    metadata: { user_id: 'somebody' },
  }
  expect(readAsked('message', JSON.stringify(body))).toEqual({
    model: 'c',
    messages: [
      { role: 'system', content: 'Be\nshort.' },
      { role: 'user', content: 'What is it?' },
      { role: 'assistant', content: '' },
      { role: 'tool', content: 'a gull' },
    ],
    max_tokens: 9,
    stop: ['END'],
  })
})

test('the Responses API’s words become the record’s', () => {
  const body = {
    model: 'm',
    instructions: 'Be short.',
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      { type: 'function_call', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: '1', output: 'a gull' },
    ],
    max_output_tokens: 5,
    reasoning: { effort: 'low' },
  }
  expect(readAsked('response', JSON.stringify(body))).toEqual({
    model: 'm',
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Hi' },
      { role: 'tool', content: 'a gull' },
    ],
    max_tokens: 5,
    reasoning_effort: 'low',
  })
})

test('a parameter of the wrong kind, or nested like a bomb, is left out', () => {
  const bomb = JSON.parse('['.repeat(1000) + ']'.repeat(1000)) as unknown
  const body = { model: 'm', messages: [], temperature: 'hot', n: 2, tools: bomb, stop: [1] }
  expect(readAsked('chat', JSON.stringify(body))).toEqual({ model: 'm', messages: [], n: 2 })
})

test('of more text than any model reads, the last is kept', () => {
  const messages = Array.from({ length: 3 }, (_, at) => ({
    role: 'user',
    content: String(at).repeat(2_000_000),
  }))
  const asked = readAsked('chat', JSON.stringify({ model: 'm', messages }))
  const lengths = asked?.messages.map(({ content }) => content?.length)
  expect(lengths).toEqual([194_304, 2_000_000, 2_000_000])
})

test('whatever JSON a body is, reading it ends well and can be written again', () => {
  const kinds = fc.constantFrom('chat', 'completion', 'response', 'message', 'other')
  const body = fc.record({ model: fc.string(), messages: fc.jsonValue(), input: fc.jsonValue() })
  fc.assert(
    fc.property(kinds, fc.oneof(fc.jsonValue(), body), (kind, value) => {
      const asked = readAsked(kind, JSON.stringify(value))
      expect(() => JSON.stringify(asked)).not.toThrow()
    }),
  )
})
