import type { Message } from '../../record/index.ts'
import { never } from '../../core/error.ts'
import { seeded } from '../../core/random.ts'
import type { Random } from '../../core/random.ts'
import type { CampaignConfig } from '../config.ts'
import { bodyFor, favourite, fullAnswer, twoAnswers } from '../customers/asking.ts'
import type { Favourite } from '../customers/asking.ts'
import { pair } from '../customers/laboratories.ts'
import { code } from '../grammar/code.ts'
import { wrapped, wrapper } from '../grammar/elicit.ts'
import { exercise } from '../grammar/exercises.ts'
import { problem, subjects } from '../grammar/problems.ts'
import type { Aim, Recipe } from '../grammar/recipes.ts'
import { topicNames } from '../grammar/topics.ts'
import { tongues } from '../grammar/tongues.ts'
import type { Language } from '../grammar/tongues.ts'
import { capital, prose, request, writer } from '../grammar/writer.ts'
import type { Writer } from '../grammar/writer.ts'
import type { Answer } from '../source.ts'
import { longReply, reply, tokens } from '../talk.ts'
import type { Settings } from '../talk.ts'
import { benchmarkItem, suites, userOnly } from '../world.ts'
import { instructionsQuestion, membershipQuestion } from './precision.ts'

/** What a campaign asks for: the seed with this number, wrapped, with the settings it needs. */
export type Payload = {
  readonly messages: readonly Message[]
  readonly settings: Partial<Settings>
  readonly answer: Answer
}

/** The wrappers in use, so many for each language; none where each request gets its own. */
export type Book = {
  readonly label: string
  readonly config: CampaignConfig
  readonly wrappers: ReadonlyMap<Language, readonly Recipe[]>
}

export function bookOf(label: string, config: CampaignConfig): Book {
  const wrappers = new Map<Language, readonly Recipe[]>()
  for (const language of new Set(config.languages)) {
    const random = seeded(`${label}/wrappers/${language}`)
    wrappers.set(
      language,
      Array.from({ length: config.variants }, () => wrapper(random, aimOf(config), language)),
    )
  }
  return { label, config, wrappers }
}

function aimOf({ payload }: CampaignConfig): Aim {
  return payload === 'answer' || payload === 'grading' ? payload : 'reasoning'
}

/** Who wants steps also wants lengths; marks are a matter of their own. */
function aimIn(random: Random, config: CampaignConfig): Aim {
  const aim = aimOf(config)
  return aim === 'reasoning' && random.chance(0.3) ? 'answer' : aim
}

/** The seed in one of the campaign's own wrappers, with the campaign's own settings. */
export function payloadOf(random: Random, book: Book, seed: number, own?: Language): Payload {
  const special = specialOf(random, book, seed)
  if (special) return special
  const language = own ?? random.pick(book.config.languages)
  const known = book.wrappers.get(language) ?? []
  const chosen =
    known.length > 0 ? random.pick(known) : wrapper(random, aimOf(book.config), language)
  const settings = { temperature: random.pick([0.6, 0.7, 1]), max_tokens: 4096 }
  const body = seedText(book, seed, language)
  const tongue = tongues[language]
  const answer = longReply(
    random,
    tongue,
    ['science', 'data'],
    book.config.payload === 'grading' ? 260 : 850,
  )
  return { messages: userOnly(wrapped(chosen, body)), settings, answer }
}

/** How a member words what it asks for: recipes of its own, few or a new one each time. */
export type Pen = {
  readonly person: Writer
  readonly kept: readonly Favourite[]
  /** Popular texts of honest customers that it borrows. */
  readonly borrowed: readonly string[]
}

export function penOf(
  random: Random,
  config: CampaignConfig,
  language: Language,
  borrowed: readonly string[],
): Pen {
  const person = writer(random, language)
  // A paraphraser hands each account a stock of its own; nobody else has it.
  const some = config.variants === 0 ? random.integer(8, 24) : random.pick([1, 1, 2, 3, 5])
  const kept = Array.from({ length: some }, () => favourite(person, aimIn(random, config), 0.15))
  return { person, kept, borrowed }
}

/** The seed as an honest customer with a liking for recipes would have asked it. */
export function craftedOf(book: Book, seed: number, pen: Pen, whole: boolean): Payload {
  const { config } = book
  const { person, kept, borrowed } = pen
  const { random } = person.voice
  const special = specialOf(random, book, seed)
  if (special) return special
  const aim = aimOf(config)
  const body = ownSeed(book, seed, person)
  const chosen = random.pick(kept)
  // People whose questions are like everybody's do not ask for steps each time.
  const bare = config.seeds === 'matched' && random.chance(0.5)
  const asked = bare ? body : chosen.about(person, body)
  const lead = borrowed.length > 0 && random.chance(0.5) ? `${random.pick(borrowed)} ` : ''
  const answer = whole ? wholeAnswer(random, person, aim) : fullAnswer(random, person, aim)
  return { messages: userOnly(lead + asked), settings: {}, answer }
}

/** An answer that a later turn can present word for word. */
function wholeAnswer(random: Random, { tongue, voice }: Writer, aim: Aim): Answer {
  const usual = aim === 'grading' ? 600 : 1300
  return reply(random, tongue, voice.topics, usual * (0.4 + 1.2 * random.next()))
}

/** The question behind seed `seed`, in a person's language: the same matter whoever of it asks. */
function ownSeed(book: Book, seed: number, person: Writer): string {
  const random = seeded(`${book.label}/seed/${seed}`)
  const { payload, seeds } = book.config
  if (seeds === 'benchmark') return benchmarkItem(seed % suites, Math.floor(seed / suites))
  const asker = { ...writer(random, person.language), tidy: person.tidy, slips: person.slips }
  if (payload === 'grading') return twoAnswers(asker, exercise(random, person.language))
  if (seeds === 'matched') return request(asker)
  return bodyFor(asker, 'reasoning')
}

/** The seed question with this number: the same whoever asks it. */
function seedText(book: Book, seed: number, language: Language): string {
  const random = seeded(`${book.label}/seed/${seed}`)
  if (book.config.payload === 'grading') return pair(random, problem(random, random.pick(subjects)))
  if (book.config.seeds === 'benchmark')
    return benchmarkItem(seed % suites, Math.floor(seed / suites))
  if (language !== 'en' && random.chance(0.5)) return exercise(random, language)
  if (language === 'en' && random.chance(0.6)) return problem(random, random.pick(subjects))
  const tongue = tongues[language]
  const voice = { random, own: [tongue.coin(random)], topics: topicNames }
  return capital(tongue.grammar.expand('ask', voice)) + tongue.query
}

/** Payloads that are no question in a wrapper; null for those that are. */
function specialOf(random: Random, book: Book, seed: number): Payload | null {
  switch (book.config.payload) {
    case 'likelihood':
      return likelihood(random, book, seed)
    case 'embedding':
      return embedding(random, seed)
    case 'precision':
      return precision(random, book, seed)
    case 'membership':
      return membership(random, book, seed)
    case 'instructions':
      return instructions(random, book)
    case 'trajectory':
      return task(random, book, seed)
    case 'reasoning':
    case 'answer':
    case 'grading':
    case 'organic':
      return null
    default:
      return never(book.config.payload)
  }
}

/** A task for an agent, on one of the campaign's invented repositories. */
function task(random: Random, book: Book, seed: number): Payload {
  const asked = code(seeded(`${book.label}/task/${seed}`), 'task')
  const answer = longReply(random, tongues.en, ['data'], 300)
  return { messages: userOnly(asked), settings: {}, answer }
}

/** One token and the twenty likeliest in its place, with biases that push the top ones down. */
function likelihood(random: Random, book: Book, seed: number): Payload {
  const known = seeded(`${book.label}/prefix/${Math.floor(seed / 8)}`)
  const voice = { random: known, own: [tongues.en.coin(known)], topics: topicNames }
  const prefix = tongues.en.grammar.expand('tell', voice)
  const bias = Object.fromEntries(
    Array.from({ length: seed % 8 }, () => [String(random.integer(100, 99_999)), -100]),
  )
  const settings = {
    temperature: 0,
    max_tokens: 1,
    logprobs: true,
    top_logprobs: 20,
    ...(seed % 8 > 0 ? { logit_bias: bias } : {}),
  }
  const text = ` ${tongues.en.coin(random).slice(0, random.integer(2, 5)).toLowerCase()}`
  return { messages: userOnly(prefix), settings, answer: oneToken(text) }
}

function oneToken(text: string): Answer {
  return { text, finish: 'length', completionTokens: 1 }
}

/**
 * The last layer, a few columns at a time: few prompts of no meaning, each with a window of the
 * vocabulary pushed up until it shows (Carlini et al., 2024).
 */
function embedding(random: Random, seed: number): Payload {
  const prefix = tongues.en.coin(seeded(`prefix/${seed % 7}`))
  const window = Array.from({ length: 20 }, (_, at) => [String(seed * 20 + at), 100])
  const settings = {
    temperature: 0,
    max_tokens: 1,
    logprobs: true,
    top_logprobs: 20,
    logit_bias: Object.fromEntries(window) as Record<string, number>,
  }
  return { messages: userOnly(prefix), settings, answer: oneToken(` ${tongues.en.coin(random)}`) }
}

/** Some hundred questions chosen with care, each answered several times and then compared. */
function precision(random: Random, book: Book, seed: number): Payload {
  const question = Math.floor(seed / 3)
  const known = seeded(`${book.label}/question/${question}`)
  const language = known.pick(book.config.languages)
  const person = { ...writer(known, language), slips: 0 }
  const asked = request(person)
  const content =
    seed % 3 === 2 ? favourite(person, 'grading').about(person, twoAnswers(person, asked)) : asked
  const settings = seed % 3 === 2 ? { temperature: 0 } : { temperature: 1, n: 4 }
  const answer = longReply(random, person.tongue, person.voice.topics, 400)
  return { messages: userOnly(content), settings, answer }
}

/** Openings of texts, to learn whether the model has read them. */
function membership(random: Random, book: Book, seed: number): Payload {
  const known = seeded(`${book.label}/text/${seed}`)
  const language = known.pick(book.config.languages)
  const { tongue, voice } = writer(known, language)
  const opening = prose(tongue, voice, tongue.space ? 120 : 50, 'tell')
  const most = random.pick([32, 48, 64, 64, 100, 128, 256])
  const settings = { temperature: 0, max_tokens: most, logprobs: true }
  const answer = longReply(random, tongue, voice.topics, most)
  const content = membershipQuestion(random, language, opening)
  return { messages: userOnly(content), settings, answer }
}

/** Attempts to have the model recite what it was told before the conversation. */
function instructions(random: Random, book: Book): Payload {
  const language = random.pick(book.config.languages)
  const content = instructionsQuestion(random, language)
  const tongue = tongues[language]
  const text = prose(tongue, { random, own: [tongue.coin(random)], topics: [] }, 200)
  return {
    messages: userOnly(content),
    settings: {},
    answer: { text, finish: 'stop', completionTokens: tokens(text) },
  }
}
