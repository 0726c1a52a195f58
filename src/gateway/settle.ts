import type { Visit } from '../access/budget.ts'
import { nothingSaid } from '../wire/answer.ts'
import type { Peek } from '../wire/peek.ts'
import { usedTokens } from '../wire/used.ts'
import type { End } from './pass.ts'
import type { Heard } from './tap.ts'

/** The end of an exchange, whose answer may be asked for twice: the record and the budget both want it. */
export function heardOnce(end: End): End {
  const { tap } = end
  if (tap === null) return end
  let heard: Promise<Heard> | null = null
  const drop = (): void => {
    if (heard === null) tap.drop()
  }
  return { ...end, tap: { push: tap.push, end: () => (heard ??= tap.end()), drop } }
}

/** Puts right what was taken from a budget, once it is known what was used. */
export async function settle(
  visit: Visit | null,
  end: End,
  expected: Peek['tokens'],
  isAccount: boolean,
): Promise<void> {
  if (visit === null) return
  if (!isAccount) {
    end.tap?.drop()
    return visit.undo(performance.now())
  }
  const said = (await end.tap?.end())?.answer ?? nothingSaid
  const { status, outcome, answerBytes: bytes } = end
  const clientLeft = outcome === 'client-left'
  visit.settle(usedTokens(expected, said, { status, bytes, clientLeft }), performance.now())
}
