import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * The sources as JavaScript, for child processes: Node 20 runs no TypeScript. Compiled anew for each
 * test file, so that a child never runs what `dist/` was built from last week.
 */
export function built(name: string): string {
  const folder = join(root, 'node_modules/.cache/stillwatch-test', name)
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  mkdirSync(folder, { recursive: true })
  // Types are `npm run check`'s business: a child is started from what compiles.
  const compiled = ['-p', 'tsconfig.build.json', '--outDir', folder, '--declaration', 'false']
  spawnSync(process.execPath, [tsc, ...compiled], { cwd: root })
  for (const path of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!/\.(sql|tsv)$/.test(path)) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, 'src', path), join(folder, path))
  }
  return folder
}
