import { expect, test } from 'vitest'
import { sampleEvaluation } from '../../test/support/report/evaluation.ts'
import { rocPicture } from './roc.ts'

test('the picture stands by itself and has a curve for each score', () => {
  const picture = rocPicture(sampleEvaluation(['first', 'sec<ond']))
  expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/)
  expect(picture).not.toMatch(/<script|href=|url\(|<ond/)
  expect(picture.match(/class="curve own"/g)).toHaveLength(4)
  for (const label of ['0.01%', '0.1%', '1%', '10%', '100%', 'Requests per day'])
    expect(picture).toContain(`>${label}<`)
})

test('an error rate of nothing is drawn at the left edge, not at minus infinity', () => {
  const picture = rocPicture(sampleEvaluation())
  expect(picture).not.toMatch(/NaN|Infinity/)
  expect(picture).toContain('>90% at 0.1%<')
})
