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
