import type { Answer } from './answer.ts'
import { charsPerToken, type Peek } from './peek.ts'

/** An event of a stream takes 200 to 350 bytes and brings a token or more, also where the text is hidden. */
const bytesPerTokenMax = 400

/** The tokens that an exchange came to: as the answer tells, and where it does not, roughly. */
export function usedTokens(
  expected: Peek['tokens'],
  answer: Answer,
  heard: { readonly status: number; readonly bytes: number; readonly clientLeft: boolean },
): number {
  // Who leaves before the answer has still had the prompt read.
  if (heard.status === 0) return heard.clientLeft ? expected.prompt : 0
  if (heard.status >= 400) return 0
  const output = Math.max(
    Math.ceil(answer.output.length / charsPerToken),
    Math.ceil(heard.bytes / bytesPerTokenMax),
  )
  return (answer.promptTokens ?? expected.prompt) + (answer.completionTokens ?? output)
}
