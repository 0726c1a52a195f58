import type { Thread } from './source.ts'

type Dated = { readonly at: number }
type Open<T> = { readonly stream: Iterator<T>; head: T; readonly order: number }

/**
 * Merges threads into time order. `threads` must come in order of `start`; one is opened when its
 * start is reached and dropped when it ends, so only those under way take memory.
 */
export function* merge<T extends Dated>(threads: Iterable<Thread<T>>): Generator<T> {
  const waiting = threads[Symbol.iterator]()
  const heap: Open<T>[] = []
  let next = waiting.next()
  let order = 0
  for (;;) {
    const top = heap[0]
    if (!next.done && (!top || next.value.start <= top.head.at)) {
      const stream = next.value.open()
      const first = stream.next()
      if (!first.done) push(heap, { stream, head: first.value, order: order++ })
      next = waiting.next()
      continue
    }
    if (!top) return
    yield top.head
    advance(heap, top)
  }
}

function advance<T extends Dated>(heap: Open<T>[], top: Open<T>): void {
  const step = top.stream.next()
  if (step.done) {
    const last = heap.pop()
    if (!last || heap.length === 0) return
    heap[0] = last
  } else top.head = step.value
  sink(heap)
}

function push<T extends Dated>(heap: Open<T>[], added: Open<T>): void {
  let at = heap.length
  heap.push(added)
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up]
    if (!parent || !before(added, parent)) break
    heap[at] = parent
    at = up
  }
  heap[at] = added
}

function sink<T extends Dated>(heap: Open<T>[]): void {
  const moved = heap[0]
  if (!moved) return
  let at = 0
  for (;;) {
    let down = 2 * at + 1
    let child = heap[down]
    const other = heap[down + 1]
    if (child && other && before(other, child)) {
      child = other
      down++
    }
    if (!child || !before(child, moved)) break
    heap[at] = child
    at = down
  }
  heap[at] = moved
}

// Equal times keep the order of opening, so that a seed gives one order and not the heap's.
function before<T extends Dated>(one: Open<T>, other: Open<T>): boolean {
  return one.head.at < other.head.at || (one.head.at === other.head.at && one.order < other.order)
}
