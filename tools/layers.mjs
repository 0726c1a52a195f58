// The rooms of src/ in order. A room may import only rooms above it, so no cycle can exist; `node`
// says whether it may touch node:*, `packages` which npm packages it may import. ARCHITECTURE.md
// quotes this table; `npm run check` and the tests enforce it.
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const rooms = {
  core: { from: [], node: false, packages: [] },
  record: { from: ['core'], node: false, packages: [] },
  sim: { from: ['core', 'record'], node: false, packages: [] },
  detect: { from: ['core', 'record'], node: false, packages: [] },
  report: {
    from: ['core', 'record'],
    node: false,
    packages: ['d3-scale', 'd3-shape', 'picocolors', 'string-width'],
  },
  wire: { from: ['core', 'record'], node: false, packages: [] },
  access: { from: ['core', 'record'], node: false, packages: [] },
  policy: { from: ['core', 'record', 'wire', 'access'], node: false, packages: [] },
  engine: { from: ['core', 'record'], node: true, packages: ['chdb', '@clickhouse/client'] },
  fingerprint: { from: ['core', 'record', 'engine'], node: true, packages: [] },
  ingest: {
    from: ['core', 'record', 'engine', 'fingerprint'],
    node: true,
    packages: ['tinyglobby'],
  },
  audit: {
    from: ['core', 'record', 'detect', 'engine', 'fingerprint', 'ingest'],
    node: true,
    packages: [],
  },
  live: {
    from: ['core', 'record', 'detect', 'engine', 'audit'],
    node: false,
    packages: [],
  },
  watch: {
    from: ['core', 'record', 'detect', 'engine', 'ingest', 'audit', 'live'],
    node: true,
    packages: [],
  },
  evaluate: {
    from: ['core', 'record', 'sim', 'detect', 'engine', 'fingerprint', 'ingest', 'audit'],
    node: true,
    packages: [],
  },
  gateway: {
    from: ['core', 'record', 'wire', 'access', 'policy'],
    node: true,
    packages: [
      '@grpc/grpc-js',
      '@grpc/proto-loader',
      'ajv',
      'altcha-lib',
      'jose',
      'prom-client',
      'undici',
      'yaml',
    ],
  },
  cli: {
    from: [
      'core',
      'record',
      'sim',
      'detect',
      'report',
      'access',
      'policy',
      'engine',
      'fingerprint',
      'ingest',
      'audit',
      'watch',
      'evaluate',
      'gateway',
    ],
    node: true,
    packages: ['commander'],
  },
}

const imported =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g

/** Every import in `folder` that the table forbids, as `file: reason`. */
export function violations(folder, table = rooms) {
  const names = Object.keys(table)
  const found = []
  for (const [room, rule] of Object.entries(table))
    for (const upper of rule.from)
      if (names.indexOf(upper) >= names.indexOf(room))
        found.push(`table: ${room} names ${upper}, which is not above it`)
  for (const name of readdirSync(folder, { recursive: true }).filter((path) =>
    path.endsWith('.ts'),
  )) {
    const room = name.split(sep)[0]
    const rule = table[room]
    if (!rule) {
      found.push(`${name}: no room "${room}" in the table`)
      continue
    }
    if (name.endsWith('.test.ts')) continue
    const text = readFileSync(join(folder, name), 'utf8')
    for (const match of text.matchAll(imported)) {
      const problem = judge(folder, name, room, rule, match[1] ?? match[2] ?? match[3])
      if (problem) found.push(`${name}: ${problem}`)
    }
  }
  return found
}

function judge(folder, name, room, rule, target) {
  if (target.startsWith('.')) {
    const other = relative(folder, join(folder, name, '..', target)).split(sep)[0]
    return other === room || rule.from.includes(other)
      ? null
      : `${room} may not import ${other} (${target})`
  }
  if (target.startsWith('node:'))
    return rule.node ? null : `${room} is pure and may not import ${target}`
  const pack = target.startsWith('@')
    ? target.split('/').slice(0, 2).join('/')
    : target.split('/')[0]
  return rule.packages.includes(pack) ? null : `${room} may not import the package ${pack}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = violations(fileURLToPath(new URL('../src', import.meta.url)))
  for (const line of found) process.stderr.write(`layers: ${line}\n`)
  process.exit(found.length === 0 ? 0 : 1)
}
