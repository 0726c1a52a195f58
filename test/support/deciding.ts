import { folder } from './folder.ts'
import { type Policing, policing } from './policing.ts'

/** What those show in the tests who may ask. */
export const decideToken = 'token-of-another-gateway'

/** A gateway that answers others. */
export type Deciding = Policing & {
  readonly ask: (path: string, body?: unknown, headers?: object) => Promise<Response>
}

/** Starts a gateway with nothing behind it: another one passes the requests on, and asks. */
export async function deciding(policy: object, more: object = {}): Promise<Deciding> {
  const decide = { port: 0, token: decideToken }
  const here = await policing('', policy, folder(), { upstreams: [], decide, ...more })
  return {
    ...here,
    ask: (path, body, headers = {}) =>
      fetch(`${here.decideUrl}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${decideToken}`, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
      }),
  }
}
