import { assert, integer, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unsafe } from '../../test/support/report/hostile.ts'
import { cut, cutMiddle, visible, visibleLines, visibleName, widthOf, wrap } from './text.ts'

const anything = string({ unit: 'binary', maxLength: 80 })

describe('visible', () => {
  test('shows what would move the cursor, turn the reading or hide', () => {
    expect(visible('\u001b[2J\u202ecba\u200b')).toBe(String.raw`\u{001b}[2J\u{202e}cba\u{200b}`)
    expect(visible('\u{e0041}')).toBe(String.raw`\u{e0041}`)
  })

  test('leaves ordinary text of any script, and emoji, as they are', () => {
    const text = 'Crème brûlée, 東京, עברית, می‌خواهم, 👩‍👩‍👧 – “100%”'
    expect(visible(text)).toBe(text)
  })

  test('shows joiners in names, where they only deceive', () => {
    expect(visibleName('ac\u200dct')).toBe(String.raw`ac\u{200d}ct`)
    expect(visibleName('')).toBe('(empty)')
  })

  test('no control character passes, whatever the text', () => {
    assert(
      property(anything, (text) => {
        const all = visible(text) + visibleName(text) + visibleLines(text).join('')
        expect(unsafe.test(all)).toBe(false)
      }),
    )
  })
})

describe('fitting', () => {
  test('nothing is wider than asked, whatever the text', () => {
    assert(
      property(anything, integer({ min: 4, max: 40 }), (raw, columns) => {
        const text = visible(raw)
        const made = [cut(text, columns), cutMiddle(text, columns), ...wrap(text, columns)]
        expect(Math.max(...made.map(widthOf))).toBeLessThanOrEqual(columns)
      }),
    )
  })

  test('wrapping loses no word', () => {
    expect(wrap('one two  three', 7)).toEqual(['one two', ' three'])
    expect(wrap('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k'])
    expect(wrap('東京都', 4)).toEqual(['東京', '都'])
  })

  test('the middle goes first in a long name', () => {
    expect(cutMiddle('organisation-0001-account-77', 15)).toBe('organis…ount-77')
  })
})
