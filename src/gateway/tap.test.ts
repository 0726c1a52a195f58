import { randomBytes } from 'node:crypto'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { byteBudget } from './body.ts'
import { bodyText, type Hold, tapOf } from './tap.ts'

function holdOf(bytesMax: number): Hold & { readonly taken: () => number } {
  const budget = byteBudget()
  return { take: (bytes) => budget.take(bytes, bytesMax), give: budget.give, taken: budget.taken }
}

const pack = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }
const packings = fc.constantFrom('none', 'gzip', 'deflate', 'br', 'zstd')
const types = fc.constantFrom('application/json', 'text/event-stream')
const plenty = 1024 * 1024 * 1024

function answerOf(content: string): Buffer {
  return Buffer.from(JSON.stringify({ choices: [{ message: { content } }] }))
}

test('whatever an answer is, and whether it is read or dropped, nothing of it stays held', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(
      packings,
      types,
      chunks,
      fc.boolean(),
      fc.nat({ max: 2000 }),
      fc.boolean(),
      async (packing, type, parts, wellPacked, bytesMax, dropped) => {
        const hold = holdOf(bytesMax)
        const headers = ['content-type', type, 'content-encoding', packing]
        const tap = tapOf(headers, 1000, hold)
        const whole = Buffer.concat(parts)
        const sent =
          wellPacked && packing in pack ? [pack[packing as keyof typeof pack](whole)] : parts
        for (const part of sent) tap?.push(Buffer.from(part))
        if (dropped) tap?.drop()
        else await tap?.end()
        await new Promise((done) => setImmediate(done))
        expect(hold.taken()).toBe(0)
      },
    ),
    { numRuns: 300 },
  )
})

test('an answer for which there is no room is left unread, and says so', async () => {
  const hold = holdOf(1000)
  const tap = tapOf(['content-type', 'application/json'], 1000, hold)
  tap?.push(answerOf('a'.repeat(2000)))
  expect(hold.taken()).toBe(0)
  expect(await tap?.end()).toMatchObject({ unread: 'no-room', answer: { output: '' } })
})

test('packed bytes count as held while they wait', () => {
  const hold = holdOf(plenty)
  const packed = gzipSync(randomBytes(100_000))
  const headers = ['content-type', 'application/json', 'content-encoding', 'gzip']
  const taps = Array.from({ length: 5 }, () => tapOf(headers, 1000, hold))
  for (const tap of taps) tap?.push(packed)
  expect(hold.taken()).toBe(5 * packed.length)
  for (const tap of taps) tap?.drop()
})

test('an answer that unpacks to gigabytes is not unpacked to its end', async () => {
  const hold = holdOf(plenty)
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '))
  for (const type of ['application/json', 'text/event-stream']) {
    const tap = tapOf(['content-type', type, 'content-encoding', 'gzip'], 1000, hold)
    tap?.push(bomb)
    expect(await tap?.end()).toMatchObject({ unread: 'too-large' })
  }
  expect(hold.taken()).toBe(0)
})

test('many packed bodies that unpack to much hold together no more than may be held', async () => {
  const bytesMax = 3 * 1024 * 1024
  const hold = holdOf(bytesMax)
  let most = 0
  const watched: Hold = {
    give: hold.give,
    take: (bytes) => {
      const fits = hold.take(bytes)
      most = Math.max(most, hold.taken())
      return fits
    },
  }
  const bomb = gzipSync(Buffer.alloc(2 * 1024 * 1024, 'x'))
  const headers = ['content-encoding', 'gzip']
  const texts = await Promise.all(
    Array.from({ length: 20 }, () => bodyText(bomb, headers, bytesMax, watched)),
  )
  expect(most).toBeLessThanOrEqual(bytesMax)
  expect(new Set(texts.map(({ length }) => length))).toEqual(new Set([0, 2 * 1024 * 1024]))
  expect(hold.taken()).toBe(0)
})
