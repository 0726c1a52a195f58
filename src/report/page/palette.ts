/** Colours by role. A test holds every pair of text and ground to WCAG 2.2 AA. */
export type Palette = {
  readonly ground: string
  readonly raised: string
  readonly line: string
  readonly ink: string
  readonly muted: string
  readonly link: string
  readonly alarm: string
  readonly alarmSoft: string
  readonly watch: string
  readonly crowd: string
}

export const light: Palette = {
  ground: '#fbfaf7',
  raised: '#f3f1eb',
  line: '#d9d5ca',
  ink: '#1c2321',
  muted: '#59605c',
  link: '#0a5a66',
  alarm: '#a83a17',
  alarmSoft: '#e3b09b',
  watch: '#7d5a00',
  crowd: '#c9cdc5',
}

export const dark: Palette = {
  ground: '#121615',
  raised: '#1b2120',
  line: '#343c3a',
  ink: '#e7e5de',
  muted: '#a3aaa5',
  link: '#74c7d3',
  alarm: '#f28c68',
  alarmSoft: '#7c3d29',
  watch: '#dcb355',
  crowd: '#414a47',
}

export const variables = (palette: Palette): string =>
  Object.entries(palette)
    .map(([role, color]) => `--${role}:${color};`)
    .join('')
