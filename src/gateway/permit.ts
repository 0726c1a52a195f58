import { allows } from '../access/key-record.ts'
import { header } from '../wire/headers.ts'
import { peek } from '../wire/peek.ts'
import type { RefusalCode } from '../wire/refusal.ts'
import type { Route } from '../wire/route.ts'
import type { Caller } from './identity.ts'
import { bodyText, type Hold } from './tap.ts'

/** Why a caller may not ask this. */
export type Denial = { readonly code: RefusalCode; readonly message: string }

/**
 * What may be told before the body is read. A route that is not understood may be another name of one
 * that is, so whoever may ask only some models may only read there.
 */
export function deniedRoute({ models }: Caller, { kind }: Route, method: string): Denial | null {
  if (models === null || kind !== 'other' || method === 'GET' || method === 'HEAD') return null
  return { code: 'model_not_allowed', message: 'This key may not ask on this path.' }
}

/** Tells `done` whether the body asks a model that the caller may ask; at once, unless it has to be unpacked. */
export function permit(
  { models }: Caller,
  { kind }: Route,
  made: {
    readonly raw: readonly string[]
    readonly body: Buffer
    readonly bytesMax: number
    readonly hold: Hold
  },
  done: (denial: Denial | null) => void,
): void {
  if (models === null || kind === 'models') return done(null)
  const judge = (text: string): void => done(deniedModel(models, peek(text).models))
  if (header(made.raw, 'content-encoding') === undefined) return judge(made.body.toString('utf8'))
  bodyText(made.body, made.raw, made.bytesMax, made.hold).then(judge, () => judge(''))
}

function deniedModel(allowed: readonly string[], asked: readonly string[]): Denial | null {
  if (asked.length > 0 && asked.every((each) => allows(allowed, each))) return null
  return {
    code: 'model_not_allowed',
    message: `This key may ask only these models: ${allowed.join(', ')}.`,
  }
}
