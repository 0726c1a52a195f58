import type { IncomingMessage } from 'node:http'
import type { KeyRecord, KeyWish } from '../access/key-record.ts'
import { isTier } from '../access/tier.ts'
import { StillwatchError } from '../core/error.ts'
import type { IssuedKey, KeyStore } from './key-store.ts'

type Tell = (status: number, body: object) => void

const bodyBytesMax = 64 * 1024

/** `GET` and `POST /keys`, `POST /keys/{id}/rotate`, `DELETE /keys/{id}`; who asks has shown the token. */
export async function answerKeys(
  keys: KeyStore,
  request: IncomingMessage,
  path: string,
  tell: Tell,
): Promise<void> {
  const [, , id = '', action = '', ...more] = path.split('/')
  const asked = `${request.method ?? ''} ${id === '' ? '' : 'id'} ${[action, ...more].join('/')}`
  try {
    switch (asked.trim()) {
      case 'GET':
        return tell(200, { keys: keys.list().map(shown) })
      case 'POST':
        return tell(201, issued(await keys.create(wishIn(await bodyOf(request)))))
      case 'POST id rotate':
        return tell(201, issued(await keys.rotate(id, hoursIn(await bodyOf(request)))))
      case 'DELETE id':
        return tell(200, shown(await keys.revoke(id)))
      default:
        return tell(404, {
          error: 'There are GET and POST /keys, POST /keys/{id}/rotate and DELETE /keys/{id}.',
        })
    }
  } catch (cause) {
    if (!(cause instanceof StillwatchError)) return tell(500, { error: 'This failed.' })
    const status = { usage: 400, 'key-unknown': 404 }[cause.code as string] ?? 500
    tell(status, { error: cause.message, fix: cause.fix })
  }
}

/** The one time that a key is told. */
function issued({ key, record }: IssuedKey): object {
  return { key, ...shown(record) }
}

/** A key's record without its hash, which nobody needs. */
export function shown(record: KeyRecord): object {
  const { hash: _, ...rest } = record
  return rest
}

type Tree = Readonly<Record<string, unknown>>

async function bodyOf(request: IncomingMessage): Promise<Tree> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) throw wrong('The body is larger than 64 KiB.')
    chunks.push(chunk)
  }
  if (bytes === 0) return {}
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Tree
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw wrong('The body is no JSON object.')
}

const fields = ['account', 'org', 'tier', 'name', 'models', 'expires_days'] as const

function wishIn(body: Tree): KeyWish {
  onlyKnown(body, fields)
  const { account, org, tier, name, models, expires_days: expiresDays } = body
  const text = (field: string, value: unknown): string | undefined => {
    if (value === undefined || typeof value === 'string') return value
    throw wrong(`${field} is a text.`)
  }
  const named = text('tier', tier)
  if (named !== undefined && !isTier(named)) throw wrong('There is no such tier.')
  if (models !== undefined && !(Array.isArray(models) && models.every(isText)))
    throw wrong('models is a list of names.')
  return {
    account: text('account', account) ?? '',
    org: text('org', org),
    name: text('name', name),
    tier: named,
    models,
    expiresDays: expiresDays === undefined ? undefined : whole('expires_days', expiresDays, 1),
  }
}

function hoursIn(body: Tree): number {
  onlyKnown(body, ['grace_hours'])
  const { grace_hours: hours } = body
  return hours === undefined ? 0 : whole('grace_hours', hours, 0)
}

/** A field that is misspelt would leave a key open that was meant to end. */
function onlyKnown(body: Tree, known: readonly string[]): void {
  const other = Object.keys(body).find((name) => !known.includes(name))
  if (other !== undefined) throw wrong(`The body may have ${known.join(', ')}.`)
}

const wholeMax = 36_500

function whole(field: string, value: unknown, least: number): number {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= wholeMax)
    return Number(value)
  throw wrong(`${field} is a whole number from ${least} to ${wholeMax}.`)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function wrong(message: string): StillwatchError {
  return new StillwatchError('usage', message, { fix: 'docs/keys.md has examples.' })
}
