import { expect, test } from 'vitest'
import { StillwatchError } from '../core/error.ts'
import { days, duration, memory, rareShare, share, step, whole } from './quantities.ts'

test('durations, sizes and shares', () => {
  expect(['90s', '30m', '1.5h', '7d', '2w'].map((given) => duration(given, '--x'))).toEqual([
    90, 1800, 5400, 604_800, 1_209_600,
  ])
  expect(step('15m', '--x')).toBe(900)
  expect(days('2w', '--x')).toBe(14)
  expect(memory('3GB', '--x')).toBe(3e9)
  expect(memory('1.5GiB', '--x')).toBe(1.5 * 1024 ** 3)
  expect(['0%', '0.5 %', '100%'].map((given) => share(given, '--x'))).toEqual([0, 0.005, 1])
})

test('a small share is given as a fraction, a percentage or a decimal, and is the same share', () => {
  for (const given of ['1/10000', '0.01%', '0.01 %', '0.0001'])
    expect(rareShare(given, '--x')).toBe(1e-4)
  const wrong = ['', '0', '0%', '1/0', '0/0', '1/5', '11%', '1e-4', '-1/100', '1/1000%', '1/1.5']
  for (const given of wrong) {
    const thrown = catching(() => rareShare(given, '--x'))
    expect(thrown, `"${given}"`).toMatchObject({ code: 'usage' })
  }
})

test('what is not exactly that is refused, with the option, the value and an example', () => {
  const readers = { duration, step, days, memory, share, whole: whole(1, 8) }
  const wrong = ['', ' ', '1', '1 h', '-1h', '1H', '0x10', '1e3', 'GB', '١٠', '1h30m', '9', 'NaN']
  for (const [name, read] of Object.entries(readers))
    for (const given of name === 'whole' ? wrong.filter((each) => each !== '1') : wrong) {
      const thrown = catching(() => read(given, '--size'))
      expect(thrown, `${name} ${given}`).toMatchObject({ code: 'usage' })
      expect(thrown?.message).toContain(`--size was given "${given}"`)
      expect(thrown?.fix).toContain('--size')
    }
})

function catching(work: () => unknown): StillwatchError | null {
  try {
    work()
    return null
  } catch (cause) {
    if (cause instanceof StillwatchError) return cause
    throw cause
  }
}
