// Writes docs/cli.md from what `--help` prints.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { helpTexts } from '../dist/cli/program.js'

const file = fileURLToPath(new URL('../docs/cli.md', import.meta.url))

/** The page, from the same tables that read the options. */
export function cliPage() {
  const parts = [...helpTexts()].map(
    ([name, text]) => `## ${name}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`,
  )
  return `# The command line

Made by \`node tools/cli-docs.mjs\` from what \`--help\` prints; a test compares the two.

${parts.join('\n')}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, cliPage())
