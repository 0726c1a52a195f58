import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

// X.509 certificates (RFC 5280) as far as the tests need them, written in DER by hand: Node can read
// certificates and make none, and not every machine has openssl.

export type Names = {
  readonly cn?: readonly string[]
  readonly o?: string
  readonly dns?: readonly string[]
  readonly uri?: readonly string[]
  readonly ip?: readonly number[]
}

/** In PEM, as files have it. */
export type Certificate = { readonly cert: string; readonly key: string }

type Signer = { readonly name: Buffer; readonly key: KeyObject }

export type Authority = Certificate & { readonly issue: (names: Names) => Certificate }

export function authority(cn: string): Authority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signer = { name: distinguished({ cn: [cn] }), key: pair.privateKey }
  const cert = certificate(signer, { cn: [cn] }, pair.publicKey, true)
  return {
    cert,
    key: pem(pair.privateKey),
    issue: (names) => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      return { cert: certificate(signer, names, publicKey, false), key: pem(privateKey) }
    },
  }
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

const dayMs = 86_400_000

function certificate(signer: Signer, names: Names, key: KeyObject, isAuthority: boolean): string {
  const algorithm = sequence(oid(1, 2, 840, 10045, 4, 3, 2))
  const now = Date.now()
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    signer.name,
    sequence(time(now - dayMs), time(now + 9 * dayMs)),
    distinguished(names),
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(constraints(isAuthority), ...alternatives(names))),
  )
  const signature = sign('sha256', body, signer.key)
  const whole = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature))
  const lines = whole.toString('base64').replace(/(.{64})/g, '$1\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

function distinguished({ cn = [], o }: Names): Buffer {
  const part = (last: number, text: string): Buffer =>
    der(0x31, sequence(oid(2, 5, 4, last), der(0x0c, Buffer.from(text))))
  return sequence(...(o === undefined ? [] : [part(10, o)]), ...cn.map((each) => part(3, each)))
}

function constraints(isAuthority: boolean): Buffer {
  const yes = der(0x01, Buffer.from([0xff]))
  const value = sequence(...(isAuthority ? [yes] : []))
  return sequence(oid(2, 5, 29, 19), yes, der(0x04, value))
}

function alternatives({ dns = [], uri = [], ip }: Names): readonly Buffer[] {
  const all = [
    ...dns.map((each) => der(0x82, Buffer.from(each))),
    ...uri.map((each) => der(0x86, Buffer.from(each))),
    ...(ip ? [der(0x87, Buffer.from(ip))] : []),
  ]
  return all.length === 0 ? [] : [sequence(oid(2, 5, 29, 17), der(0x04, sequence(...all)))]
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts)
}

function integer(bytes: Uint8Array): Buffer {
  return der(0x02, bytes)
}

function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')
  return der(0x17, Buffer.from(text.slice(2)))
}

function oid(first: number, second: number, ...rest: readonly number[]): Buffer {
  const seven = (value: number): readonly number[] =>
    value < 128 ? [value] : [...seven(value >> 7).map((each) => each | 0x80), value & 0x7f]
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(seven)]))
}
