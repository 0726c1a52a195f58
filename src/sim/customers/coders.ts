import type { Message } from '../../record/index.ts'
import type { Random } from '../../core/random.ts'
import { habit, lognormal, sessions } from '../clock.ts'
import { personClients } from '../clients.ts'
import type { Clients } from '../clients.ts'
import { code as accountCode } from '../accounts.ts'
import { agents } from '../grammar/agents.ts'
import type { Agent } from '../grammar/agents.ts'
import { code, source } from '../grammar/code.ts'
import { zipf } from '../grammar/expand.ts'
import { anyCountry } from '../places.ts'
import { tokens, turnsOf } from '../talk.ts'
import type { Settings } from '../talk.ts'
import { customer, each, inTurn } from '../world.ts'
import type { Builder } from '../world.ts'
import type { Account, Answer, Draft } from '../source.ts'

/** Strangers who run one of a few open-source coding agents on their own repositories. */
export const coder: Builder = (world, range) =>
  each(range, (at) =>
    customer(world, `coder/${at}`, { cls: 'coder' }, (random, account, span) => {
      const place = anyCountry(random)
      const agent = zipf(agents, random)
      const clients = personClients(random, place, agent.userAgent)
      const settings = { model: random.chance(0.6) ? 'heron-2-pro' : 'heron-2' }
      const perDay = lognormal(random, 2.2 * world.config.activity, 0.9)
      const bytes = world.config.agentRequestBytes
      const repository = bytes > 0 ? source(random, Math.min(400_000, 4 * bytes)) : ''
      const job = { account, clients, agent, settings, repository, bytes }
      return inTurn(sessions(random, habit(random, perDay, place.zone, 0.6), span), (start) =>
        loop(random, start, job),
      )
    }),
  )

export type Job = {
  readonly account: Account
  readonly clients: Clients
  readonly agent: Agent
  readonly settings: Omit<Settings, 'tools'>
  /** Text that tool results are cut from where requests must be large. */
  readonly repository: string
  readonly bytes: number
  readonly task?: string
}

/** One task: the agent asks, calls tools, reads their results, and asks again with all of it. */
export function* loop(random: Random, start: number, job: Job): Generator<Draft> {
  const { agent } = job
  const messages: Message[] = [
    { role: 'system', content: agent.system },
    { role: 'user', content: job.task ?? code(random, 'task') },
  ]
  let room = job.bytes - 2_000
  let at = start
  for (let left = turnsOf(random, 2.8, 5); left > 0; left--) {
    if (room > 0) room -= fill(random, messages, job, room)
    const answer = step(random, left === 1)
    const request = { ...job.settings, messages: [...messages], tools: agent.tools }
    yield { at, account: job.account, client: job.clients(at), request, answer }
    act(random, messages, agent, answer)
    at += random.integer(2_500, 45_000)
  }
}

function step(random: Random, last: boolean): Answer {
  const said = last ? `${code(random, 'step')} ${code(random, 'step')}` : code(random, 'step')
  return {
    text: said,
    finish: last ? 'stop' : 'tool_calls',
    completionTokens: tokens(said) + random.integer(20, 400),
  }
}

function act(random: Random, messages: Message[], agent: Agent, answer: Answer): void {
  const id = `call-${accountCode(random, 8)}`
  const path = code(random, 'path')
  const call = {
    id,
    type: 'function',
    function: { name: random.pick(agent.toolNames), arguments: `{"path":"${path}"}` },
  }
  messages.push({ role: 'assistant', content: answer.text, tool_calls: [call] })
  const result = random.chance(0.4)
    ? code(random, 'failure')
    : source(random, random.integer(40, 150))
  messages.push({ role: 'tool', tool_call_id: id, content: result })
}

/** Puts a large file into the conversation, as an agent that opened one has; gives its size. */
function fill(random: Random, messages: Message[], job: Job, room: number): number {
  const size = Math.min(Math.floor(room * (0.5 + 0.5 * random.next())), job.repository.length)
  const from = random.integer(0, job.repository.length - size)
  const id = `call-${accountCode(random, 8)}`
  const call = { id, type: 'function', function: { name: job.agent.toolNames[0], arguments: '{}' } }
  messages.push({ role: 'assistant', content: null, tool_calls: [call] })
  messages.push({
    role: 'tool',
    tool_call_id: id,
    content: job.repository.slice(from, from + size),
  })
  return size
}
