import type { Random } from '../../core/random.ts'
import type { Message } from '../../record/index.ts'
import { openAccount } from '../accounts.ts'
import { day, habit, lognormal, sessions, ticks } from '../clock.ts'
import { personClients, userAgent } from '../clients.ts'
import type { HeldBackCampaign, HeldBackStyle } from '../config.ts'
import { bodyFor, favourite, fullAnswer } from '../customers/asking.ts'
import { code } from '../grammar/code.ts'
import { exercise } from '../grammar/exercises.ts'
import { followUp, prose, request, writer } from '../grammar/writer.ts'
import type { Writer } from '../grammar/writer.ts'
import { anyCountry } from '../places.ts'
import type { Account, Answer, Draft, Source } from '../source.ts'
import { longReply, reply } from '../talk.ts'
import { inTurn, single, userOnly } from '../world.ts'
import type { World } from '../world.ts'

// Held back: never to be looked at, run or measured while a detector is written or tuned. Each takes
// from the model in a way that no style of campaigns/styles.ts does.

type Member = {
  readonly account: Account
  readonly random: Random
  readonly person: Writer
  readonly clients: ReturnType<typeof personClients>
  readonly number: number
  readonly zone: number
}
type Act = (member: Member, start: number) => Iterable<Draft>

const acts: Readonly<Record<HeldBackStyle, Act>> = { dialogue, chain, translator }

export function heldBackSources(world: World, campaign: HeldBackCampaign): readonly Source[] {
  const start = world.span.start + campaign.startDay * day
  const span = { start, end: Math.min(world.span.start + campaign.endDay * day, world.span.end) }
  return Array.from({ length: campaign.accounts }, (_, number) => {
    const random = world.random.fork(`held-back/${campaign.name}/${number}`)
    const place = anyCountry(random)
    const created = span.start - Math.floor(random.next() ** 1.4 * 900) * day
    const mark = { cls: campaign.style, label: 'attack', campaign: campaign.name } as const
    const account = openAccount(random, { ...mark, created })
    const agent = userAgent(random, random.chance(0.4) ? 'browser' : 'script')
    const clients = personClients(random, place, agent)
    const person = writer(random, place.language)
    const member = { account, random, person, clients, number, zone: place.zone }
    return {
      accounts: [account],
      start: span.start,
      open: () => life(campaign, member, span)[Symbol.iterator](),
    }
  })
}

/** Requests that one start leads to, about. */
const requestsEach: Readonly<Record<HeldBackStyle, number>> = {
  dialogue: 9,
  chain: 1,
  translator: 1,
}

function life(campaign: HeldBackCampaign, member: Member, span: World['span']): Iterable<Draft> {
  const { random, zone } = member
  const perDay = lognormal(random, campaign.perAccountPerDay / requestsEach[campaign.style], 0.5)
  const starts =
    campaign.style === 'chain'
      ? ticks(random, perDay, span, { opens: random.integer(0, 12), hours: 11 })
      : sessions(random, habit(random, perDay, zone, 0.9), span)
  return inTurn(starts, (start) =>
    random.chance(campaign.dilution)
      ? innocent(member, start)
      : acts[campaign.style](member, start),
  )
}

function innocent({ account, clients, random, person }: Member, start: number): Iterable<Draft> {
  const answer = longReply(random, person.tongue, person.voice.topics, 160)
  const messages = userOnly(request(person))
  return single(random, start, {
    account,
    clients,
    settings: { model: 'heron-2' },
    messages,
    answer,
  })
}

/**
 * A student model talks with the teacher: every user turn was written by the student, which asks for
 * nothing unusual and goes on for long, because the whole exchange is what it learns from.
 */
function* dialogue(member: Member, start: number): Generator<Draft> {
  const { account, clients, random, person } = member
  const messages: Message[] = []
  let at = start
  let said = request(person)
  for (let left = random.integer(4, 14); left > 0; left--) {
    messages.push({ role: 'user', content: said })
    const answer = reply(random, person.tongue, person.voice.topics, 200 + 500 * random.next())
    const asked = { model: 'heron-2-pro', temperature: 1, messages: [...messages] }
    yield { at, account, client: clients(at), request: asked, answer }
    messages.push({ role: 'assistant', content: answer.text })
    // A model answers at its own length and pace, and now and then at once.
    said = random.chance(0.5) ? followUp(person, answer.text) : studentTurn(person, answer)
    at += random.integer(1_500, 40_000)
  }
}

function studentTurn(person: Writer, answer: Answer): string {
  const { tongue, voice } = person
  const echo = answer.text.slice(0, voice.random.integer(20, 70))
  return `${prose(tongue, voice, 50, 'tell')} ${echo} ${request(person)}`
}

/**
 * A question is cut into parts for several accounts: one asks for a plan, one for a step, one for the
 * check, so that nobody asks for a whole solution. The parts are put together elsewhere.
 */
function* chain(member: Member, start: number): Generator<Draft> {
  const { account, clients, random, person, number } = member
  const question = exercise(random, person.language)
  const part = number % 3
  const between = prose(person.tongue, person.voice, 80)
  const content = [
    `${question}\n\n${favourite(person, 'answer', 0).about(person, '')}`,
    `${between}\n${question.slice(0, Math.ceil(question.length * 0.6))}`,
    favourite(person, 'grading', 0).about(person, `${question}\n${between}`),
  ][part]
  const answer = longReply(random, person.tongue, person.voice.topics, [120, 260, 180][part] ?? 200)
  const settings = { model: 'heron-2', max_tokens: [300, 600, 400][part] ?? 400 }
  const messages = userOnly(content ?? question)
  yield* single(random, start, { account, clients, settings, messages, answer })
}

/**
 * Poses as a translator and reviser of the customer's own texts, which are the answers of another
 * model: what is wanted is how this one betters them.
 */
function* translator(member: Member, start: number): Generator<Draft> {
  const { account, clients, random, person } = member
  const other = writer(random, random.chance(0.5) ? person.language : 'en')
  const draft = random.chance(0.3)
    ? `${code(random, 'task')}\n${code(random, 'step')} ${code(random, 'step')}`
    : `${bodyFor(other, 'answer')}\n\n${prose(other.tongue, other.voice, 220)}`
  const content = favourite(person, 'answer', 0).about(person, draft)
  const answer = fullAnswer(random, person, 'answer')
  const settings = { model: 'heron-2-pro', temperature: 0.3 }
  yield* single(random, start, { account, clients, settings, messages: userOnly(content), answer })
}
