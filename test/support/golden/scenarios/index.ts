import type { Scenario } from '../crowd.ts'
import * as asking from './asking.ts'
import * as content from './content.ts'
import * as place from './place.ts'
import * as time from './time.ts'

/** Every scenario, made anew from its seed. */
export function scenarios(): readonly Scenario[] {
  return [content, asking, place, time].flatMap((file) => Object.values(file).map((make) => make()))
}
