import { readFileSync } from 'node:fs'

/** Reads a `.sql` file that lies beside the TypeScript that runs it. */
export function readSql(file: URL): string {
  return readFileSync(file, 'utf8')
}

/**
 * Fills `{{name}}` with text that the program itself wrote: table engines, sub-queries, relations.
 * Values go in as parameters (`{name:Type}`), never here. Throws on a name that is missing.
 */
export function fill(sql: string, parts: Readonly<Record<string, string>>): string {
  return sql.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const part = parts[name]
    if (part === undefined) throw new Error(`SQL template has no part "${name}"`)
    return part
  })
}

/** The statements of a file: split at semicolons that end a line. */
export function statements(sql: string): readonly string[] {
  return sql
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/--.*$/gm, '').trim() !== '')
}

/** A ClickHouse string literal. Only for places where no parameter can stand, such as `file()`. */
export function literal(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
}
