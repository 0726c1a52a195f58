import { tiers } from '../../access/tier.ts'
import { command } from '../command.ts'
import { toggle, value, valueOr } from '../option.ts'
import { oneOf, text, whole } from '../quantities.ts'

const data = {
  data: valueOr(
    '--data <dir>',
    '.stillwatch',
    'the --data of serve; keys are in keys.json there',
    text,
  ),
}

const holder = {
  account: value('--account <name>', 'whose it is; needed', text),
  org: value('--org <name>', 'the organisation of that account', text),
  tier: value('--tier <name>', `one of ${tiers.join(', ')}; paid unless given`, oneOf(tiers)),
  name: value('--name <text>', 'what people call the key', text),
  models: value(
    '--models <list>',
    'models it may ask, with commas between; "*" at the end stands for any ending',
    text,
  ),
  expiresDays: value('--expires-days <n>', 'when it ends; never unless given', whole(1, 36_500)),
}

const id = { name: '<id>', about: 'its name, key_…, as records and the list have it' }

export const keyCreateOptions = { ...holder, ...data }

export const keyCreateCommand = command({
  name: 'key create',
  takes: [],
  about: 'Make a key for an account; it is printed once and kept nowhere.',
  options: keyCreateOptions,
  notes: () => [
    {
      heading: 'Examples:',
      lines: [
        'stillwatch key create --account acme --org acme --tier contract --expires-days 90',
        'stillwatch key create --account class-7 --models "small-*" --name "spring course"',
      ],
    },
  ],
  run: async (_, given) => (await import('../actions/key.ts')).keyCreateAction(given),
})

export const keyAssignCommand = command({
  name: 'key assign',
  takes: [id],
  about: 'Say whose a provider’s key is, by its name in the records (keys.mode: pass_through).',
  options: keyCreateOptions,
  notes: () => [
    {
      heading: 'Examples:',
      lines: ['stillwatch key assign key_5d41402abc4b2a76b9719d91 --account acme --org acme'],
    },
  ],
  run: async ([name = ''], given) =>
    (await import('../actions/key.ts')).keyAssignAction(name, given),
})

export const keyListOptions = { json: toggle('--json', 'as JSON'), ...data }

export const keyListCommand = command({
  name: 'key list',
  takes: [],
  about: 'Show the keys there are, and whether they are valid; never a key itself.',
  options: keyListOptions,
  notes: () => [],
  run: async (_, given) => (await import('../actions/key.ts')).keyListAction(given),
})

export const keyRotateOptions = {
  graceHours: valueOr(
    '--grace-hours <n>',
    '0',
    'how long the old key stays good beside the new one',
    whole(0, 36_500),
  ),
  ...data,
}

export const keyRotateCommand = command({
  name: 'key rotate',
  takes: [id],
  about: 'Make a new key in place of one; it is printed once and kept nowhere.',
  options: keyRotateOptions,
  notes: () => [],
  run: async ([name = ''], given) =>
    (await import('../actions/key.ts')).keyRotateAction(name, given),
})

export const keyRevokeOptions = data

export const keyRevokeCommand = command({
  name: 'key revoke',
  takes: [id],
  about: 'End a key; gateways that run refuse it within two seconds.',
  options: keyRevokeOptions,
  notes: () => [],
  run: async ([name = ''], given) =>
    (await import('../actions/key.ts')).keyRevokeAction(name, given),
})
