import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { Ajv, type ErrorObject } from 'ajv'
import { isMap, isPair, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml'
import type { TierLimits } from '../access/budget.ts'
import type { Tier } from '../access/tier.ts'
import { StillwatchError } from '../core/error.ts'
import type { Dialect } from '../wire/route.ts'
import { type PolicyConfig, policyOddities } from './policy-config.ts'

export type UpstreamConfig = {
  readonly url: string
  readonly dialect: Dialect | 'both'
  /** The provider's, sent in place of the callers' under `keys.mode: virtual`. */
  readonly key?: string
}

export type KeysConfig = {
  readonly mode: 'pass_through' | 'virtual'
  readonly jwt?: JwtConfig
}

/** TLS towards clients; `client_ca` asks them for a certificate. */
export type TlsConfig = {
  readonly cert: string
  readonly key: string
  readonly client_ca?: string
  readonly client: 'required' | 'optional'
  readonly account?: 'subject_cn' | 'san_dns' | 'san_uri' | 'san_email'
  readonly org: boolean
  readonly tier: Tier
}

/** Whose tokens are believed, and what in them names the caller. */
export type JwtConfig = {
  readonly issuer: string
  readonly audience: string
  /** An https address, or a file. */
  readonly jwks: string
  readonly algorithms: readonly string[]
  readonly clock_skew_seconds_max: number
  readonly tier: Tier
  readonly claims: { readonly account: string; readonly org?: string; readonly tier?: string }
}

/** Settings as `docs/stillwatch.schema.json` has them, each filled in. */
export type Config = {
  readonly listen: { readonly host: string; readonly port: number; readonly tls?: TlsConfig }
  readonly admin: { readonly port: number; readonly token?: string }
  readonly upstreams: readonly UpstreamConfig[]
  readonly keys: KeysConfig
  readonly tiers: Readonly<Partial<Record<Tier, TierLimits>>>
  readonly routes: { readonly unknown: 'pass' | 'refuse' }
  readonly on_engine_loss: 'allow' | 'refuse'
  readonly detection: DetectionConfig
  readonly trusted_proxies: readonly string[]
  readonly policy: PolicyConfig
  /** Where other gateways ask; undefined where none may. */
  readonly decide?: DecideConfig
  readonly log_level: LogLevel
  readonly limits: Limits
}

export type DetectionConfig = {
  readonly enabled: boolean
  readonly step_seconds: number
  readonly close_delay_seconds: number
  readonly false_accusations: number
  readonly behind_seconds_max: number
  readonly spool_bytes_max: number
  readonly vouches: readonly string[]
  readonly reviews: readonly string[]
}

export type DecideConfig = {
  readonly host: string
  readonly port: number
  /** Where Envoy asks, by gRPC; undefined where it may not. */
  readonly grpc_port?: number
  /** Who shows it may ask about anybody, and say what anybody asked. */
  readonly token: string
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

export type Limits = {
  readonly body_bytes_max: number
  readonly bodies_bytes_max: number
  readonly header_bytes_max: number
  readonly connections_max: number
  readonly budget_accounts_max: number
  readonly request_seconds_max: number
  readonly idle_seconds_max: number
  readonly stalled_seconds_max: number
  readonly upstream_connections_max: number
  readonly upstream_waiting_max: number
  readonly upstream_waiting_seconds_max: number
  readonly upstream_connect_seconds_max: number
  readonly upstream_answer_seconds_max: number
  readonly upstream_idle_seconds_max: number
  readonly exchange_seconds_max: number
  readonly output_chars_max: number
  readonly queue_records_max: number
  readonly queue_bytes_max: number
  readonly drain_seconds_max: number
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Settings, and a short hash that changes when one of them does. */
export type VersionedConfig = { readonly config: Config; readonly version: string }

/** Something wrong with a settings file; line and column count from 1. */
export type Problem = {
  readonly line: number
  readonly column: number
  readonly message: string
}

export type Reading =
  | { readonly is: 'config'; readonly config: Config; readonly version: string }
  | { readonly is: 'problems'; readonly problems: readonly Problem[] }

const validate = ((): ReturnType<Ajv['compile']> => {
  const file = new URL('../../docs/stillwatch.schema.json', import.meta.url)
  const ajv = new Ajv({ allErrors: true, useDefaults: true, verbose: true })
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object)
})()

/** Reads the text of a settings file. Values never appear in what it says is wrong: one may be a secret. */
export function readConfig(text: string, environment: Environment): Reading {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1), message }
  }
  if (document.errors.length > 0) {
    const said = document.errors.map((each) => at(each.pos[0], yamlMessage(each.message)))
    return { is: 'problems', problems: said }
  }
  const unknown = fillIn(document, environment).map(({ offset, name }) =>
    at(offset, `The environment has no variable ${name}.`),
  )
  if (unknown.length > 0) return { is: 'problems', problems: unknown }
  addToken(document, environment)
  let value: unknown
  try {
    value = document.toJS()
  } catch {
    // The library refuses aliases that multiply (“billion laughs”).
    return { is: 'problems', problems: [at(0, 'The aliases in this file cannot be resolved.')] }
  }
  if (!validate(value))
    return {
      is: 'problems',
      problems: distinct((validate.errors ?? []).map((each) => explained(each, document, at))),
    }
  // The schema has just said so.
  const config = value as Config
  const odd = oddities(config).map(({ path, message }) => at(offsetOf(document, path), message))
  if (odd.length > 0) return { is: 'problems', problems: odd }
  return { is: 'config', ...versioned(config) }
}

/** The settings of `--upstream` alone. Throws `config-unusable` where one makes no sense. */
export function configOf(given: {
  readonly upstream: UpstreamConfig
  readonly listen: { readonly host?: string; readonly port?: number }
  readonly adminPort?: number
  readonly token?: string
  readonly detect: boolean
}): VersionedConfig {
  const value = {
    listen: { ...given.listen },
    admin: {
      ...(given.adminPort === undefined ? {} : { port: given.adminPort }),
      ...(given.token === undefined ? {} : { token: given.token }),
    },
    upstreams: [{ ...given.upstream }],
    on_engine_loss: 'allow',
    detection: { enabled: given.detect },
  }
  const odd = validate(value) ? oddities(value as unknown as Config) : [{ message: words() }]
  // The schema has just said that it is one.
  if (odd.length === 0) return versioned(value as unknown as Config)
  throw new StillwatchError('config-unusable', odd.map(({ message }) => message).join(' '), {
    fix: 'For example: --upstream https://api.openai.com.',
  })
}

function words(): string {
  return (validate.errors ?? [])
    .map(
      ({ instancePath, message = '' }) =>
        `${instancePath.slice(1).replaceAll('/', '.')} ${message}.`,
    )
    .join(' ')
}

function versioned(config: Config): VersionedConfig {
  const version = createHash('sha256').update(inOrder(config)).digest('hex').slice(0, 12)
  return { config, version }
}

/** JSON with the names of each object sorted, so that equal settings are equal text. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

/** The library's messages may quote the line; what comes after the first sentence is left out. */
function yamlMessage(message: string): string {
  const [first = ''] = message.split(/\n|: "|"/, 1)
  return `This is not YAML: ${first.trim()}`
}

type Missing = { readonly offset: number; readonly name: string }

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/**
 * Puts the environment's values in place of `${NAME}`, in values only. One that is not quoted and stands
 * alone may become a number or a truth value, and nothing else: a variable cannot add settings.
 */
function fillIn(document: Document, environment: Environment): readonly Missing[] {
  const missing: Missing[] = []
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return
      const alone = node.type === 'PLAIN' && /^\$\{\w+\}$/.test(node.value)
      let found = false
      const filled = node.value.replace(reference, (_, name: string) => {
        found = true
        const value = environment[name]
        if (value === undefined) missing.push({ offset: node.range?.[0] ?? 0, name })
        return value ?? ''
      })
      if (found) node.value = alone ? typed(filled) : filled
    },
  })
  return missing
}

/** The admin token of the environment, where the file has none; each reading of the file must come to the same. */
function addToken(document: Document, { STILLWATCH_ADMIN_TOKEN: token }: Environment): void {
  if (token === undefined || token === '' || !isMap(document.contents)) return
  const admin = document.get('admin')
  if (admin !== undefined && !isMap(admin)) return
  if (!document.hasIn(['admin', 'token'])) document.setIn(['admin', 'token'], token)
}

function typed(text: string): unknown {
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  if (text === 'true' || text === 'false') return text === 'true'
  return text
}

/** Where a path of keys leads in the file; the nearest thing above it where it leads nowhere. */
function offsetOf(document: Document, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const keys = path.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key))
    const node = document.getIn(keys, true)
    const range = isScalar(node) || isMap(node) ? node.range : null
    if (range) return range[0]
  }
  return 0
}

function keyOffset(document: Document, path: readonly string[], key: string): number {
  const inside = path.length === 0 ? document.contents : document.getIn(path, true)
  if (!isMap(inside)) return offsetOf(document, path)
  const pair = inside.items.find(
    (each) => isPair(each) && isScalar(each.key) && each.key.value === key,
  )
  return (isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? offsetOf(document, path)
}

function explained(
  error: ErrorObject,
  document: Document,
  at: (offset: number, message: string) => Problem,
): Problem {
  const path = error.instancePath.split('/').slice(1)
  const name = path.length === 0 ? 'the file' : path.join('.')
  const params = error.params as Readonly<Record<string, unknown>>
  const here = offsetOf(document, path)
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty'])
      const known = Object.keys(
        (error.parentSchema as { properties?: object } | undefined)?.properties ?? {},
      )
      const near = nearest(key, known)
      const hint = near === null ? `It may have ${known.join(', ')}.` : `Did you mean ${near}?`
      return at(keyOffset(document, path, key), `There is no setting ${key} in ${name}. ${hint}`)
    }
    case 'required':
      return at(here, `${name} needs ${String(params['missingProperty'])}. ${needs(params)}`.trim())
    case 'enum':
      return at(here, `${name} must be one of ${(params['allowedValues'] as string[]).join(', ')}.`)
    case 'pattern':
      return at(here, `${name} is not of the right form. ${forms[path.at(-1) ?? ''] ?? ''}`.trim())
    default:
      return at(here, `${name} ${error.message ?? 'is not right'}.`)
  }
}

const forms: Readonly<Record<string, string>> = {
  jwks: 'Write an https address, http on this machine only, or the path of a file.',
  url: 'Write an address without a name and password, such as https://api.openai.com.',
}

function needs(params: Readonly<Record<string, unknown>>): string {
  return params['missingProperty'] === 'on_engine_loss'
    ? 'Write "on_engine_loss: allow" to let requests pass while records cannot be kept, or "refuse".'
    : ''
}

/** A known name that a slip of the finger or two would make of `given`. */
function nearest(given: string, known: readonly string[]): string | null {
  const close = known.map((name) => ({ name, far: distance(given, name) }))
  const [first] = close.sort((a, b) => a.far - b.far)
  return first && first.far <= 2 + given.length / 8 ? first.name : null
}

/** Edits between two words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] ?? 0
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map(
    problems.map((each) => [`${each.line} ${each.column} ${each.message}`, each]),
  )
  return [...seen.values()].sort((a, b) => a.line - b.line || a.column - b.column)
}

/** What a schema cannot say. */
function oddities(
  config: Config,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const networks = config.trusted_proxies.flatMap((network, at) =>
    addNetwork(new BlockList(), network)
      ? []
      : [
          {
            path: ['trusted_proxies', String(at)],
            message: `trusted_proxies.${at} is no address or network. Write 10.0.0.0/8 or 2001:db8::1.`,
          },
        ],
  )
  const urls = config.upstreams.flatMap(({ url }, at) =>
    URL.canParse(url)
      ? []
      : [
          {
            path: ['upstreams', String(at), 'url'],
            message: `upstreams.${at}.url is no address. Write one such as https://api.openai.com.`,
          },
        ],
  )
  const keys = config.upstreams.flatMap(({ key }, at) =>
    key === undefined || config.keys.mode === 'virtual'
      ? []
      : [
          {
            path: ['upstreams', String(at), 'key'],
            message: `upstreams.${at}.key is sent only with keys.mode: virtual; else callers' own keys are.`,
          },
        ],
  )
  const jwt =
    config.keys.jwt === undefined || config.keys.mode === 'virtual'
      ? []
      : [
          {
            path: ['keys', 'jwt'],
            message:
              'keys.jwt needs keys.mode: virtual, for the upstream cannot check these tokens.',
          },
        ]
  const { tls } = config.listen
  const certificates =
    tls?.account === undefined || tls.client_ca !== undefined
      ? []
      : [
          {
            path: ['listen', 'tls', 'account'],
            message: 'listen.tls.account needs client_ca, or clients show no certificate.',
          },
        ]
  const nothing = config.upstreams.length === 0 && config.decide === undefined
  const unused = nothing
    ? [{ path: ['upstreams'], message: 'upstreams may be empty only where decide is set.' }]
    : []
  const policy = policyOddities(config.policy)
  return [...networks, ...urls, ...keys, ...jwt, ...certificates, ...unused, ...policy]
}

/** Adds `10.0.0.0/8` or a single address to a list; false where it is neither. */
export function addNetwork(list: BlockList, network: string): boolean {
  const [address = '', bits] = network.split('/')
  const family = isIP(address)
  if (family === 0) return false
  const most = family === 4 ? 32 : 128
  const prefix = bits === undefined ? most : Number(bits)
  if (prefix > most) return false
  list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6')
  return true
}
