import type { Random } from '../../core/random.ts'
import { lognormal } from '../clock.ts'
import { wrapped, wrapper } from '../grammar/elicit.ts'
import { exercise } from '../grammar/exercises.ts'
import { cooked, recipe } from '../grammar/recipes.ts'
import type { Aim, Recipe } from '../grammar/recipes.ts'
import { prose, request } from '../grammar/writer.ts'
import type { Writer } from '../grammar/writer.ts'
import { longReply } from '../talk.ts'
import type { Settings } from '../talk.ts'
import type { Answer } from '../source.ts'
import { anyModel } from '../world.ts'

// Asking for more than an answer, as honest people do it. Campaigns that copy them ask in these words.

/** What libraries, manuals and answers in forums have people set. */
export function anySettings(random: Random): Settings {
  const model = anyModel(random)
  const kind = random.next()
  if (kind < 0.22) return { model }
  if (kind < 0.4) return { model, stream: true }
  const most = random.pick([256, 500, 512, 800, 1000, 1024, 2000, 2048, 4000, 4096, 8192, 16_384])
  const temperature = random.pick([0, 0, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.7, 0.8, 0.9, 1, 1, 1.2])
  if (kind < 0.6) return { model, temperature, max_tokens: most }
  if (kind < 0.7) return { model, temperature, max_tokens: most, stream: true }
  if (kind < 0.78) return { model, max_tokens: most }
  if (kind < 0.84) return { model, temperature, top_p: random.integer(5, 20) / 20 }
  if (kind < 0.88) return { model, temperature, n: random.integer(2, 8), max_tokens: most }
  if (kind < 0.91) return { model, temperature: 0, seed: random.integer(1, 9999) }
  if (kind < 0.94)
    return { model, logprobs: true, top_logprobs: random.integer(1, 20), max_tokens: most }
  if (kind < 0.97) return { model, temperature, response_format: { type: 'json_object' } }
  return { model, temperature, stop: random.pick([['###'], ['\n\n'], ['END'], ['Q:']]) }
}

/** Most ask for steps, some for length, a few for marks. */
export function anyAim(random: Random): Aim {
  const kind = random.next()
  return kind < 0.55 ? 'reasoning' : kind < 0.85 ? 'answer' : 'grading'
}

/** A recipe somebody keeps, and how it is put about a question. */
export type Favourite = {
  readonly aim: Aim
  readonly about: (person: Writer, body: string) => string
}

/** One of a person's own recipes, or, now and then, one from the lists that go round. */
export function favourite(person: Writer, aim: Aim, lists = 0.3): Favourite {
  const { random } = person.voice
  const found: Recipe | null = random.chance(lists) ? wrapper(random, aim, person.language) : null
  if (found) return { aim, about: (_, body) => wrapped(found, body) }
  const own = recipe(random, aim, person.language)
  return { aim, about: (writing, body) => cooked(writing, own, body) }
}

/** A question for a recipe: an exercise, a matter of one's own, or two answers to be marked. */
export function bodyFor(person: Writer, aim: Aim): string {
  const { random } = person.voice
  const asked = random.chance(0.55) ? exercise(random, person.language) : request(person)
  return aim === 'grading' ? twoAnswers(person, asked) : asked
}

/** A question with two answers from anywhere, laid out as this person does. */
export function twoAnswers({ tongue, voice }: Writer, question: string): string {
  const { random } = voice
  const marks = random.pick([
    ['A', 'B'],
    ['1', '2'],
    ['Reply A', 'Reply B'],
    ['A)', 'B)'],
    ['#1', '#2'],
    ['I', 'II'],
  ])
  const answers = marks.map((mark) => `${mark}: ${prose(tongue, voice, tongue.space ? 60 : 25)}`)
  return `${question}\n\n${answers.join('\n\n')}`
}

/** What a recipe gets: long as a rule, and of every length. */
export function fullAnswer(random: Random, { tongue, voice }: Writer, aim: Aim): Answer {
  const mean = aim === 'grading' ? 260 : aim === 'answer' ? 1050 : 850
  return longReply(random, tongue, voice.topics, Math.min(6_000, lognormal(random, mean, 0.55)))
}
