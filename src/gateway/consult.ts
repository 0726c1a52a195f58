import type { Adapter, Given, Told } from './adapters/adapter.ts'
import { advise } from './advice.ts'
import type { Shared } from './server.ts'

/**
 * Asks in the words of an adapter and answers once, after the wait there may be. Gives back what to call when whoever asked
 * leaves before that.
 */
export function consult(
  shared: Shared,
  adapter: Adapter,
  given: Given,
  tell: (told: Told) => void,
): () => void {
  const question = adapter.question(given)
  if ('status' in question) {
    tell(question)
    return () => undefined
  }
  const { advice, leave } = advise(shared, question)
  shared.metrics.advised(adapter.name, advice.action)
  const answer = (): void => {
    leave()
    tell(adapter.answer(advice, given))
  }
  if (!adapter.holds || advice.delay_ms === undefined) {
    answer()
    return () => undefined
  }
  // A request that is to wait waits here; whoever leaves gives its place back at once.
  const timer = setTimeout(answer, advice.delay_ms)
  return () => {
    clearTimeout(timer)
    leave()
  }
}

/** Whether anything may be decided now. */
export function mayDecide({ snapshot, queue, detects }: Shared): boolean {
  if (snapshot().config.on_engine_loss === 'allow') return true
  return queue?.state().healthy === true && detects()
}
