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
})
