import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plantSecret } from '../../src/engine/data-directory.ts'
import { openStore, type Store } from '../../src/engine/store.ts'
import { adapt } from '../../src/evaluate/adaptive.ts'
import { bestOf, carelessPolicy } from '../../src/sim/adaptive/policy.ts'

// An attacker against the real audit, for three rounds. That it gains by reading verdicts is measured by
// `npm run attack`, which takes minutes; here it must only play by the rules.

let folder = ''
let store: Store
let game: Awaited<ReturnType<typeof adapt>>

const play = (rounds: number): ReturnType<typeof adapt> =>
  adapt(store, carelessPolicy, {
    rounds,
    others: 1,
    folder,
    version: 'test',
    now: new Date('2026-03-01T00:00:00Z'),
    provider: { seed: 'test', honest: 200, days: 2 },
  })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-adaptive-'))
  const data = join(folder, 'data')
  plantSecret(data, new Uint8Array(32).fill(3))
  store = await openStore({ data, limits: { memoryBytesMax: 1e9, threadsMax: 1 } })
  game = await play(3)
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a careless pool is flagged, and what it took is what was answered before', () => {
  const [own] = game.rounds[0]?.outcomes ?? []
  expect(own?.policy).toBe(carelessPolicy)
  expect(own?.flagged).toBeGreaterThan(0.5)
  expect(own?.taken).toBeGreaterThan(0)
  expect(own?.taken).toBeLessThan(own?.asked ?? 0)
})

test('each round begins with what took most in the one before', () => {
  const [first, second, third] = game.rounds.map(({ outcomes }) => outcomes)
  expect(second?.[0]?.policy).toEqual(bestOf(first ?? []))
  expect(third?.[0]?.policy).toEqual(bestOf(second ?? []))
  expect(game.policy).toEqual(bestOf(third ?? []))
})

test('the same secret and the same world give the same game', async () => {
  expect((await play(1)).rounds[0]).toEqual(game.rounds[0])
})
