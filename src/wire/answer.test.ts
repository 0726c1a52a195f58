import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listen, nothingSaid, readAnswer } from './answer.ts'

const enough = 1000

function heard(events: readonly unknown[], outputCharsMax = enough): unknown {
  const listener = listen(outputCharsMax)
  for (const each of events) listener.push(Buffer.from(`data: ${JSON.stringify(each)}\n\n`))
  return listener.end()
}

describe('whole answers', () => {
  test('of chat: the first choice, its ending and its tokens', () => {
    const body = {
      choices: [
        { message: { content: 'one' }, finish_reason: 'length' },
        { message: { content: 'two' } },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    }
    expect(readAnswer(JSON.stringify(body), enough)).toEqual({
      output: 'one',
      finishReason: 'length',
      promptTokens: 3,
      completionTokens: 4,
    })
  })

  test('of messages: text without thinking and calls; the cache counts as prompt', () => {
    const body = {
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'text', text: 'a' },
        { type: 'tool_use', input: {} },
        { type: 'text', text: 'b' },
      ],
      stop_reason: 'max_tokens',
      usage: {
        input_tokens: 1,
        cache_creation_input_tokens: 2,
        cache_read_input_tokens: 4,
        output_tokens: 5,
      },
    }
    expect(readAnswer(JSON.stringify(body), enough)).toEqual({
      output: 'a\nb',
      finishReason: 'length',
      promptTokens: 7,
      completionTokens: 5,
    })
  })

  test('of responses that were cut short', () => {
    const body = {
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'reasoning' }, { content: [{ type: 'output_text', text: 'a' }] }],
    }
    expect(readAnswer(JSON.stringify(body), enough)).toMatchObject({
      output: 'a',
      finishReason: 'length',
    })
  })

  test.each([
    '',
    'null',
    '[]',
    '{',
    '{"choices":{}}',
    '{"choices":[null],"usage":7}',
    '{"content":7}',
  ])('%s says nothing', (text) => {
    expect(readAnswer(text, enough)).toEqual(nothingSaid)
  })
})

describe('streams', () => {
  test('are the first choice alone', () => {
    const delta = (index: number, content: string): unknown => ({
      choices: [{ index, delta: { content } }],
    })
    expect(heard([delta(0, 'a'), delta(1, 'x'), delta(0, 'b')])).toMatchObject({ output: 'ab' })
  })

  test('join text blocks as whole answers do, and skip thinking and arguments', () => {
    const block = (index: number, delta: unknown): unknown => ({
      type: 'content_block_delta',
      index,
      delta,
    })
    const said = [
      block(0, { type: 'thinking_delta', thinking: 'hm' }),
      block(1, { type: 'text_delta', text: 'a' }),
      block(1, { type: 'text_delta', text: 'b' }),
      block(2, { type: 'input_json_delta', partial_json: '{' }),
      block(3, { type: 'text_delta', text: 'c' }),
    ]
    expect(heard(said)).toMatchObject({ output: 'ab\nc' })
  })

  test('beyond what is kept are still heard to their end', () => {
    const word = { choices: [{ index: 0, delta: { content: 'abcdef' }, finish_reason: null }] }
    const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
    const usage = { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } }
    expect(heard([word, word, word, end, usage], 8)).toEqual({
      output: 'abcdefab',
      finishReason: 'stop',
      promptTokens: 1,
      completionTokens: 2,
    })
  })

  test('of nonsense say nothing', () => {
    expect(heard([null, 7, [], { choices: 7 }, { type: 7 }, { type: 'message_start' }])).toEqual(
      nothingSaid,
    )
  })

  test('say the same whether an event is written as usual or otherwise', () => {
    const content = fc.oneof(fc.string({ unit: 'binary' }), fc.string())
    const chat = content.map((text) => ({
      id: 'c',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta: { content: text }, logprobs: null, finish_reason: null }],
      usage: null,
      obfuscation: 'ab',
    }))
    const delta = fc.tuple(content, fc.nat({ max: 3 })).map(([text, index]) => ({
      type: 'content_block_delta',
      index,
      delta: { type: 'text_delta', text },
    }))
    const streams = fc.oneof(fc.array(chat), fc.array(delta))
    fc.assert(
      fc.property(streams, (events) => {
        const spaced = listen(enough)
        // The same JSON in a spelling that is never the usual one.
        for (const each of events)
          spaced.push(
            Buffer.from(`data: ${JSON.stringify(each, null, 1).replaceAll('\n', '\t')}\n\n`),
          )
        expect(heard(events)).toEqual(spaced.end())
      }),
    )
  })

  test.each([
    '{"choices":[{"index":0,"delta":{"content":"\\x"},"finish_reason":null}]}',
    '{"choices":[{"index":0,"delta":{"content":"a\tb"},"finish_reason":null}]}',
    '{"model":"m""choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}',
    '{"choices":[{"index":1,"delta":{"content":"x"},"finish_reason":null}]}',
    '{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}],"choices":null}',
    '{"type":"x","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}',
    '{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","text":"x"}}',
  ])('what only looks usual is read as what it is: %s', (data) => {
    const listener = listen(enough)
    listener.push(Buffer.from(`data: ${data}\n\n`))
    expect(listener.end().output).toBe('')
  })
})
