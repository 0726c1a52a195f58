/** States what must hold; stays on in production, because a broken invariant must not become a verdict. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`broken invariant: ${what}`)
}
