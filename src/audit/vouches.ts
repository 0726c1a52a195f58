import { detectors } from '../detect/index.ts'
import { families, type Family, type Vouch } from '../record/index.ts'
import { type Entry, readEntries } from './entries.ts'

/** A vouch with its term in Unix seconds. */
export type DatedVouch = Vouch & { readonly from: number; readonly to: number }

const fields: ReadonlySet<keyof Vouch> = new Set<keyof Vouch>([
  'accounts',
  'orgs',
  'by',
  'why',
  'since',
  'until',
  'families',
  'detectors',
  'exchanges_max',
])

/** Reads files of vouches. Throws `vouch-file`. */
export function readVouches(paths: readonly string[]): readonly DatedVouch[] {
  return paths.flatMap((path) => readEntries(path, 'vouch-file', fields).map(vouchOf))
}

function vouchOf(entry: Entry): DatedVouch {
  const accounts = entry.texts('accounts')
  const orgs = entry.texts('orgs')
  if (accounts.length + orgs.length === 0) throw entry.wrong('it names no accounts and no orgs')
  const from = entry.moment('since', 'start')
  const to = entry.moment('until', 'end')
  if (to <= from) throw entry.wrong('it ends before it begins')
  const known = entry.texts('families').filter(isFamily)
  const [strange] = entry.texts('families').filter((name) => !isFamily(name))
  if (strange !== undefined)
    throw entry.wrong(`there is no family "${strange}"; there are ${families.join(', ')}`)
  const ids = detectors.map(({ id }) => id)
  for (const name of entry.texts('detectors'))
    if (!ids.includes(name))
      throw entry.wrong(`there is no detector "${name}"; there are ${ids.join(', ')}`)
  return {
    accounts,
    orgs,
    by: entry.text('by'),
    why: entry.text('why'),
    since: entry.text('since'),
    until: entry.text('until'),
    ...(entry.has('families') ? { families: known } : {}),
    ...(entry.has('detectors') ? { detectors: entry.texts('detectors') } : {}),
    ...(entry.has('exchanges_max') ? { exchanges_max: entry.number('exchanges_max') } : {}),
    from,
    to,
  }
}

function isFamily(name: string): name is Family {
  return (families as readonly string[]).includes(name)
}
