// Draws docs/pictures/demo.svg: what `stillwatch demo audit` prints, as a terminal shows it. The opening,
// the first campaign and the score are drawn; what is left out between them is marked. The sentence that
// sums up the score goes into README.md, with the day. Run after a build.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'stillwatch-picture-'))
const words = [join(root, 'dist/cli/main.js'), 'demo', 'audit', '--out', place]
const done = spawnSync(process.execPath, words, {
  encoding: 'utf8',
  env: { ...process.env, FORCE_COLOR: '1', NO_COLOR: '' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
rmSync(place, { recursive: true, force: true })
if (done.status !== 0) throw new Error('the demonstration did not go as expected; draw nothing')

// ECMA-48 SGR, as picocolors writes it.
const escape = '\u001b['
const codes = {
  0: [],
  1: ['bold'],
  2: ['dim'],
  22: ['-bold', '-dim'],
  31: ['red'],
  32: ['green'],
  36: ['cyan'],
  39: ['-red', '-green', '-cyan'],
}
const [lineHeight, columnWidth, margin] = [17, 7.83, 20]

const blocks = done.stdout.split('\n\n')
const score = blocks.findIndex((block) => block.includes('Against the truth'))
const end = blocks.findIndex((block) => block.includes('The report as a page'))
const shown = [...blocks.slice(0, 5), '\u001b[2m⋮\u001b[22m', ...blocks.slice(score, end)]
const lines = [
  '\u001b[2m$\u001b[22m npx stillwatch demo audit',
  '',
  ...shown.join('\n\n').split('\n'),
]
mkdirSync(join(root, 'docs/pictures'), { recursive: true })
writeFileSync(join(root, 'docs/pictures/demo.svg'), picture(lines))
quote(stripVTControlCharacters(blocks[score]).replaceAll('\n', ' '))

function quote(sentence) {
  const file = join(root, 'README.md')
  const day = new Date().toLocaleDateString('en-GB', { dateStyle: 'long' })
  const text = `<!-- measured -->\n> ${sentence}\n>\n> (\`stillwatch demo audit\`, ${day})\n<!-- /measured -->`
  const page = readFileSync(file, 'utf8')
  writeFileSync(file, page.replace(/<!-- measured -->[^]*<!-- \/measured -->/, text))
}

function picture(rows) {
  const columns = Math.max(...rows.map((row) => [...stripVTControlCharacters(row)].length))
  const width = Math.ceil(columns * columnWidth + 2 * margin)
  const height = rows.length * lineHeight + 2 * margin
  const state = new Set()
  const texts = rows.map((row, at) => {
    const y = margin + (at + 1) * lineHeight - 4
    return `<text x="${margin}" y="${y}">${spans(row, state)}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="What stillwatch demo audit prints">
<style>
text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #d6dbe4; white-space: pre }
.bold { font-weight: 700; fill: #ffffff } .dim { fill: #8e98aa } .red { fill: #ff8080 } .green { fill: #84d69b } .cyan { fill: #7fd3e0 }
</style>
<rect width="100%" height="100%" rx="8" fill="#14181f"/>
${texts.join('\n')}
</svg>
`
}

function spans(row, state) {
  const [first = '', ...parts] = row.split(escape)
  return span(first, state) + parts.map((part) => painted(part, state)).join('')
}

/** A piece after an escape sequence began: `1mbold text`. */
function painted(part, state) {
  const length = part.indexOf('m')
  for (const change of codes[part.slice(0, length)] ?? [])
    if (change.startsWith('-')) state.delete(change.slice(1))
    else state.add(change)
  return span(part.slice(length + 1), state)
}

function span(plain, state) {
  const text = escaped(plain)
  return text === '' || state.size === 0
    ? text
    : `<tspan class="${[...state].join(' ')}">${text}</tspan>`
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(' ', '\u00a0')
}
