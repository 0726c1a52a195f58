import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Exchange, Message } from '../../record/index.ts'

/** An API with a model behind it that knows the answers of one simulated world, and no others. */
export type Model = { readonly url: string; readonly close: () => void }

type Said = Pick<Exchange, 'output' | 'usage' | 'finish_reason'>

type Body = {
  readonly model?: string
  readonly messages?: readonly Message[]
  readonly max_tokens?: number
}

const unknown: Said = { output: 'I do not know.', finish_reason: 'stop' }
/** Of English, roughly. */
const charactersPerToken = 4

/** Serves OpenAI's chat completions on a free port of the loopback address. */
export async function startModel(log: readonly Exchange[]): Promise<Model> {
  const answers = new Map<string, Said>(log.map((each) => [questionOf(each.request), each]))
  const server: Server = createServer((request, response) => {
    answer(answers, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(
  answers: ReadonlyMap<string, Said>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Body
  const {
    output = '',
    usage = {},
    finish_reason = 'stop',
  } = answers.get(questionOf(body)) ?? unknown
  const content = output.slice(0, (body.max_tokens ?? Infinity) * charactersPerToken)
  const said = Buffer.from(
    JSON.stringify({
      object: 'chat.completion',
      model: body.model,
      choices: [{ index: 0, finish_reason, message: { role: 'assistant', content } }],
      usage,
    }),
  )
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': said.length })
  response.end(said)
}

/** How deep in a conversation a question stands, and how it ends: enough to tell those of a world apart. */
function questionOf({ messages = [] }: Body): string {
  return `${messages.length} ${JSON.stringify(messages.at(-1)?.content ?? '')}`
}
