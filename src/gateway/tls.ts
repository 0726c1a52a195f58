import { readFileSync } from 'node:fs'
import type { Server as HttpsServer, ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { isName } from '../access/key-record.ts'
import type { Tier } from '../access/tier.ts'
import { StillwatchError } from '../core/error.ts'
import type { TlsConfig } from './config.ts'
import { stampOf, watchConfig } from './config-file.ts'

/** The other end of a connection. */
export type Peer = {
  readonly address: string | undefined
  /** Null where certificates name nobody, or none was shown. */
  readonly certificate: Certified | null
}

/** Whom a certificate names. */
export type Certified =
  | {
      readonly is: 'holder'
      readonly account: string
      readonly org: string | null
      readonly tier: Tier
    }
  | { readonly is: 'bad'; readonly reason: string }

/** How the server shows itself, and whom it asks for a certificate. Throws `config-unusable`. */
export function tlsOptions(tls: TlsConfig): ServerOptions {
  const read = (what: string, path: string): Buffer => {
    try {
      return readFileSync(path)
    } catch (cause) {
      throw new StillwatchError('config-unusable', `Cannot read listen.tls.${what}, ${path}.`, {
        fix: 'Check the name, and that this user may read it.',
        cause,
      })
    }
  }
  const shown = { cert: read('cert', tls.cert), key: read('key', tls.key) }
  const asked =
    tls.client_ca === undefined
      ? {}
      : {
          ca: read('client_ca', tls.client_ca),
          requestCert: true,
          rejectUnauthorized: tls.client === 'required',
        }
  try {
    createSecureContext({ ...shown, ...asked })
  } catch (cause) {
    throw new StillwatchError('config-unusable', 'The certificates of listen.tls cannot be used.', {
      fix: 'All are PEM; key must be that of cert, and without a password.',
      cause,
    })
  }
  return { ...shown, ...asked }
}

/** Takes over certificates that were renewed, for connections from then on; gives back how to stop. */
export function followCertificates(
  server: HttpsServer,
  tls: TlsConfig,
  told: (failed: unknown) => void,
): () => void {
  const take = (): void => {
    try {
      server.setSecureContext(tlsOptions(tls))
      told(null)
    } catch (cause) {
      // The key may be written a moment after its certificate; the next change is taken as well.
      told(cause)
    }
  }
  const paths = [tls.cert, tls.key, ...(tls.client_ca === undefined ? [] : [tls.client_ca])]
  const stops = paths.map((path) => watchConfig(path, stampOf(path), take))
  return () => stops.forEach((stop) => stop())
}

const certified = new WeakMap<Socket, Certified | null>()

/** Who is at the other end; a certificate is read once a connection. */
export function peerOf(socket: Socket, tls: TlsConfig | undefined): Peer {
  const address = socket.remoteAddress
  if (tls?.account === undefined || !(socket instanceof TLSSocket))
    return { address, certificate: null }
  let certificate = certified.get(socket)
  if (certificate === undefined) {
    certificate = readCertificate(socket, tls)
    certified.set(socket, certificate)
  }
  return { address, certificate }
}

function readCertificate(socket: TLSSocket, tls: TlsConfig): Certified | null {
  // One that no authority of ours signed is as good as none.
  if (!socket.authorized) return null
  const { subject, subjectaltname = '' } = socket.getPeerCertificate()
  const names = {
    subject_cn: [subject.CN].flat(),
    san_dns: alternatives(subjectaltname, 'DNS'),
    san_uri: alternatives(subjectaltname, 'URI'),
    san_email: alternatives(subjectaltname, 'email'),
  }[tls.account ?? 'subject_cn']
  const [account, ...more] = names
  // Of two names, which is the account would be the caller's to choose.
  if (more.length > 0 || !isName(account) || account === 'anonymous')
    return { is: 'bad', reason: `certificate: ${tls.account} names no account` }
  const org = [subject.O].flat()[0]
  return { is: 'holder', account, org: tls.org && isName(org) ? org : null, tier: tls.tier }
}

/** `DNS:a, URI:"b, c"`, as Node writes alternative names: what could be taken for two is in quotes. */
function alternatives(text: string, kind: string): readonly string[] {
  const found = text.matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g)
  return [...found].flatMap(([, name, value = '']) => {
    if (name !== kind) return []
    return [value.startsWith('"') ? (JSON.parse(value) as string) : value]
  })
}
