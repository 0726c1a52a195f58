import { type ScaleTime, scaleLinear, scaleUtc } from 'd3-scale'
import { area, curveStepAfter } from 'd3-shape'
import type { Campaign, LogSummary } from '../../record/report.ts'
import { count, counted, moment } from '../words.ts'
import { type Markup, markup, none } from './markup.ts'

// Text has fixed sizes and percent places; only the shapes inside nested <svg>s are stretched. So
// one drawing serves a phone and a printed page, without a script and without style attributes.
const across = 1000
const dayMs = 86_400_000

type Time = (at: number | Date) => number
type Panel = { readonly top: number; readonly height: number; readonly max: number }

/** From the log's days to 0…1000, the last day in full; null for a log without days. */
function timeOf(log: LogSummary): (Time & { readonly ticks: readonly Date[] }) | null {
  const days = log.days.map((day) => Date.parse(day)).filter((day) => !Number.isNaN(day))
  const [first] = days
  if (first === undefined) return null
  const scale = scaleUtc()
    .domain([first, (days.at(-1) ?? first) + dayMs])
    .range([0, across])
    .clamp(true)
  return Object.assign((at: number | Date) => scale(at), { ticks: ticksOf(scale, days.length) })
}

/** At most five midnights, so that their labels stand apart on a phone. */
function ticksOf(scale: ScaleTime<number, number>, days: number): readonly Date[] {
  const midnights = scale
    .ticks(Math.min(4, days))
    .filter((tick) => tick.getUTCHours() === 0 && scale(tick) < across * 0.96)
  const stride = Math.ceil(midnights.length / 5)
  return midnights.filter((_, at) => at % stride === 0)
}

/** The outline of a number per day as steps from midnight to midnight; a day not in the log is 0. */
function steps(log: LogSummary, perDay: readonly number[], time: Time, panel: Panel): string {
  const height = scaleLinear().domain([0, panel.max]).range([panel.height, 0])
  const points: (readonly [number, number])[] = []
  log.days.forEach((day, at) => {
    const start = Date.parse(day)
    const gap = at > 0 && start - Date.parse(log.days[at - 1] ?? day) > dayMs
    if (gap) points.push([Date.parse(log.days[at - 1] ?? day) + dayMs, 0])
    points.push([start, perDay[at] ?? 0])
  })
  points.push([Date.parse(log.days.at(-1) ?? '') + dayMs, perDay[log.days.length - 1] ?? 0])
  const outline = area<readonly [number, number]>()
    .x(([at]) => time(at))
    .y0(panel.height)
    .y1(([, value]) => height(value))
    .curve(curveStepAfter)
    .digits(1)
  return outline(points) ?? ''
}

/** Stretched over the panel; `until` cuts the shape off at that place, without clip paths. */
const shape = (path: string, kind: string, panel: Panel, until: number = across): Markup =>
  until <= 0
    ? none
    : markup`<svg x="0" y="${panel.top}" width="${percent(until)}" height="${panel.height}" viewBox="0 0 ${until.toFixed(1)} ${panel.height}" preserveAspectRatio="none"><path class="${kind}" d="${path}"/></svg>`

const percent = (place: number): string => `${(place / (across / 100)).toFixed(2)}%`

const line = (kind: string, y: number): Markup =>
  markup`<line class="${kind}" x1="0" x2="100%" y1="${y}" y2="${y}"/>`

const upright = (kind: string, place: number, from: number, to: number): Markup =>
  markup`<line class="${kind}" x1="${percent(place)}" x2="${percent(place)}" y1="${from}" y2="${to}"/>`

const anchor = (place: number): string => {
  return place < across * 0.03 ? 'start' : 'middle'
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

function axis(ticks: readonly Date[], time: Time, y: number): Markup {
  const first = ticks[0]?.getTime() ?? 0
  const long = (ticks.at(-1)?.getTime() ?? 0) - first > 300 * dayMs
  const label = (tick: Date): string => {
    const month = months[tick.getUTCMonth()] ?? ''
    return long ? `${month} ${tick.getUTCFullYear()}` : `${tick.getUTCDate()} ${month}`
  }
  const marks = ticks.map(
    (tick) =>
      markup`${upright('base', time(tick), y, y + 4)}<text x="${percent(time(tick))}" y="${y + 17}" text-anchor="${anchor(time(tick))}">${label(tick)}</text>`,
  )
  return markup`${line('base', y)}${marks}`
}

/** Lines across a panel at round numbers, each with its number above it. */
function grid(panel: Panel): Markup {
  const height = scaleLinear().domain([0, panel.max]).range([panel.height, 0])
  const wanted = panel.height > 60 ? 3 : 1
  const values = height.ticks(wanted).filter((value) => value > 0 && Number.isInteger(value))
  const drawn = values.map((value) => {
    const y = Math.round(panel.top + height(value)) + 0.5
    return markup`${line('grid', y)}<text x="-8" y="${y + 4}" text-anchor="end">${count(value)}</text>`
  })
  return markup`${drawn}`
}

const highest = (perDay: readonly number[]): number => perDay.reduce((a, b) => Math.max(a, b), 1)

const roof = (perDay: readonly number[]): number => {
  const [, max = 1] = scaleLinear()
    .domain([0, highest(perDay)])
    .nice(3)
    .domain()
  return max
}

function detected(campaign: Campaign, time: Time, from: number, to: number): Markup {
  const place = time(Date.parse(campaign.detected_at))
  if (Number.isNaN(place)) return none
  const left = place > across * 0.7
  return markup`${upright('moment', place, from, to)}<text class="over mark" x="${percent(place)}" dx="${left ? -5 : 5}" y="${from + 9}" text-anchor="${left ? 'end' : 'start'}">detected</text>`
}

/** A campaign's exchanges a day on a scale of its own, and below it at true scale in everyone's. */
export function timeline(campaign: Campaign, log: LogSummary): Markup {
  const time = timeOf(log)
  if (time === null) return none
  const own: Panel = { top: 22, height: 110, max: roof(campaign.per_day) }
  const all: Panel = { top: 160, height: 44, max: roof(log.per_day) }
  const path = steps(log, campaign.per_day, time, own)
  const bottom = all.top + all.height
  const place = time(Date.parse(campaign.detected_at))
  const found = Number.isNaN(place) ? across : place
  return markup`<figure><svg class="chart" height="${bottom + 22}" role="img" aria-label="${describe(campaign, log)}">
${shape(path, 'after', own)}${shape(path, 'before', own, found)}${grid(own)}${line('base', own.top + own.height)}
${shape(steps(log, log.per_day, time, all), 'crowd', all)}${shape(steps(log, campaign.per_day, time, all), 'before', all)}
${grid(all)}${axis(time.ticks, time, bottom)}${detected(campaign, time, 4, bottom)}</svg>
<figcaption><span>${swatch('before')}its exchanges a day, until it was detected</span><span>${swatch('after')}after that</span><span>${swatch('crowd')}everyone’s exchanges a day, the campaign’s among them at the same scale</span></figcaption></figure>`
}

export const swatch = (kind: string): Markup =>
  markup`<svg width="11" height="11" aria-hidden="true"><rect class="${kind}" width="11" height="11"/></svg>`

const describe = (campaign: Campaign, log: LogSummary): string =>
  `Exchanges a day of ${campaign.id}: at most ${count(highest(campaign.per_day))}, where everyone ` +
  `together sent at most ${count(highest(log.per_day))}. Detected ${moment(campaign.detected_at)} UTC.`

/** The campaign in a table row: shape and moment only, the numbers stand beside it. */
export function spark(campaign: Campaign, log: LogSummary): Markup {
  const time = timeOf(log)
  if (time === null) return none
  const panel: Panel = { top: 0, height: 26, max: highest(campaign.per_day) }
  const path = steps(log, campaign.per_day, time, panel)
  const place = time(Date.parse(campaign.detected_at))
  const found = Number.isNaN(place) ? across : place
  return markup`<svg class="spark" height="27" aria-hidden="true">${shape(path, 'after', panel)}${shape(path, 'before', panel, found)}${line('base', 26.5)}${upright('moment', found, 0, 26)}</svg>`
}

/** Everyone's exchanges a day, those of all campaigns among them. */
export function overview(campaigns: readonly Campaign[], log: LogSummary): Markup {
  const time = timeOf(log)
  if (time === null) return none
  const all: Panel = { top: 14, height: 110, max: roof(log.per_day) }
  const inside = log.days.map((_, at) =>
    campaigns.reduce((sum, one) => sum + (one.per_day[at] ?? 0), 0),
  )
  const bottom = all.top + all.height
  const says = `Exchanges a day: everyone at most ${count(highest(log.per_day))}, campaigns together at most ${count(inside.reduce((a, b) => Math.max(a, b), 0))}.`
  return markup`<figure><svg class="chart" height="${bottom + 22}" role="img" aria-label="${says}">
${shape(steps(log, log.per_day, time, all), 'crowd', all)}${shape(steps(log, inside, time, all), 'before', all)}${grid(all)}${axis(time.ticks, time, bottom)}</svg>
<figcaption><span>${swatch('crowd')}exchanges a day</span><span>${swatch('before')}of them in ${campaigns.length === 0 ? 'campaigns (none)' : counted(campaigns.length, 'campaign')}</span></figcaption></figure>`
}
