import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Environment, readConfig } from './config.ts'

const least = `upstreams:
  - url: https://api.example.com
    dialect: both
on_engine_loss: allow
`

function problems(text: string, environment: Environment = {}): readonly string[] {
  const read = readConfig(text, environment)
  return read.is === 'config'
    ? []
    : read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

test('the least there can be is filled in with what the schema says', () => {
  const read = readConfig(least, {})
  expect(read.is === 'config' && read.config).toMatchObject({
    listen: { host: '127.0.0.1', port: 8080 },
    admin: { port: 9090 },
    routes: { unknown: 'pass' },
    trusted_proxies: [],
    log_level: 'info',
    limits: { body_bytes_max: 33_554_432, upstream_connections_max: 1024 },
  })
})

test('the version changes with a setting, and not with a comment or an order', () => {
  const version = (text: string): string => {
    const read = readConfig(text, {})
    return read.is === 'config' ? read.version : 'none'
  }
  expect(version(`# a comment\n${least}`)).toBe(version(least))
  expect(version(`log_level: warn\n${least}`)).not.toBe(version(least))
  expect(version(`log_level: warn\n${least}`)).toBe(version(`${least}log_level: warn\n`))
})

describe('what is wrong is told by line and column, with what to do', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'no decision on loss',
      least.replace(/on_engine.*\n/, ''),
      /^1:1 the file needs on_engine_loss\. Write/,
    ],
    [
      'a slip of the finger',
      `${least}limits:\n  body_byte_max: 5\n`,
      /^6:3 There is no setting body_byte_max in limits\. Did you mean body_bytes_max\?/,
    ],
    [
      'an unknown setting',
      `${least}zebra: 1\n`,
      /^5:1 There is no setting zebra in the file\. It may have listen, /,
    ],
    [
      'a wrong kind',
      `${least}limits:\n  body_bytes_max: lots\n`,
      /^6:19 limits\.body_bytes_max must be integer/,
    ],
    [
      'too little',
      `${least}limits:\n  body_bytes_max: 1\n`,
      /^6:19 limits\.body_bytes_max must be >= 1024/,
    ],
    [
      'no choice',
      `${least}log_level: loud\n`,
      /^5:12 log_level must be one of error, warn, info, debug\./,
    ],
    [
      'no network',
      `${least}trusted_proxies: [10.0.0.0/33]\n`,
      /^5:19 trusted_proxies\.0 is no address/,
    ],
    [
      'an address that no header can hold',
      `${least}policy:\n  reasons_url: https://example.com/fälle/{case}\n`,
      /^6:16 policy\.reasons_url is not of the right form/,
    ],
    [
      'a mark without a watermark',
      `${least}policy:\n  rules:\n    - when: {verdict: flagged}\n      action: mark\n`,
      /^8:15 policy\.rules\.0: There is no watermark yet/,
    ],
    [
      'less evidence than an action needs',
      `${least}policy:\n  rules:\n    - when: {verdict: flagged}\n      action: refuse\n      bucket_min: 1\n`,
      /^9:19 policy\.rules\.0: bucket_min is below the floor of refuse, which is 4\.$/,
    ],
    [
      'more than a suspicion allows',
      `${least}policy:\n  rules:\n    - when: {verdict: watch}\n      action: withhold\n`,
      /^7:13 policy\.rules\.0: withhold is for flagged accounts only/,
    ],
    [
      'a url with a password',
      least.replace('https://', 'https://u:p@'),
      /^2:10 upstreams\.0\.url is not of the right form/,
    ],
    ['no YAML', `${least}limits: [\n`, /^\d+:\d+ This is not YAML: /],
    [
      'a name twice',
      `${least}on_engine_loss: refuse\n`,
      /^5:1 This is not YAML: Map keys must be unique/,
    ],
    [
      'no such variable',
      `${least}admin:\n  token: \${NOWHERE}\n`,
      /^6:10 The environment has no variable NOWHERE\./,
    ],
    ['nothing', '', /^1:1 the file must be object/],
  ]
  test.each(cases)('%s', (_, text, said) => {
    const found = problems(text)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(said)
  })
})

test('several problems are told at once, in their order', () => {
  const found = problems(`${least}log_level: loud\nlimits:\n  body_bytes_max: 1\n`)
  expect(found.map((each) => each.split(' ')[0])).toEqual(['5:12', '7:19'])
})

describe('the environment', () => {
  test('gives values, numbers among them where they stand alone', () => {
    const text = `${least}listen:\n  port: \${PORT}\n  host: "\${HOST}"\nadmin:\n  token: \${A}-\${B}-and-more\n`
    const read = readConfig(text, { PORT: '81', HOST: '0.0.0.0', A: '12345678', B: '1234567' })
    expect(read.is === 'config' && [read.config.listen, read.config.admin.token]).toEqual([
      { port: 81, host: '0.0.0.0' },
      '12345678-1234567-and-more',
    ])
  })

  test('cannot add settings, whatever a variable holds', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 16, unit: 'binary' }), (value) => {
        const read = readConfig(`${least}admin:\n  token: x\${T}\n`, { T: value })
        expect(read.is === 'config' && read.config.admin.token).toBe(`x${value}`)
      }),
    )
  })

  test('is never quoted in what is wrong', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[g-z]{20}$/), (secret) => {
        const everywhere = `upstreams:\n  - url: \${S}\n    dialect: \${S}\non_engine_loss: \${S}\nadmin:\n  port: \${S}\ntrusted_proxies: ["\${S}"]\n`
        expect(problems(everywhere, { S: secret }).join('\n')).not.toContain(secret)
      }),
    )
  })
})

test('whatever the text is, it is read or told, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(['config', 'problems']).toContain(readConfig(text, {}).is)
    }),
  )
})

test('every number’s name ends in what it counts and “max”', () => {
  const file = new URL('../../docs/stillwatch.schema.json', import.meta.url)
  const schema = JSON.parse(readFileSync(file, 'utf8')) as {
    properties: { limits: { properties: Readonly<Record<string, unknown>> } }
  }
  for (const name of Object.keys(schema.properties.limits.properties))
    expect(name).toMatch(/(bytes|chars|seconds|records|connections|waiting|accounts)_max$/)
})

test('the environment gives the admin token where the file has none, and it is held to the same', () => {
  const tokenOf = (text: string, STILLWATCH_ADMIN_TOKEN: string): unknown => {
    const read = readConfig(text, { STILLWATCH_ADMIN_TOKEN })
    return read.is === 'config' ? read.config.admin.token : read.problems
  }
  const given = 'x'.repeat(32)
  expect(tokenOf(least, given)).toBe(given)
  expect(tokenOf(`${least}admin:\n  port: 1\n`, given)).toBe(given)
  expect(tokenOf(`${least}admin:\n  token: ${'y'.repeat(20)}\n`, given)).toBe('y'.repeat(20))
  expect(tokenOf(least, '')).toBeUndefined()
  expect(problems(least, { STILLWATCH_ADMIN_TOKEN: 'short' })).toHaveLength(1)
  expect(problems(`${least}admin: 1\n`, { STILLWATCH_ADMIN_TOKEN: given })).toHaveLength(1)
})
