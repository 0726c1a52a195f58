// Turns a log of your own into Stillwatch's native format, one exchange a line, ready to be piped:
//
//   node examples/your-own-log.mjs < gateway.csv | stillwatch audit -
//
// Here: a gateway that writes `time,request,customer,address,model,prompt,answer` separated by tabs.
// docs/formats/exchange.md describes every field; what your log does not have is left out, and the
// report then says what could not be looked at.
import { createInterface } from 'node:readline'

/** @typedef {import('stillwatch/record').Exchange} Exchange */

for await (const line of createInterface({ input: process.stdin })) {
  const fields = line.split('\t')
  if (fields.length === 7) process.stdout.write(`${JSON.stringify(exchangeFrom(fields))}\n`)
}

/**
 * @param {readonly string[]} fields
 * @returns {Exchange}
 */
function exchangeFrom([
  time = '',
  id = '',
  account = '',
  ip = '',
  model = '',
  prompt = '',
  output = '',
]) {
  return {
    id,
    time: new Date(time).toISOString(),
    account,
    ip,
    request: { model, messages: [{ role: 'user', content: prompt }] },
    status: 200,
    output,
  }
}
