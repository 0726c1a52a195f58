import type { Exchange } from '../../../../src/record/index.ts'
import type { Scenario } from '../crowd.ts'
import * as asking from './asking.ts'
import * as content from './content.ts'
import * as place from './place.ts'
import * as time from './time.ts'

/** Every scenario, made anew from its seed. */
export function scenarios(): readonly Scenario[] {
  return [content, asking, place, time].flatMap((file) => Object.values(file).map((make) => make()))
}

/** Their logs laid over each other in order of time, every account under a name of its own: each detector speaks. */
export function overlaid(): readonly Exchange[] {
  return scenarios()
    .flatMap(({ detector, name, log }) =>
      log.map((line) => ({
        ...line,
        id: `${detector}/${name}/${line.id}`,
        account: `${detector}/${name}/${line.account}`,
      })),
    )
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
}
