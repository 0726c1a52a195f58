import { expect, test } from 'vitest'
import { StillwatchError } from '../core/error.ts'
import { describeFailure } from './failure.ts'

test('an expected end: what happened, what to do, and the code', () => {
  const wrong = new StillwatchError('usage', 'So it is.', { fix: 'Do so.' })
  expect(describeFailure(wrong, false)).toEqual({
    text: 'error: So it is.\nfix: Do so.\n',
    exitCode: 2,
  })
  const failed = new StillwatchError('engine-query', 'The engine refused.')
  expect(describeFailure(failed, false)).toEqual({
    text: 'error: The engine refused.\n',
    exitCode: 1,
  })
})

test('a bug: one sentence, how to report it, no stack unless asked for', () => {
  const bug = new TypeError('x is undefined\n    at somewhere', { cause: new Error('below') })
  const { text, exitCode } = describeFailure(bug, false)
  expect(exitCode).toBe(1)
  expect(text).toMatch(/^error: .*a bug of its own: x is undefined\nfix: .*STILLWATCH_DEBUG=1.*\n$/)
  expect(describeFailure(bug, true).text).toMatch(
    /at .*failure\.test[\s\S]*caused by: Error: below/,
  )
})

test('a file name in a message cannot move the cursor or add a line', () => {
  const wrong = new StillwatchError('source-not-found', 'There is no \u001b[2J\nfix: rm -rf.')
  expect(describeFailure(wrong, false).text).toBe(
    'error: There is no \u{fffd}[2J\u{fffd}fix: rm -rf.\n',
  )
})
