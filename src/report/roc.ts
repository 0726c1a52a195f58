import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale'
import { curveStepAfter, line } from 'd3-shape'
import type { Evaluation, Roc, WorldEvaluation } from '../record/evaluation.ts'
import { constant, type Markup, markup } from './page/markup.ts'
import { light } from './page/palette.ts'
import { visible } from './text.ts'
import { count } from './words.ts'

/** Rates below this are drawn at it: no world here has 10,000 honest accounts for each error to count. */
const rateMin = 1e-4

const width = 820
const panelHeight = 420
const plot = { left: 64, top: 48, width: 440, height: 312 }

/** Told apart by dash as well as by colour, for those who see few colours or print in none. */
const strokes = [
  { color: light.alarm, dash: '' },
  { color: light.link, dash: '' },
  { color: light.watch, dash: '7 3' },
  { color: '#5b4a9c', dash: '2 3' },
  { color: '#2f6f3e', dash: '' },
  { color: '#8c2d62', dash: '7 3' },
  { color: '#44617b', dash: '12 4' },
  { color: '#6b5b45', dash: '9 3 2 3' },
] as const

/** Receiver operating characteristics of all scores, a panel a world, as an SVG that stands by itself. */
export function rocPicture(evaluation: Evaluation): string {
  const panels = evaluation.worlds.map((world, at) => panel(world, at, evaluation))
  const height = panelHeight * Math.max(1, panels.length)
  return `${
    markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${says(evaluation)}">
<style>${constant(style)}</style>
<rect width="100%" height="100%" fill="${light.ground}"/>
${panels}
</svg>`.markup
  }\n`
}

const style = `text { font: 12px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: ${light.ink} }
.title { font-weight: 600; font-size: 14px } .muted { fill: ${light.muted} }
.grid { stroke: ${light.line} } .axis { stroke: ${light.muted} } .oracle { stroke: ${light.muted}; stroke-dasharray: 3 3 }
.curve { fill: none; stroke-width: 1.5 } .own { stroke-width: 3 }`

const says = ({ worlds }: Evaluation): string =>
  'Share of extraction accounts found against the share of honest accounts flagged, of ' +
  worlds.map(({ name }) => visible(name)).join(', ')

type Scale = ScaleContinuousNumeric<number, number>

function panel(world: WorldEvaluation, at: number, evaluation: Evaluation): Markup {
  const x = scaleLog().domain([rateMin, 1]).range([0, plot.width]).clamp(true)
  const y = scaleLinear().domain([0, 1]).range([plot.height, 0])
  const honest = world.totals.false_positives.of
  const attack = world.totals.true_positives.of
  return markup`<g transform="translate(0 ${at * panelHeight})">
<text class="title" x="${plot.left}" y="24">${visible(world.name)}</text>
<text class="muted" x="${plot.left}" y="40">${count(honest)} honest accounts, ${count(attack)} of extraction</text>
<g transform="translate(${plot.left} ${plot.top})">
${axes(x, y)}
${oracle(x, evaluation)}
${world.roc.map((roc, place) => curve(roc, place, x, y))}
${operatingPoint(world, x, y)}
</g>
${world.roc.map((roc, place) => entry(roc, place, evaluation))}
</g>
`
}

function axes(x: Scale, y: Scale): Markup {
  const rates = [1e-4, 1e-3, 1e-2, 1e-1, 1]
  const shares = [0, 0.25, 0.5, 0.75, 1]
  return markup`${rates.map(
    (rate) =>
      markup`<line class="grid" x1="${places(x(rate))}" x2="${places(x(rate))}" y1="0" y2="${plot.height}"/><text class="muted" x="${places(x(rate))}" y="${plot.height + 18}" text-anchor="middle">${rate * 100}%</text>`,
  )}${shares.map(
    (part) =>
      markup`<line class="grid" x1="0" x2="${plot.width}" y1="${places(y(part))}" y2="${places(y(part))}"/><text class="muted" x="-8" y="${places(y(part) + 4)}" text-anchor="end">${part * 100}%</text>`,
  )}<line class="axis" x1="0" x2="${plot.width}" y1="${plot.height}" y2="${plot.height}"/>
<text x="${plot.width / 2}" y="${plot.height + 38}" text-anchor="middle">honest accounts flagged (log; 0.01% and less at the left edge)</text>
<text transform="translate(-48 ${plot.height / 2}) rotate(-90)" text-anchor="middle">extraction accounts flagged</text>`
}

function oracle(x: Scale, { oracle_share }: Evaluation): Markup {
  const place = places(x(oracle_share))
  return markup`<line class="oracle" x1="${place}" x2="${place}" y1="0" y2="${plot.height}"/>`
}

function curve(roc: Roc, at: number, x: Scale, y: Scale): Markup {
  const path = line<readonly [number, number]>()
    .x(([rate]) => x(Math.max(rateMin, rate)))
    .y(([, part]) => y(part))
    .curve(curveStepAfter)
    .digits(1)
  return markup`<path class="curve${at === 0 ? ' own' : ''}" ${stroke(at)} d="${path([...roc.points]) ?? ''}"/>`
}

function stroke(at: number): Markup {
  const { color, dash } = strokes[at % strokes.length] ?? strokes[0]
  return markup`stroke="${color}" stroke-dasharray="${dash === '' ? 'none' : dash}"`
}

/** Where Stillwatch stands by itself, without an oracle. */
function operatingPoint({ totals }: WorldEvaluation, x: Scale, y: Scale): Markup {
  const { false_positives: wrong, true_positives: right } = totals
  const rate = Math.max(rateMin, wrong.count / Math.max(1, wrong.of))
  const part = right.count / Math.max(1, right.of)
  return markup`<circle cx="${places(x(rate))}" cy="${places(y(part))}" r="5" fill="${light.alarm}" stroke="${light.ground}" stroke-width="1.5"/>`
}

/** A line of the legend, with what the score finds at the oracle's threshold. */
function entry(roc: Roc, at: number, { oracle_share }: Evaluation): Markup {
  const top = plot.top + 12 + at * 36
  const left = plot.left + plot.width + 28
  const within = roc.points.filter(([rate]) => rate <= oracle_share)
  const found = Math.max(0, ...within.map(([, part]) => part))
  return markup`<path class="curve${at === 0 ? ' own' : ''}" ${stroke(at)} d="M${left},${top - 4}h28"/>
<text x="${left + 36}" y="${top}">${roc.title}</text><text class="muted" x="${left + 36}" y="${top + 15}">${Math.round(found * 1000) / 10}% at ${oracle_share * 100}%</text>
`
}

const places = (value: number): string => value.toFixed(1)
