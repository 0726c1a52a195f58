import { seeded } from '../core/random.ts'
import { day } from './clock.ts'
import { remembered } from './drift.ts'
import type { Draft, Source } from './source.ts'
import { hasHistory, wholeTalks } from './talk.ts'
import type { World } from './world.ts'

// A provider refuses: for the rate (429), and for what is wrong with a key (403). Both come to honest
// customers as to campaigns, and both are followed by another try.

/** Chance of a refusal for a request on its own, and for one that comes within `hastyMs` of the last. */
const plainShare = 0.002
const hastyShare = 0.03
const hastyMs = 4_000

/** Share of accounts whose card lapses during the log: they are refused until they are tired of it. */
const lapses = 0.008
const lapseDays = 3
const triesMax = 6

export function refusing(world: World, source: Source): Source {
  return { ...source, open: () => limited(world, source) }
}

type State = {
  last: number
  /** When its card lapses; Infinity where never. */
  readonly lapse: number
  tries: number
  /** After a lapse only what is begun anew goes on. */
  readonly whole: ((draft: Draft) => boolean) | null
}

function* limited(world: World, source: Source): Generator<Draft> {
  const [first] = source.accounts
  const random = seeded(`${world.config.seed}/refusals/${first?.id ?? ''}`)
  const { start, end } = world.span
  const stateFor = remembered((): State => {
    const lapse = source.accounts.length === 1 && random.chance(lapses)
    return {
      last: 0,
      lapse: lapse ? start + (0.3 + 0.7 * random.next()) * (end - start) : Infinity,
      tries: 0,
      whole: lapse ? wholeTalks() : null,
    }
  })
  let emitted = source.start
  for (const draft of { [Symbol.iterator]: source.open }) {
    const state = stateFor(draft.account.id)
    const since = draft.at - state.lapse
    if (since >= 0 && since < lapseDays * day) {
      // A conversation does not go on from an answer that never came.
      if (!hasHistory(draft) && state.tries++ < triesMax)
        yield { ...draft, answer: null, status: 403 }
    } else if (since < 0 || state.whole?.(draft)) {
      if (
        draft.answer &&
        random.chance(draft.at - state.last < hastyMs ? hastyShare : plainShare)
      ) {
        const at = Math.max(emitted, draft.at - random.integer(900, 20_000))
        yield { ...draft, at, answer: null }
      }
      yield draft
    }
    state.last = draft.at
    emitted = draft.at
  }
}
