import { expect, test } from 'vitest'
import { routeOf } from './route.ts'

test.each([
  ['POST', '/v1/chat/completions', 'chat'],
  ['POST', '/v1/chat/completions?beta=true', 'chat'],
  ['POST', '/v1//messages/', 'message'],
  ['POST', '/V1/%6Dessages', 'message'],
  ['POST', '/v1/messages/count_tokens', 'count'],
  ['HEAD', '/v1/models', 'models'],
  ['GET', '/v1/models/m', 'other'],
  ['POST', '/constructor', 'other'],
  ['POST', '/v1/messages%00', 'other'],
  ['POST', '/chat/completions', 'chat'],
  ['POST', '/messages', 'message'],
  ['POST', '/messages/count_tokens', 'count'],
  ['POST', '/responses', 'response'],
  ['POST', '/openai/v1/chat/completions', 'chat'],
  ['POST', '/OpenAI//embeddings', 'embedding'],
  ['POST', '/v1beta/openai/chat/completions', 'chat'],
  ['POST', '/v1/openai/completions', 'completion'],
  ['POST', '/api/v1/chat/completions', 'chat'],
  ['POST', '/anthropic/v1/messages', 'message'],
  ['POST', '/engines/m/chat/completions', 'chat'],
  ['GET', '/models', 'models'],
  ['GET', '/messages', 'other'],
  ['POST', '/v1/threads/t/messages', 'other'],
  ['POST', '/v1/v1/messages', 'other'],
  ['POST', '/files', 'other'],
  ['POST', '/', 'other'],
])('%s %s is %s', (method, target, kind) => {
  expect(routeOf(method, target, false)).toMatchObject({ is: 'route', route: { kind } })
})

test.each([
  '*',
  'http://x/v1/models',
  '/v1/../x',
  '/v1/%2e%2E/x',
  '/v1/..%2fx',
  '/v1/.%5cx',
  '/%zz',
])('%s is sent nowhere', (target) => {
  expect(routeOf('GET', target, false).is).toBe('malformed')
})

test('under another name a route is known, and answered in its dialect', () => {
  expect(routeOf('POST', '/anthropic/v1/messages', false)).toEqual({
    is: 'route',
    route: { kind: 'message', dialect: 'anthropic', path: '/v1/messages' },
  })
})

test('a wrong method says which is right', () => {
  expect(routeOf('GET', '/v1/messages', false)).toMatchObject({
    is: 'wrong-method',
    allowed: 'POST',
  })
})

test('who sends anthropic-version is answered in that dialect where the path does not tell', () => {
  expect(routeOf('GET', '/v1/models', true)).toMatchObject({ route: { dialect: 'anthropic' } })
  expect(routeOf('POST', '/v1/chat/completions', true)).toMatchObject({
    route: { dialect: 'openai' },
  })
})
