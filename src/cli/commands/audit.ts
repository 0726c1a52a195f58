import { loadFormats } from '../../ingest/formats.ts'
import { command } from '../command.ts'
import { group, several, toggle, value, valueOr } from '../option.ts'
import { days, memory, rareShare, share, step, text, whole } from '../quantities.ts'

/** Where a store is and what it may use; shared by every command that opens one. */
export const storeOptions = group('Store and machine:', {
  data: valueOr(
    '--data <dir>',
    '.stillwatch',
    'where fingerprints, the secret and rejected lines are kept; no prompt text is',
    text,
  ),
  engine: value(
    '--engine <address>',
    'a ClickHouse server instead of the embedded engine: clickhouse://user:password@host:8123/database',
    text,
  ),
  memory: value(
    '--memory <size>',
    'memory the engine may use, e.g. 3GB; half the machine up to 3GiB unless given',
    memory,
  ),
  threads: value(
    '--threads <n>',
    'processors the engine may use; all unless given',
    whole(1, 1024),
  ),
})

export const screenOptions = group('Screen:', {
  quiet: toggle('--quiet', 'no progress and no summary, only files, errors and the exit code'),
  noColor: toggle('--no-color', 'no colours; NO_COLOR and FORCE_COLOR count too'),
})

/** The one number that an operator sets. */
export const falseAccusations = valueOr(
  '--false-accusations <share>',
  '1/10000',
  'share of honest accounts that may ever be flagged, e.g. 1/1000, 0.1% or 0.001',
  rareShare,
)

export const auditOptions = {
  ...group('Reading:', {
    format: value(
      '--format <name>',
      'the format of every source; recognised from the lines unless given',
      text,
    ),
    identity: value(
      '--identity <file>',
      'CSV or JSON of key,account,org: who is behind a key',
      text,
    ),
    sinceLast: toggle('--since-last', 'keep what is stored and read only what is new or changed'),
    retain: value(
      '--retain <time>',
      'drop exchanges this much older than the newest, e.g. 90d',
      days,
    ),
    maxRejected: valueOr(
      '--max-rejected <share>',
      '1%',
      'fail when more of the lines cannot be used',
      share,
    ),
    keepText: toggle('--keep-text', 'write rejected lines themselves, not only where they are'),
  }),
  ...group('Judging:', {
    falseAccusations,
    step: valueOr('--step <time>', '1h', 'length of a step through the log, e.g. 15m', step),
    vouch: several(
      '--vouch <file...>',
      'JSON Lines of who vouches for which accounts, and until when',
      text,
    ),
    reviewed: several(
      '--reviewed <file...>',
      'JSON Lines of cases that people have reviewed',
      text,
    ),
    pseudonymous: toggle(
      '--pseudonymous',
      'name accounts by pseudonyms only this data directory can open',
    ),
  }),
  ...group('Writing ("-" is standard output, for one of them):', {
    json: value('--json <file>', 'the whole report', text),
    html: value('--html <file>', 'a page to read, print and send', text),
    csv: value('--csv <file>', 'one row for each account', text),
  }),
  ...storeOptions,
  ...screenOptions,
}

export const auditCommand = command({
  name: 'audit',
  takes: [
    {
      name: '<source...>',
      about: 'files, folders, globs, "-" (standard input), http(s)://, s3://, clickhouse:// tables',
    },
  ],
  about: 'Read logs, name alleged extraction campaigns in them, and say why.',
  options: auditOptions,
  notes: () => [
    {
      heading: 'Formats:',
      lines: [
        ...loadFormats().map((format) => format.name),
        'JSON Lines, JSON arrays and Parquet; plain or packed with gzip, zstd, xz, bzip2 or lz4.',
      ],
    },
    {
      heading: 'Exit codes:',
      lines: [
        '0  nothing flagged',
        '3  something flagged',
        '2  wrong usage',
        '1  the audit failed',
      ],
    },
    {
      heading: 'Examples:',
      lines: [
        'stillwatch audit logs/ --html report.html',
        "stillwatch audit 'logs/2026-11-*.jsonl.gz' --json report.json --csv accounts.csv",
        'zcat requests.log.gz | stillwatch audit - --json - | jq .campaigns',
        'stillwatch audit logs/ --since-last --retain 90d --quiet --json report.json',
        'stillwatch audit clickhouse://reader@db:9000/gateway/requests --format native',
      ],
    },
  ],
  run: async (sources, given) => (await import('../actions/audit.ts')).auditAction(sources, given),
})
