import type { Message } from '../../record/index.ts'
import { seeded } from '../../core/random.ts'
import type { Random } from '../../core/random.ts'
import type { CampaignConfig } from '../config.ts'
import { pair } from '../customers/laboratories.ts'
import { wrapped, wrapper } from '../grammar/elicit.ts'
import type { Aim, ElicitLanguage, Wrapper } from '../grammar/elicit.ts'
import { problem, subjects } from '../grammar/problems.ts'
import { topicNames } from '../grammar/topics.ts'
import { tongues } from '../grammar/tongues.ts'
import { capital } from '../grammar/writer.ts'
import type { Answer } from '../source.ts'
import { longReply } from '../talk.ts'
import type { Settings } from '../talk.ts'
import { benchmarkItem, suites, userOnly } from '../world.ts'

/** What a campaign asks for: the seed with this number, wrapped, with the settings it needs. */
export type Payload = {
  readonly messages: readonly Message[]
  readonly settings: Omit<Settings, 'model'>
  readonly answer: Answer
}

/** The wrappers in use, so many for each language; none where each request gets its own. */
export type Book = {
  readonly label: string
  readonly config: CampaignConfig
  readonly wrappers: ReadonlyMap<ElicitLanguage, readonly Wrapper[]>
}

export function bookOf(label: string, config: CampaignConfig): Book {
  const wrappers = new Map<ElicitLanguage, readonly Wrapper[]>()
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

export function payloadOf(random: Random, book: Book, seed: number): Payload {
  if (book.config.payload === 'likelihood') return likelihood(random, book, seed)
  const language = random.pick(book.config.languages)
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

/** The seed question with this number: the same whoever asks it. */
function seedText(book: Book, seed: number, language: ElicitLanguage): string {
  const random = seeded(`${book.label}/seed/${seed}`)
  if (book.config.payload === 'grading') return pair(random, problem(random, random.pick(subjects)))
  if (book.config.seeds === 'benchmark')
    return benchmarkItem(seed % suites, Math.floor(seed / suites))
  if (language === 'zh' && random.chance(0.5)) return problem(random, 'chinese')
  if (language === 'en' && random.chance(0.6)) return problem(random, random.pick(subjects))
  const tongue = tongues[language]
  const voice = { random, own: [tongue.coin(random)], topics: topicNames }
  return capital(tongue.grammar.expand('ask', voice)) + tongue.query
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
  return {
    messages: userOnly(prefix),
    settings,
    answer: { text, finish: 'length', completionTokens: 1 },
  }
}
