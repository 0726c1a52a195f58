import type { Random } from '../core/random.ts'
import type { Language } from './grammar/tongues.ts'

export type Country = {
  readonly code: string
  readonly language: Language
  /** Hours east of Greenwich. */
  readonly zone: number
  /** Share of customers, relative to the others. */
  readonly weight: number
}

function country(code: string, language: Language, zone: number, weight: number): Country {
  return { code, language, zone, weight }
}

export const countries: readonly Country[] = [
  country('US', 'en', -5, 22),
  country('IN', 'en', 5.5, 10),
  country('GB', 'en', 0, 6),
  country('CA', 'en', -5, 4),
  country('AU', 'en', 10, 3),
  country('NG', 'en', 1, 3),
  country('PH', 'en', 8, 3),
  country('TW', 'zh', 8, 4),
  country('SG', 'zh', 8, 3),
  country('HK', 'zh', 8, 3),
  country('JP', 'ja', 9, 6),
  country('ES', 'es', 1, 4),
  country('MX', 'es', -6, 5),
  country('AR', 'es', -3, 3),
  country('DE', 'de', 1, 6),
  country('AT', 'de', 1, 2),
  country('FR', 'fr', 1, 5),
  country('MA', 'fr', 1, 2),
  country('KZ', 'ru', 5, 3),
  country('GE', 'ru', 4, 2),
  country('BR', 'pt', -3, 6),
  country('PT', 'pt', 0, 2),
]

const total = countries.reduce((sum, { weight }) => sum + weight, 0)

export function anyCountry(random: Random): Country {
  let left = random.next() * total
  for (const each of countries) {
    left -= each.weight
    if (left < 0) return each
  }
  return random.pick(countries)
}

// Addresses come from 240.0.0.0/4 (RFC 1112 §4, never assigned) and 2001:db8::/32 (RFC 3849), laid
// out like the real thing, so that no log of ours names a network that somebody has.

/** A number in [0, 2^32) that depends on both: MurmurHash3's finaliser. */
export function mix(one: number, other: number): number {
  let hash = Math.imul(one ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(other | 0, 0xc2b2ae35)
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A home line: carriers hold a /12 for each country and hand out single addresses. */
export function homeAddress(place: Country, line: number, lease: number): string {
  const at = countries.indexOf(place)
  const carrier = mix(line, 1) % 3
  const host = mix(line, lease + 2)
  const wide = 240 * 16 + at * 3 + carrier
  return v4(((wide << 20) | (host & 0xfffff)) >>> 0)
}

/** A home line on IPv6: the prefix stays with the line, the last half changes daily (RFC 8981). */
export function homeAddress6(place: Country, line: number, today: number): string {
  const high = (countries.indexOf(place) << 8) | (mix(line, 3) % 200)
  const low = mix(line, 4) & 0xffff
  const one = mix(line, today + 5)
  const two = mix(line, today + 6)
  return `2001:db8:${hex(high)}:${hex(low)}:${hex(one >>> 16)}:${hex(one)}:${hex(two >>> 16)}:${hex(two)}`
}

/** A mobile carrier's gateways: 64 addresses per country, shared by all who are out. */
export function mobileAddress(place: Country, line: number, moment: number): string {
  const at = countries.indexOf(place)
  return v4(((250 << 24) | (at << 16) | (1 << 8) | (mix(line, moment) % 64)) >>> 0)
}

/** A machine at one of six hosting providers, each with a /16. */
export function hostAddress(provider: number, machine: number): string {
  return v4(((248 << 24) | ((provider % 6) << 16) | (mix(machine, provider) & 0xffff)) >>> 0)
}

/** A campus, firm or venue: a /24 with `exits` addresses in use. */
export function siteAddress(site: number, visitor: number, exits: number): string {
  return v4(((252 << 24) | ((mix(site, 7) & 0xffff) << 8) | (1 + (visitor % exits))) >>> 0)
}

function v4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

function hex(part: number): string {
  return (part & 0xffff).toString(16)
}
