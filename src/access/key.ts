const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const base = BigInt(digits.length)

/** Bytes of chance in a key. */
export const entropyBytes = 32
/** What 256 bits take in base 62. */
const secretChars = 43
/** What 32 bits take. */
const checkChars = 6

const form = new RegExp(`^sw-[0-9A-Za-z]{${secretChars + checkChars}}$`)

/**
 * A key of the gateway's own: `sw-`, 256 bits, and a checksum of these. By prefix and checksum a scanner of
 * repositories knows one without asking anybody; the form is that of GitHub's tokens
 * (https://github.blog/engineering/behind-githubs-new-authentication-token-formats/).
 */
export function makeKey(entropy: Uint8Array): string {
  if (entropy.length !== entropyBytes) throw new Error(`a key takes ${entropyBytes} bytes`)
  const value = entropy.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  const secret = inBase62(value, secretChars)
  return `sw-${secret}${checksum(secret)}`
}

/** Whether a text has the form and the checksum of such a key; it need not be one that was given to anybody. */
export function isKey(text: string): boolean {
  if (!form.test(text)) return false
  const at = text.length - checkChars
  return checksum(text.slice('sw-'.length, at)) === text.slice(at)
}

function checksum(secret: string): string {
  return inBase62(BigInt(crc32(secret)), checkChars)
}

function inBase62(value: bigint, chars: number): string {
  let text = ''
  for (let left = value; text.length < chars; left /= base)
    text = (digits[Number(left % base)] ?? '') + text
  return text
}

/** CRC-32 as in ISO 3309 and zlib, of ASCII. */
function crc32(text: string): number {
  let crc = 0xffffffff
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
