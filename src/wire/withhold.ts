import { type Change, type Edited, editObject } from './members.ts'
import type { RouteKind } from './route.ts'

/** How much an answer may still be worth to who copies the model. */
export type WithholdLimits = {
  readonly output_tokens_max: number
  /** Which of the two names of the limit a chat gets that has neither: servers know one, the other or both. */
  readonly chat_limit_field: 'max_completion_tokens' | 'max_tokens'
}

/**
 * Takes out of a request what makes its answer worth more for copying the model than for using it: likelihoods, biases,
 * further choices and shown reasoning; and caps its length, also where the request says nothing of it. What was changed is
 * named; null where the body is not one JSON object, and an upstream might read what is not understood here.
 * Servers exist that match names in any case (those written in Go), so names count in any case.
 */
export function withhold(kind: RouteKind, text: string, limits: WithholdLimits): Edited | null {
  const cap = limits.output_tokens_max
  switch (kind) {
    case 'chat': {
      const caps = ['max_completion_tokens', 'max_tokens', 'n_predict']
      const rules = { ...sampling, ...capped([...caps, 'min_tokens'], cap), ...shownReasoning }
      return edit(text, rules, caps, { [limits.chat_limit_field]: cap })
    }
    case 'completion': {
      const caps = ['max_tokens', 'n_predict']
      // Where it says nothing, the API's own default is 16 (OpenAI, reference of completions).
      const unsaid = { max_tokens: Math.min(cap, 16) }
      return edit(text, { ...sampling, ...capped([...caps, 'min_tokens'], cap) }, caps, unsaid)
    }
    case 'response': {
      const caps = ['max_output_tokens']
      const rules = { ...sampling, ...responses, ...capped(caps, cap) }
      return edit(text, rules, caps, { max_output_tokens: cap })
    }
    case 'message': {
      const caps = ['max_tokens']
      // Its budget must be below `max_tokens`, so a cap alone would make the request invalid.
      return edit(text, { ...capped(caps, cap), thinking: dropped }, caps, { max_tokens: cap })
    }
    case 'embedding':
    case 'count':
    case 'models':
    case 'other':
      return { text, changed: [] }
  }
}

type Rules = Readonly<Record<string, (value: unknown, source: string) => Change>>

function edit(
  text: string,
  rules: Rules,
  caps: readonly string[],
  unsaid: Readonly<Record<string, number>>,
): Edited | null {
  const changed = new Set<string>()
  const done = editObject(
    text,
    (name, source) => {
      const known = folded(name)
      const rule = Object.hasOwn(rules, known) ? rules[known] : undefined
      const change = rule?.(JSON.parse(source), source) ?? 'keep'
      if (change !== 'keep') changed.add(known)
      return change
    },
    (kept) => {
      if ([...kept].some((name) => caps.includes(folded(name)))) return {}
      for (const name of Object.keys(unsaid)) changed.add(name)
      return Object.fromEntries(Object.entries(unsaid).map(([name, n]) => [name, String(n)]))
    },
  )
  return done === null ? null : { text: done.text, changed: [...changed].sort() }
}

/**
 * A name as a lenient server may read it: from UTF-8, which a body read as latin1 still is, and in any case. Both
 * ways, for the long s is an s only in capitals (`encoding/json` of Go folds it too).
 */
function folded(name: string): string {
  const plain = name.replace(/[\u0080-\u00ff]+/g, (run) =>
    Buffer.from(run, 'latin1').toString('utf8'),
  )
  return plain.toUpperCase().toLowerCase()
}

const dropped = (value: unknown): Change => (value === null ? 'keep' : 'drop')
/** `false` asks for none. */
const unlessFalse = (value: unknown): Change => (value === false ? 'keep' : dropped(value))

/** What answers to questions need none of: OpenAI's names, and those of vLLM and llama.cpp. */
const sampling: Rules = {
  logprobs: unlessFalse,
  top_logprobs: dropped,
  prompt_logprobs: dropped,
  n_probs: dropped,
  logit_bias: dropped,
  best_of: (value) => (value === 1 ? 'keep' : dropped(value)),
  n: (value) => (value === 1 || value === null ? 'keep' : { put: '1' }),
}

/** Reasoning that some servers of chat completions add to an answer when asked. */
const shownReasoning: Rules = {
  thinking: dropped,
  include_reasoning: (value) => (value === false ? 'keep' : { put: 'false' }),
  reasoning: (value, source) => {
    if ((value as { exclude?: unknown } | null)?.exclude === true) return 'keep'
    const done = editObject(
      source,
      (name) => (folded(name) === 'exclude' ? 'drop' : 'keep'),
      () => ({ exclude: 'true' }),
    )
    return done === null ? 'keep' : { put: done.text }
  },
}

const summaries = new Set(['summary', 'generate_summary'])
const likelihoods = 'message.output_text.logprobs'

const responses: Rules = {
  reasoning: (_, source) => {
    const done = editObject(source, (name, summary) =>
      summaries.has(folded(name)) ? dropped(JSON.parse(summary)) : 'keep',
    )
    return done === null || done.changed.length === 0 ? 'keep' : { put: done.text }
  },
  include: (value) => {
    if (!Array.isArray(value) || !value.includes(likelihoods)) return 'keep'
    const rest = value.filter((each) => each !== likelihoods && isPlain(each))
    return { put: JSON.stringify(rest) }
  },
}

/** What can be written again in a body that was read byte for byte. */
function isPlain(value: unknown): boolean {
  return typeof value === 'string' && /^[ -~]*$/.test(value)
}

/** A limit that says no number, or none that limits, is put in order as one that says too much. */
function capped(names: readonly string[], cap: number): Rules {
  const change = (value: unknown): Change =>
    typeof value === 'number' && value >= 0 && value <= cap ? 'keep' : { put: String(cap) }
  return Object.fromEntries(names.map((name) => [name, change]))
}
