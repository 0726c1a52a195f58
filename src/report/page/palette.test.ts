import { describe, expect, test } from 'vitest'
import { dark, light, type Palette } from './palette.ts'

// WCAG 2.2, "relative luminance" and "contrast ratio".
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

const texts = ['ink', 'muted', 'link', 'alarm', 'watch'] as const satisfies (keyof Palette)[]

describe.each([
  { name: 'light', palette: light },
  { name: 'dark', palette: dark },
])('$name colours', ({ palette }) => {
  test.each(texts)('%s is readable as text (AA, 4.5:1)', (role) => {
    expect(contrast(palette[role], palette.ground)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(palette[role], palette.raised)).toBeGreaterThanOrEqual(4.5)
  })

  test('a campaign stands out from what surrounds it (1.4.11, 3:1)', () => {
    expect(contrast(palette.alarm, palette.ground)).toBeGreaterThanOrEqual(3)
    expect(contrast(palette.alarm, palette.crowd)).toBeGreaterThanOrEqual(3)
    expect(contrast(palette.alarm, palette.alarmSoft)).toBeGreaterThanOrEqual(3)
  })
})
