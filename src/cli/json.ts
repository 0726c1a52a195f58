/** A record as JSON with one line for each field, and for each entry of a list: greppable, diffable. */
export function* jsonLines(record: object): Generator<string> {
  let before = '{\n'
  for (const [name, value] of Object.entries(record)) {
    yield `${before}${JSON.stringify(name)}: `
    if (Array.isArray(value) && value.length > 0) yield* list(value)
    else yield JSON.stringify(value)
    before = ',\n'
  }
  yield '\n}\n'
}

function* list(entries: readonly unknown[]): Generator<string> {
  let before = '[\n'
  for (const entry of entries) {
    yield before + JSON.stringify(entry)
    before = ',\n'
  }
  yield '\n]'
}
