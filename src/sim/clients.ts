import type { Random } from '../core/random.ts'
import { day, hour } from './clock.ts'
import { homeAddress, homeAddress6, hostAddress, mix, mobileAddress } from './places.ts'
import type { Country } from './places.ts'
import type { Client } from './source.ts'

/** Where somebody's requests come from at a time. */
export type Clients = (at: number) => Client

/** How real libraries and browsers name themselves, with a version of this person's own. */
export function userAgent(random: Random, kind: 'browser' | 'script' | 'server'): string {
  if (kind === 'browser') return browser(random)
  const minor = random.integer(0, 99)
  const patch = random.integer(0, 9)
  const script = [
    `OpenAI/Python 1.${minor}.${patch}`,
    `OpenAI/Python 2.${minor % 20}.${patch}`,
    `OpenAI/JS 4.${minor}.${patch}`,
    `OpenAI/JS 5.${minor % 24}.${patch}`,
    `Anthropic/Python 0.${minor}.${patch}`,
    `python-httpx/0.2${patch % 9}.${minor % 3}`,
    `python-requests/2.3${patch % 3}.${minor % 6}`,
    `curl/8.${minor % 16}.${patch % 3}`,
  ]
  const server = [
    ...script.slice(0, 5),
    'Go-http-client/2.0',
    `okhttp/4.${minor % 13}.0`,
    `axios/1.${minor % 12}.${patch}`,
    `Java-http-client/${[17, 21, 23][minor % 3]}.0.${patch}`,
    `AsyncOpenAI/Python 1.${minor}.${patch}`,
  ]
  return random.pick(kind === 'script' ? script : server)
}

function browser(random: Random): string {
  const version = random.integer(118, 146)
  const system = random.pick([
    'Windows NT 10.0; Win64; x64',
    'Macintosh; Intel Mac OS X 10_15_7',
    'X11; Linux x86_64',
    'Linux; Android 10; K',
  ])
  const gecko = `Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`
  const webkit = `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`
  return random.chance(0.2) ? gecko : webkit
}

/** A person: at home, sometimes out on a phone; the home line changes its address now and then. */
export function personClients(random: Random, place: Country, agent: string): Clients {
  const line = random.integer(0, 0x7fffffff)
  const lease = random.pick([1, 6, 30, 400])
  const six = random.chance(0.2)
  const roaming = random.chance(0.35) ? 0.3 : 0.03
  return (at) => {
    const today = Math.floor(at / day)
    const out = mix(line, Math.floor(at / (3 * hour))) / 4294967296 < roaming
    const home = six
      ? homeAddress6(place, line, today)
      : homeAddress(place, line, Math.floor(today / lease))
    const ip = out ? mobileAddress(place, line, Math.floor(at / hour)) : home
    return { ip, country: place.code, userAgent: agent }
  }
}

/** A server or a script in a data centre, on one to a few machines. */
export function hostedClients(
  random: Random,
  place: Country,
  agent: string,
  machines = 1,
): Clients {
  const provider = random.integer(0, 5)
  const first = random.integer(0, 0x7fffffff)
  return (at) => {
    const machine = first + (mix(first, Math.floor(at / hour)) % machines)
    return { ip: hostAddress(provider, machine), country: place.code, userAgent: agent }
  }
}

export function fixedClient(client: Client): Clients {
  return () => client
}
