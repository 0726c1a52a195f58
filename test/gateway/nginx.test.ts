import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI, { PermissionDeniedError, RateLimitError } from 'openai'
import { describe, expect, test } from 'vitest'
import { root } from '../support/cli.ts'
import { decideToken, type Deciding, deciding } from '../support/deciding.ts'
import { folder } from '../support/folder.ts'
import { flagged, nameOfKey } from '../support/policing.ts'
import { freePort, program } from '../support/proxy.ts'
import { text, upstream } from '../support/upstream.ts'

// A real nginx that asks Stillwatch before it passes a request on, with the settings that docs/adapters.md shows.

const found = spawnSync('nginx', ['-v']).status === 0
if (!found)
  process.stderr.write('skipped: the real nginx, for there is none (apt-get install nginx)\n')

/** The part of nginx.conf that the page shows. */
const shown = /^```nginx\n([\s\S]*?)^```$/m.exec(
  readFileSync(join(root, 'docs/adapters.md'), 'utf8'),
)?.[1]

async function nginx(api: string, here: Deciding): Promise<string> {
  const port = await freePort()
  const server = (shown ?? '')
    .replaceAll('https://api.openai.com', api)
    .replaceAll('http://127.0.0.1:8081', here.decideUrl)
    .replaceAll('token-of-your-own', decideToken)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
  const at = folder({
    'nginx.conf': `
      daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
      events { worker_connections 64; }
      http {
        access_log off;
        client_body_temp_path body; proxy_temp_path proxy;
        fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
        ${server.replace(/\}\s*$/, 'location = /up { return 200; } }')}
      }`,
  })
  const url = `http://127.0.0.1:${port}`
  await program(['nginx', '-p', at, '-c', 'nginx.conf', '-e', 'stderr'], {
    cwd: at,
    url: `${url}/up`,
  })
  return url
}

const question = [{ role: 'user' as const, content: 'When is low tide?' }]

function ask(url: string, key: string): Promise<OpenAI.ChatCompletion> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
  return client.chat.completions.create({ model: 'm', messages: question })
}

const rule = (action: string): object => ({
  when: { verdict: 'flagged' },
  action,
  expires_hours: 24,
})

describe('behind the real nginx', () => {
  test.skipIf(!found)(
    'an honest key passes, a flagged one is refused in its dialect with its case',
    async () => {
      const api = await upstream()
      const policy = {
        enforce: true,
        rules: [rule('refuse')],
        refuse_without_review: ['paid'],
        reasons_url: 'https://api.example.com/cases/{case}',
      }
      const here = await deciding(policy)
      here.stands(nameOfKey('sk-rook'), flagged)
      const url = await nginx(api.url, here)
      const answer = await ask(url, 'sk-heron')
      expect(answer.choices[0]?.message.content).toBe(text)
      expect(api.received[0]?.headers.authorization).toBe('Bearer sk-heron')

      const error: unknown = await ask(url, 'sk-rook').catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(PermissionDeniedError)
      const denied = error as PermissionDeniedError
      expect(denied).toMatchObject({ status: 403, code: 'account_refused' })
      expect(denied.message).toMatch(/model extraction is alleged\. Case S-[0-9a-f]{16}/)
      expect(denied.headers.get('x-stillwatch-reasons')).toMatch(/cases\/S-[0-9a-f]{16}$/)
      expect(denied.headers.get('x-should-retry')).toBe('false')
      expect(api.received).toHaveLength(1)
    },
  )

  test.skipIf(!found)(
    'a slowed key waits, and beyond its concurrency gets 429, which nginx itself would make a 500 of',
    async () => {
      const api = await upstream()
      const slow = { delay_ms_first: 400, delay_ms_max: 400, concurrency_max: 1 }
      const here = await deciding({ enforce: true, rules: [rule('slow')], slow })
      here.stands(nameOfKey('sk-rook'), flagged)
      const url = await nginx(api.url, here)
      const started = performance.now()
      const first = ask(url, 'sk-rook')
      await new Promise((done) => setTimeout(done, 100))
      const error: unknown = await ask(url, 'sk-rook').catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(RateLimitError)
      expect((error as RateLimitError).headers.get('retry-after')).toBe('2')
      expect((await first).choices).toHaveLength(1)
      expect(performance.now() - started).toBeGreaterThanOrEqual(398)
    },
  )

  test.skipIf(!found)('who claims to be somebody else is not believed', async () => {
    const api = await upstream()
    const here = await deciding({
      enforce: true,
      rules: [rule('refuse')],
      refuse_without_review: ['paid'],
    })
    here.stands('rook', flagged)
    const url = await nginx(api.url, here)
    const answer = await fetch(`${url}/v1/models`, {
      headers: { 'x-stillwatch-account': 'rook', authorization: 'Bearer sk-heron' },
    })
    expect(answer.status).toBe(200)
  })
})

describe('what such a proxy is answered, without nginx', () => {
  const headers = { 'x-stillwatch-account': 'rook', 'x-forwarded-uri': '/v1/messages' }
  const refusing = { enforce: true, rules: [rule('refuse')], refuse_without_review: ['paid'] }

  test('204, or 403 in the dialect of the path, with the same in a header', async () => {
    const here = await deciding(refusing)
    expect((await here.ask('/v1/decide/auth', undefined, headers)).status).toBe(204)
    here.stands('rook', flagged)
    const answer = await here.ask('/v1/decide/auth', undefined, headers)
    expect(answer.status).toBe(403)
    const body = (await answer.json()) as object
    expect(body).toMatchObject({ type: 'error', error: { type: 'permission_error' } })
    expect(JSON.parse(answer.headers.get('x-stillwatch-error') ?? '')).toEqual(body)
  })

  test('two keys that differ are a 401, for either might name the account', async () => {
    const here = await deciding(refusing)
    const answer = await here.ask('/v1/decide/auth', undefined, {
      authorization: 'Bearer sk-heron',
      'api-key': 'sk-rook',
      'x-stillwatch-token': decideToken,
    })
    expect(answer.status).toBe(401)
    expect(await answer.text()).toContain('two different API keys')
  })
})
